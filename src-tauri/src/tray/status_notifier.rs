//! The icon on a Linux desktop: a StatusNotifierItem on its D-Bus session. That way it is known whether the desktop shows it
//! at all, which decides whether closing the last window may leave Deskbell running.

use super::{Deed, Item, Look, Mark, Standing};
use ksni::TrayMethods;
use ksni::menu::{CheckmarkItem, MenuItem, StandardItem};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{OnceCell, mpsc};

/// The icon, once the desktop was asked for it.
#[derive(Default)]
pub(crate) struct Tray {
    handle: OnceCell<ksni::Handle<Bell>>,
    shown: Arc<AtomicBool>,
}

struct Bell {
    id: String,
    look: Look,
    shown: Arc<AtomicBool>,
    deeds: mpsc::UnboundedSender<Deed>,
}

impl Tray {
    /// Asks the desktop to show it; what is done from it comes out of `deeds`. A desktop that has no place for it yet may
    /// have one later.
    pub(crate) async fn begin(&self, profile: &str, deeds: mpsc::UnboundedSender<Deed>) {
        self.shown.store(true, Ordering::Relaxed);
        let bell = Bell {
            id: format!("org.deskbell.desk.{profile}"),
            look: Look::of(&Standing::default()),
            shown: self.shown.clone(),
            deeds,
        };
        match bell.assume_sni_available(true).spawn().await {
            // It is begun once.
            Ok(handle) => drop(self.handle.set(handle)),
            Err(error) => {
                self.shown.store(false, Ordering::Relaxed);
                tracing::info!(%error, "this desktop shows no icons");
            }
        }
    }

    /// Whether the desktop shows it.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown.load(Ordering::Relaxed)
    }

    /// Shows this from now on.
    pub(crate) async fn show(&self, look: Look) {
        if let Some(handle) = self.handle.get() {
            handle.update(|bell| bell.look = look).await;
        }
    }

    /// Takes it off the desktop.
    pub(crate) async fn end(&self) {
        if let Some(handle) = self.handle.get() {
            handle.shutdown().await;
        }
    }
}

impl Bell {
    fn act(&self, deed: Deed) {
        // The receiver goes only with the app.
        let _ = self.deeds.send(deed);
    }
}

impl ksni::Tray for Bell {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn title(&self) -> String {
        self.look.tip.clone()
    }

    fn status(&self) -> ksni::Status {
        if self.look.urgent {
            ksni::Status::NeedsAttention
        } else {
            ksni::Status::Active
        }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        let mut data = self.look.mark.rgba();
        for pixel in data.chunks_exact_mut(4) {
            pixel.rotate_right(1);
        }
        let side = i32::try_from(Mark::SIDE).unwrap_or_default();
        vec![ksni::Icon {
            width: side,
            height: side,
            data,
        }]
    }

    fn attention_icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ksni::ToolTip {
        ksni::ToolTip {
            title: self.look.tip.clone(),
            ..ksni::ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.act(Deed::Front);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let items = self.look.menu.iter().map(|item| match *item {
            Item::Deed { deed, label } => StandardItem {
                label: label.to_owned(),
                activate: Box::new(move |bell: &mut Self| bell.act(deed)),
                ..StandardItem::default()
            }
            .into(),
            Item::Switch { deed, label, on } => CheckmarkItem {
                label: label.to_owned(),
                checked: on,
                activate: Box::new(move |bell: &mut Self| bell.act(deed)),
                ..CheckmarkItem::default()
            }
            .into(),
            Item::Line => MenuItem::Separator,
        });
        items.collect()
    }

    fn watcher_online(&self) {
        self.shown.store(true, Ordering::Relaxed);
    }

    fn watcher_offline(&self, reason: ksni::OfflineReason) -> bool {
        tracing::info!(?reason, "this desktop shows no icon now");
        self.shown.store(false, Ordering::Relaxed);
        self.act(Deed::IconGone);
        true
    }
}
