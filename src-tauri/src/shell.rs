//! The app itself: which clinic, who is signed in, and the tasks that relay between desk and windows.

mod desktop;
mod people;
mod places;
mod settings;
mod start;

use crate::commands::windows::Attention;
use crate::events::{ChangesSinceView, GoTo, SessionChanged};
use crate::ipc::{Answer, CommandError};
use crate::notifications::Notifications;
use crate::options::Options;
use crate::relay::{Chains, Interest};
use crate::tray::{Look, Tray};
use crate::windows::WindowKind;
use crate::{gate, pump, sample};
use deskbell_core::backend::{Holds, Speaks};
use deskbell_core::desk::{Desk, DeskError, DeskOptions};
use deskbell_core::settings::SettingsFiles;
use deskbell_core::sync::notice::Notice;
use deskbell_core::view::{AccountView, LockView, SessionView};
use deskbell_server::Running;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager, WebviewWindow};
use tauri_specta::Event;
use tokio::sync::{RwLock, watch};
use tokio::task::JoinHandle;

/// The shell's state, shared by all commands.
pub(crate) struct Shell {
    options: Options,
    folder: PathBuf,
    settings: SettingsFiles,
    open: RwLock<Open>,
    /// Whether the start is over. The first windows are made during it, and what they ask waits for its end.
    started: watch::Sender<bool>,
    chains: Mutex<Chains>,
    notifications: Notifications<GoTo, Notice>,
    /// Windows that have painted and listen.
    ready_windows: Mutex<HashSet<String>>,
    awaited: Mutex<places::Awaited>,
    tray: Tray,
    /// What the icon shows.
    look: tokio::sync::Mutex<Option<Look>>,
    /// Whether it goes on behind its icon, the last window having been closed.
    rests: AtomicBool,
    /// How large windows are drawn, in per cent.
    zoom: AtomicU16,
}

/// The clinic that is open.
#[derive(Default)]
struct Open {
    desk: Option<Desk>,
    sample: Option<Running>,
    /// What kept a clinic from opening, as a sentence.
    problem: Option<String>,
    pumps: Vec<JoinHandle<()>>,
}

impl From<DeskError> for CommandError {
    fn from(error: DeskError) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
        }
    }
}

impl Shell {
    /// The shell of one profile, before any clinic is open.
    pub(crate) fn new(options: Options, folder: PathBuf, notifications: Notifications<GoTo, Notice>) -> Self {
        Self {
            settings: options.settings(&folder),
            options,
            folder,
            open: RwLock::default(),
            started: watch::Sender::new(false),
            chains: Mutex::default(),
            notifications,
            ready_windows: Mutex::default(),
            awaited: Mutex::default(),
            tray: Tray::default(),
            look: tokio::sync::Mutex::default(),
            rests: AtomicBool::default(),
            zoom: AtomicU16::new(100),
        }
    }

    /// The desk of whoever is signed in, for a command that they may use now.
    ///
    /// # Errors
    /// `signed_out` when nobody is, `locked` while the desk is and the command tells of the clinic, `forbidden` when it is
    /// not for their role.
    pub(crate) async fn desk_for(&self, command: &str) -> Answer<Desk> {
        let forbidden = || CommandError::coded("forbidden", "This account may not do this.");
        let standing = gate::standing(command).ok_or_else(forbidden)?;
        let desk = self.desk_behind_lock().await?;
        if desk.is_locked() && !standing.behind_lock {
            return Err(CommandError::coded("locked", "Deskbell is locked. Unlock it first."));
        }
        match desk.account() {
            Some(account) if standing.admits(account.role) => Ok(desk),
            _ => Err(forbidden()),
        }
    }

    /// The desk of whoever is signed in, locked or not: for what the shell does by itself.
    ///
    /// # Errors
    /// `signed_out` when nobody is, or no clinic is chosen.
    pub(crate) async fn desk_behind_lock(&self) -> Answer<Desk> {
        self.start_is_over().await;
        self.signed_in_desk().await
    }

    async fn start_is_over(&self) {
        // The sender lives as long as the shell, so there is no other way for this to end.
        let _ = self.started.subscribe().wait_for(|over| *over).await;
    }

    async fn signed_in_desk(&self) -> Answer<Desk> {
        let signed_out = || CommandError::from(DeskError::signed_out());
        let desk = self.open.read().await.desk.clone().ok_or_else(signed_out)?;
        if desk.account().is_none() {
            return Err(signed_out());
        }
        Ok(desk)
    }

