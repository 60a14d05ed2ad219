//! Settings as a tree of named values: what layers are laid over one another as, and what tells a value that does not fit.

use super::error::SettingsError;
use super::{LockSettings, Settings};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// A setting's name, part by part: `notifications.days_ahead` has two.
pub(super) type Path = Vec<String>;

/// A name as it is written.
pub(super) fn path(setting: &str) -> Path {
    setting.split('.').map(str::to_owned).collect()
}

/// What the program does by itself.
pub(super) fn defaults() -> Table {
    table(&Settings::default())
}

/// All values, by name.
pub(super) fn flat(settings: &Settings) -> BTreeMap<Path, Value> {
    leaves(&table(settings)).into_iter().collect()
}

/// Every setting there is, those without a default included.
pub(super) fn every_key() -> Vec<Path> {
    let full = Settings {
        server: Some(String::new()),
        certificate: Some(String::new()),
        lock: Some(LockSettings::default()),
        ..Settings::default()
    };
    flat(&full).into_keys().collect()
}

fn table(settings: &Settings) -> Table {
    // Settings are numbers, words and tables of them, which TOML always takes.
    Table::try_from(settings).unwrap_or_default()
}

/// The values of a tree, with their names. An empty table is one too: a heading alone says nothing, unless it is misspelt.
pub(super) fn leaves(table: &Table) -> Vec<(Path, Value)> {
    let mut all = vec![];
    for (name, value) in table {
        match value {
            Value::Table(inner) if !inner.is_empty() => {
                for (mut path, value) in leaves(inner) {
                    path.insert(0, name.clone());
                    all.push((path, value));
                }
            }
            value => all.push((vec![name.clone()], value.clone())),
        }
    }
    all
}

/// The value of this name, which may be a table.
pub(super) fn get<'a>(table: &'a Table, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let value = table.get(first)?;
    if rest.is_empty() {
        Some(value)
    } else {
        get(value.as_table()?, rest)
    }
}

/// Sets one value.
pub(super) fn put(table: &mut Table, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let here = table.get_mut(first);
    if rest.is_empty() {
        let nothing_said = value.as_table().is_some_and(Table::is_empty);
        if !(nothing_said && here.is_some_and(|here| here.is_table())) {
            table.insert(first.clone(), value);
        }
        return;
    }
    if let Some(Value::Table(inner)) = here {
        return put(inner, rest, value);
    }
    let mut inner = Table::new();
    put(&mut inner, rest, value);
    table.insert(first.clone(), Value::Table(inner));
}

/// Whether there is such a setting and it takes such a value. Ranges that depend on other values are looked at later.
pub(super) fn fits(path: &Path, value: &Value, file: &std::path::Path) -> Result<(), SettingsError> {
    let Err(error) = alone(path, value.clone()) else {
        return Ok(());
    };
    let (setting, value_text, file) = (path.join("."), value.to_string(), file.to_owned());
    // A number that its type cannot hold is outside its range as well, and the nearest one that fits says which that is.
    let nearest = value
        .as_integer()
        .map(|number| if number < 0 { 0 } else { i64::from(u16::MAX) });
    let near = nearest.and_then(|near| alone(path, Value::Integer(near)).ok());
    match near.map(|settings| settings.check()) {
        Some(Err(SettingsError::OutOfRange { range, .. })) => Err(SettingsError::Refused {
            setting,
            value: value_text,
            range,
            file,
        }),
        _ => Err(SettingsError::NotUnderstood {
            setting,
            value: value_text,
            what: error.message().to_owned(),
            file,
        }),
    }
}

/// The settings with one value of their own and all others as they come.
fn alone(path: &Path, value: Value) -> Result<Settings, toml::de::Error> {
    let mut table = defaults();
    put(&mut table, path, value);
    table.try_into()
}
