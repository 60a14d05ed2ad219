//! The start: which clinic, who, and which windows, from the command line and from what was last.

use super::settings::may_choose;
use super::{Shell, close_windows};
use crate::ipc::{Answer, CommandError};
use crate::sample;
use crate::windows::WindowKind;
use deskbell_clinic::Role;
use deskbell_core::backend::Speaks;
use deskbell_core::desk::{Desk, DeskError};
use std::io::BufRead;
use tauri::AppHandle;

impl Shell {
    /// Opens what the command line asks for, signs in where it can, and opens the first windows. Where somebody's session
    /// goes on, their windows are made while the cache is opened: a web view takes longer to come up than the cache.
    pub(crate) async fn start(&self, app: &AppHandle) {
        #[cfg(feature = "automation")]
        if let Some(count) = self.options.blank_windows {
            if let Err(error) = crate::windows::open_blank(app, count) {
                tracing::error!(%error, "no window can be opened");
                app.exit(1);
            }
            return;
        }
        // Before anybody is signed in: the window in which one does is light or dark too.
        if let Ok(in_force) = self.settings.load() {
            self.dress(app, in_force.settings.desktop);
        }
        let clinic = self.clinic_at_start();
        let expected = match &clinic {
            Ok(Some((server, _))) if !self.options.sample => {
                Desk::remembered(&self.folder, server).map(|account| account.role)
            }
            _ => None,
        };
        let made = expected.map_or(Ok(()), |role| self.open_windows_of(app, role));
        let opened = match clinic {
            _ if self.options.sample => self.try_sample().await.map(drop),
            Ok(Some((server, speaks))) => self.open_clinic(app, &server, speaks).await.map(drop),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let signed_in = match opened {
            Ok(()) => self.sign_in_at_start(app).await,
            Err(error) => Err(error),
        };
        if let Err(error) = signed_in {
            tracing::warn!(code = error.code, reason = error.message, "not signed in at the start");
            self.open.write().await.problem = Some(error.message);
        }
        let role = match self.signed_in_desk().await {
            Ok(desk) => desk.account().map(|account| account.role),
            Err(_) => None,
        };
        let made = made.and_then(|()| match role {
            Some(role) if Some(role) == expected => Ok(()),
            Some(role) => self.open_windows_of(app, role),
            None => self.open(app, WindowKind::SignIn).map(drop),
        });
        if role != expected {
            close_windows(app, |kind| {
                !role.map_or(kind == WindowKind::SignIn, |role| kind.open_to(role))
            });
        }
        self.started.send_replace(true);
        if let Err(error) = made {
            tracing::error!(%error, "no window can be opened");
            app.exit(1);
        }
    }

    /// The link that the command line names.
    pub(crate) fn link_at_start(&self) -> Option<&str> {
        self.options.link.as_deref()
    }

    async fn sign_in_at_start(&self, app: &AppHandle) -> Answer<()> {
        if let Ok(desk) = self.signed_in_desk().await {
            // The session of last time goes on: its windows are told of changes like any other's.
            self.pump(app, &desk).await;
            return Ok(());
        }
        match (&self.options.user, self.options.sample) {
            (Some(login), _) if self.options.password_stdin => {
                let password = first_line_of_stdin().await?;
                self.sign_in(app, login, &password).await.map(drop)
            }
            (Some(login), true) => self.sign_in_sample(app, login).await.map(drop),
            (None, true) => self.sign_in_sample(app, sample::OPERATOR).await.map(drop),
            _ => Ok(()),
        }
    }

    /// The windows named on the command line that a role may have, or the role's own.
    pub(super) fn open_windows_of(&self, app: &AppHandle, role: Role) -> tauri::Result<()> {
        let mut kinds: Vec<_> = self
            .options
            .open
            .iter()
            .copied()
            .filter(|kind| kind.open_to(role))
            .collect();
        if kinds.is_empty() {
            kinds.push(WindowKind::of_role(role));
        }
        for kind in kinds {
            self.open(app, kind)?;
        }
        Ok(())
    }

    /// The clinic that the command line names, or else the settings.
    fn clinic_at_start(&self) -> Answer<Option<(String, Speaks)>> {
        let in_force = self.settings.load().map_err(DeskError::from)?;
        match &self.options.server {
            Some(server) => {
                let speaks = self.options.backend.into();
                may_choose(&in_force, server, speaks)?;
                Ok(Some((server.clone(), speaks)))
            }
            None => {
                let settings = in_force.settings;
                Ok(settings.server.map(|server| (server, settings.backend)))
            }
        }
    }
}

async fn first_line_of_stdin() -> Answer<String> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    match read.await {
        Ok(Ok(line)) => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
        _ => Err(CommandError::other(
            "The password could not be read from standard input.",
        )),
    }
}