    /// Who is signed in, and where.
    pub(crate) async fn session(&self) -> SessionView {
        self.start_is_over().await;
        self.session_now().await
    }

    /// How the desk stands towards whoever is in front of it.
    pub(crate) async fn lock_view(&self) -> LockView {
        self.start_is_over().await;
        let desk = self.open.read().await.desk.clone();
        desk.as_ref().map_or_else(LockView::default, Desk::lock_view)
    }

    async fn session_now(&self) -> SessionView {
        let open = self.open.read().await;
        let account = open.desk.as_ref().and_then(Desk::account);
        SessionView {
            clinic: account
                .as_ref()
                .map_or_else(String::new, |account| account.clinic_name.clone()),
            server: open
                .desk
                .as_ref()
                .map_or_else(String::new, |desk| desk.server().to_string()),
            speaks: open.desk.as_ref().map_or_else(Speaks::default, Desk::speaks),
            holds: open.desk.as_ref().map_or(Holds::EVERYTHING, Desk::holds).into(),
            single_keys: open.desk.as_ref().is_none_or(|desk| desk.settings().keys.single),
            sample: open.sample.is_some(),
            sample_accounts: if open.sample.is_some() {
                sample::accounts()
            } else {
                vec![]
            },
            account: account.map(|account| AccountView {
                login: account.login,
                name: account.name,
                role: account.role,
                staff: account.staff,
            }),
            people: open.desk.as_ref().map_or_else(Vec::new, Desk::people_view),
            passphrase: open.desk.as_ref().and_then(Desk::passphrase_asked),
            problem: open.problem.clone(),
        }
    }

    /// Chooses a clinic's server, also for the next start.
    pub(crate) async fn connect(&self, app: &AppHandle, server: &str, speaks: Speaks) -> Answer<SessionView> {
        let in_force = self.settings.load().map_err(DeskError::from)?;
        settings::may_choose(&in_force, server, speaks)?;
        let view = self.open_clinic(app, server, speaks).await?;
        let mut settings = in_force.settings;
        if settings.server.as_deref() != Some(server) {
            // A certificate that was compared for one server says nothing about another.
            settings.certificate = None;
        }
        settings.server = Some(server.to_owned());
        settings.backend = speaks;
        self.settings.save(&settings).map_err(DeskError::from)?;
        Ok(view)
    }

    async fn open_clinic(&self, app: &AppHandle, server: &str, speaks: Speaks) -> Answer<SessionView> {
        let options = DeskOptions::new(self.folder.clone(), server).settings(self.settings.clone());
        let desk = Desk::open(options.speaks(speaks)).await?;
        self.replace(desk.clone(), None).await;
        if desk.account().is_some() {
            // Whoever was signed in there last goes on.
            self.signed_in(app, &desk).await;
        }
        Ok(self.session_now().await)
    }

    /// Chooses the embedded sample clinic.
    pub(crate) async fn try_sample(&self) -> Answer<SessionView> {
        if self.open.read().await.sample.is_none() {
            let running = sample::start(&self.folder, self.options.sample_port).await?;
            let address = running.url();
            let options = DeskOptions::new(self.folder.clone(), &address).settings(self.settings.clone());
            let desk = Desk::open(options.practice()).await?;
            self.replace(desk, Some(running)).await;
        }
        Ok(self.session_now().await)
    }

    async fn replace(&self, desk: Desk, sample: Option<Running>) {
        let mut open = self.open.write().await;
        let before = std::mem::take(&mut *open);
        for pump in &before.pumps {
            pump.abort();
        }
        *open = Open {
            desk: Some(desk),
            sample,
            problem: None,
            pumps: vec![],
        };
        drop(open);
        if let Some(desk) = before.desk {
            desk.close().await;
        }
        if let Some(sample) = before.sample {
            sample.shutdown().await;
        }
    }

    /// Signs in, and opens the windows of the role.
    pub(crate) async fn sign_in(&self, app: &AppHandle, login: &str, password: &str) -> Answer<SessionView> {
        let desk = self.open.read().await.desk.clone();
        let desk = desk.ok_or_else(|| CommandError::other("Choose a clinic first."))?;
        desk.sign_in(login, password).await?;
        self.signed_in(app, &desk).await;
        Ok(self.session_now().await)
    }

    /// Signs in to the sample clinic as one of its people.
    pub(crate) async fn sign_in_sample(&self, app: &AppHandle, login: &str) -> Answer<SessionView> {
        if self.open.read().await.sample.is_none() {
            return Err(CommandError::other("This is not the sample clinic."));
        }
        self.sign_in(app, login, sample::PASSWORD).await
    }

