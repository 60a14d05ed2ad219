//! Which files settings come from, and how one is laid over another.
//!
//! There are three layers: what the program does by itself, the machine-wide file that an administrator may put in place,
//! and the person's own. A later layer wins value by value, except where the machine-wide file locks a value. A person's
//! file is only ever amended: what they wrote there themselves, comments included, stays.

use super::error::SettingsError;
use super::tree::{self, Path as Key};
use super::{FILE, Settings};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use toml::{Table, Value};
use toml_edit::{DocumentMut, Item, TableLike};

/// In the machine-wide file: the values, or whole tables of them, that a person's file cannot change.
const LOCKED: &str = "locked";
/// What a new file begins with.
const HEADING: &str = "# Deskbell's settings for this person. What is not here is as it comes, or as the file for the
# whole computer has it. Every setting and its range: docs/settings.md.\n\n";

/// The files of one desk's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFiles {
    own: PathBuf,
    /// The own file was named by a person, so its absence is a mistake.
    named: bool,
    machine: Option<PathBuf>,
}

/// The settings that hold, and what may not be changed about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// All values.
    pub settings: Settings,
    /// Values in the person's file that do not hold, because the machine-wide file locks them.
    pub overruled: Vec<String>,
    locked: Vec<Key>,
}

impl InForce {
    /// Whether a setting such as `notifications.days_ahead` is locked for the person.
    pub fn is_locked(&self, setting: &str) -> bool {
        is_locked(&self.locked, &tree::path(setting))
    }
}

impl SettingsFiles {
    /// The person's own file in a desk's folder, and no other.
    pub fn of_folder(folder: &Path) -> Self {
        Self {
            own: folder.join(FILE),
            named: false,
            machine: None,
        }
    }

    /// The person's own file is this one, which must be there.
    #[must_use]
    pub fn named(self, own: PathBuf) -> Self {
        Self {
            own,
            named: true,
            ..self
        }
    }

    /// With a file for the whole computer, which need not be there.
    #[must_use]
    pub fn with_machine(self, machine: PathBuf) -> Self {
        Self {
            machine: Some(machine),
            ..self
        }
    }

    /// Where an administrator puts the file for the whole computer.
    pub fn machine_place() -> PathBuf {
        if cfg!(target_os = "macos") {
            PathBuf::from("/Library/Application Support/Deskbell/deskbell.toml")
        } else if cfg!(windows) {
            let data = std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
            PathBuf::from(data).join("Deskbell").join("deskbell.toml")
        } else {
            PathBuf::from("/etc/deskbell/deskbell.toml")
        }
    }

    /// The person's own file.
    pub fn own(&self) -> &Path {
        &self.own
    }

    /// Changes whenever one of the files does: what to compare before reading them again.
    pub fn stamp(&self) -> Vec<Option<(SystemTime, u64)>> {
        let stamp = |file: &Path| {
            let about = std::fs::metadata(file).ok()?;
            Some((about.modified().ok()?, about.len()))
        };
        let files = self.machine.iter().chain([&self.own]);
        files.map(|file| stamp(file)).collect()
    }

    /// Reads all layers; what none of them says has its default.
    ///
    /// # Errors
    /// When a file cannot be read or understood, or a value is outside its range. The file, the setting and its value are
    /// named, and no file is touched.
    pub fn load(&self) -> Result<InForce, SettingsError> {
        let mut machine = match &self.machine {
            Some(file) => read(file)?.unwrap_or_default(),
            None => Table::new(),
        };
        let locked = match (machine.remove(LOCKED), &self.machine) {
            (Some(list), Some(file)) => locked_settings(&list, file)?,
            _ => vec![],
        };
        let own = match read(&self.own)? {
            None if self.named => return Err(SettingsError::file(&self.own, &ErrorKind::NotFound.into())),
            own => own.unwrap_or_default(),
        };
        let mut merged = tree::defaults();
        let mut said: Vec<(Key, &Path)> = vec![];
        let mut overruled = vec![];
        for (layer, file) in [(&machine, self.machine.as_ref()), (&own, Some(&self.own))] {
            let Some(file) = file else { continue };
            for (key, value) in tree::leaves(layer) {
                tree::fits(&key, &value, file)?;
                if *file == self.own && is_locked(&locked, &key) {
                    overruled.push(key.join("."));
                    continue;
                }
                tree::put(&mut merged, &key, value);
                said.push((key, file));
            }
        }
        let settings: Settings =
            merged
                .clone()
                .try_into()
                .map_err(|error: toml::de::Error| SettingsError::Unreadable {
                    file: self.own.clone(),
                    line: 1,
                    what: error.message().to_owned(),
                })?;
        settings.check().map_err(|error| located(error, &merged, &said))?;
        Ok(InForce {
            settings,
            overruled,
            locked,
        })
    }