    /// Begins to tell the windows what happens in the desk, and ends what told them of another.
    async fn pump(&self, app: &AppHandle, desk: &Desk) {
        let mut open = self.open.write().await;
        open.problem = None;
        for pump in open.pumps.drain(..) {
            pump.abort();
        }
        open.pumps = vec![
            tokio::spawn(pump::commits(app.clone(), desk.clone())),
            tokio::spawn(pump::status(app.clone(), desk.clone())),
            tokio::spawn(pump::lock(app.clone(), desk.clone())),
            tokio::spawn(pump::erased(app.clone(), desk.clone())),
            tokio::spawn(pump::role(app.clone(), desk.clone())),
            tokio::spawn(pump::notices(desk.clone(), self.notifications.clone())),
            tokio::spawn(pump::answered(desk.clone(), self.notifications.clone())),
            tokio::spawn(pump::desktop(app.clone(), desk.clone())),
        ];
    }

    /// Tells every window who is signed in.
    pub(crate) async fn tell_session(&self, app: &AppHandle) {
        let _ = SessionChanged(self.session_now().await).emit(app);
    }

    /// Signs out and goes back to the sign-in window.
    pub(crate) async fn sign_out(&self, app: &AppHandle, force: bool) -> Answer<()> {
        let desk = self.desk_for("sign_out").await?;
        desk.sign_out(force).await?;
        self.nobody_is_in_front(app)
            .await
            .map_err(|error| CommandError::other(error.to_string()))
    }

    /// Whether whoever is signed in may have a window of this kind.
    pub(crate) async fn may_open(&self, kind: WindowKind) -> Answer<()> {
        let role = self
            .desk_for("open_window")
            .await?
            .account()
            .map(|account| account.role);
        match role {
            Some(role) if kind.open_to(role) => Ok(()),
            _ => Err(CommandError::coded(
                "forbidden",
                "This account does not have this window.",
            )),
        }
    }

    /// Opens a window, or raises it.
    pub(crate) fn open(&self, app: &AppHandle, kind: WindowKind) -> tauri::Result<WebviewWindow> {
        self.rests.store(false, Ordering::Relaxed);
        self.chains(|chains| chains.open(kind.label()));
        let window = kind.open(app)?;
        self.enlarge(&window);
        Ok(window)
    }

    /// A window says what it shows. Answers the last revision that went by before it was told of what it shows now.
    pub(crate) fn watch(&self, label: &str, interest: Interest) -> u32 {
        self.chains(|chains| chains.watch(label, interest))
    }

    /// A window says whether a person is at it.
    pub(crate) async fn attend(&self, label: &str, attention: Attention) {
        if let (Ok(desk), Some(kind)) = (self.desk_for("attend").await, WindowKind::of_label(label)) {
            desk.attend(
                label,
                kind.desk(),
                attention.visible,
                attention.focused,
                attention.input,
            );
        }
    }

    /// What a window has missed since a revision.
    pub(crate) async fn changes_since(&self, revision: u32) -> Answer<ChangesSinceView> {
        Ok(pump::changes_since_view(
            self.desk_for("changes_since").await?.changes_since(revision).await?,
        ))
    }

    /// The chains of all windows.
    pub(crate) fn chains<T>(&self, with: impl FnOnce(&mut Chains) -> T) -> T {
        with(&mut self.chains.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A window is gone.
    pub(crate) fn forget(&self, label: &str) {
        self.chains(|chains| chains.close(label));
        self.not_ready(label);
        if let Ok(open) = self.open.try_read()
            && let Some(desk) = &open.desk
        {
            desk.unattend(label);
        }
    }

    /// Finishes what is being written, and closes the clinic.
    pub(crate) async fn close(&self) {
        self.leave_desktop().await;
        let open = std::mem::take(&mut *self.open.write().await);
        for pump in &open.pumps {
            pump.abort();
        }
        if let Some(desk) = open.desk {
            desk.close().await;
        }
        if let Some(sample) = open.sample {
            sample.shutdown().await;
        }
        tracing::info!("ended");
    }
}

fn close_windows(app: &AppHandle, which: impl Fn(WindowKind) -> bool) {
    for kind in WindowKind::ALL.into_iter().filter(|kind| which(*kind)) {
        if let Some(window) = app.get_webview_window(kind.label()) {
            let _ = window.close();
        }
    }
}