    /// Keeps what differs from the settings that hold in the person's own file, whole or not at all.
    ///
    /// # Errors
    /// When a value is outside its range or locked, or the file cannot be read or written.
    pub fn save(&self, wanted: &Settings) -> Result<InForce, SettingsError> {
        wanted.check()?;
        let before = self.load()?;
        let (old, new) = (tree::flat(&before.settings), tree::flat(wanted));
        let changed: Vec<_> = old
            .keys()
            .chain(new.keys().filter(|key| !old.contains_key(*key)))
            .filter(|key| old.get(*key) != new.get(*key))
            .collect();
        if changed.is_empty() {
            return Ok(before);
        }
        if let Some(key) = changed.iter().find(|key| is_locked(&before.locked, key)) {
            return Err(SettingsError::Locked {
                setting: key.join("."),
                file: self.machine.clone().unwrap_or_default(),
            });
        }
        let text = match std::fs::read_to_string(&self.own) {
            Err(error) if error.kind() == ErrorKind::NotFound => HEADING.to_owned(),
            text => text.map_err(|error| SettingsError::file(&self.own, &error))?,
        };
        let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
            SettingsError::unreadable(&self.own, &text, error.span(), error.message())
        })?;
        for key in changed {
            amend(document.as_table_mut(), key, new.get(key));
        }
        write_whole(&self.own, &document.to_string()).map_err(|error| SettingsError::file(&self.own, &error))?;
        self.load()
    }
}

fn read(file: &Path) -> Result<Option<Table>, SettingsError> {
    let text = match std::fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|error| SettingsError::file(file, &error))?,
    };
    let table = toml::from_str(&text);
    table
        .map(Some)
        .map_err(|error| SettingsError::unreadable(file, &text, error.span(), error.message()))
}

fn locked_settings(list: &Value, file: &Path) -> Result<Vec<Key>, SettingsError> {
    let refused = |value: &Value| SettingsError::Refused {
        setting: LOCKED.to_owned(),
        value: value.to_string(),
        range: "a list of settings' names, such as [\"server\", \"sync\"]",
        file: file.to_owned(),
    };
    let names = list.as_array().ok_or_else(|| refused(list))?;
    let known = tree::every_key();
    let locked = names.iter().map(|name| {
        let key = name.as_str().map(tree::path).ok_or_else(|| refused(name))?;
        match known.iter().any(|known| known.starts_with(&key)) {
            true => Ok(key),
            false => Err(refused(name)),
        }
    });
    locked.collect()
}

fn is_locked(locked: &[Key], key: &Key) -> bool {
    locked.iter().any(|locked| key.starts_with(locked))
}

/// The same error, with the value and the file that said it.
fn located(error: SettingsError, merged: &Table, said: &[(Key, &Path)]) -> SettingsError {
    let setting = match &error {
        SettingsError::OutOfRange { setting, .. } => *setting,
        SettingsError::Address(_) => "server",
        SettingsError::Fingerprint(_) => "certificate",
        _ => return error,
    };
    let key = tree::path(setting);
    let last = said.iter().rev().find(|(path, _)| path.starts_with(&key));
    let (Some((_, file)), Some(value)) = (last, tree::get(merged, &key)) else {
        return error;
    };
    let (setting, value, file) = (setting.to_owned(), value.to_string(), file.to_path_buf());
    match error {
        SettingsError::OutOfRange { range, .. } => SettingsError::Refused {
            setting,
            value,
            range,
            file,
        },
        error => SettingsError::NotUnderstood {
            setting,
            value,
            what: error.to_string(),
            file,
        },
    }
}

/// Sets one value in a document, or takes it out, and leaves everything else there as it was written.
fn amend(table: &mut dyn TableLike, key: &[String], value: Option<&Value>) {
    let Some((first, rest)) = key.split_first() else { return };
    if rest.is_empty() {
        let Some(value) = value.and_then(|value| value.to_string().parse::<toml_edit::Value>().ok()) else {
            table.remove(first);
            return;
        };
        match table.get_mut(first).and_then(Item::as_value_mut) {
            Some(old) => {
                let decor = old.decor().clone();
                *old = value;
                *old.decor_mut() = decor;
            }
            None => drop(table.insert(first, Item::Value(value))),
        }
        return;
    }
    if table.get(first).is_none_or(|item| !item.is_table_like()) {
        let mut inner = toml_edit::Table::new();
        // Without values of its own it needs no heading.
        inner.set_implicit(true);
        table.insert(first, Item::Table(inner));
    }
    if let Some(inner) = table.get_mut(first).and_then(Item::as_table_like_mut) {
        amend(inner, rest, value);
    }
}

fn write_whole(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut draft = file.as_os_str().to_owned();
    draft.push(".new");
    let mut written = std::fs::File::create(&draft)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    std::fs::rename(&draft, file)
}

#[cfg(test)]
mod tests;
