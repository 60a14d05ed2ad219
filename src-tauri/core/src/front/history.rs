//! Who did something: names for accounts, and the history of one booking as its sheet shows it.

use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::view::{
    Author, BookingHistory, HistoryLine, HistoryWhat, Scene, SheetStage, day_title, span_label, time_label,
};
use deskbell_clinic::wire::{HistoryAct, HistoryEntry, HistoryState};
use deskbell_clinic::{AccountId, AppointmentId, DeviceId, StaffId, Stage};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// An act that reached the clinic within so long was done while there was a connection.
const AT_ONCE: SignedDuration = SignedDuration::from_mins(2);

/// Names for accounts, as far as they are known here.
pub(super) struct Names {
    known: HashMap<AccountId, String>,
    me: Option<AccountId>,
}

impl Names {
    pub(super) fn of(&self, account: AccountId) -> Option<Author> {
        let name = self.known.get(&account)?.clone();
        let you = self.me == Some(account);
        Some(Author { name, you })
    }
}

impl Desk {
    /// Names as the server told them, and one's own.
    pub(super) async fn names(&self) -> Result<Names, DeskError> {
        let mut known = self.read(|snapshot| Ok(snapshot.people()?)).await?;
        let me = self.account();
        if let Some(me) = &me {
            known.insert(me.account, me.name.clone());
        }
        Ok(Names {
            known,
            me: me.map(|me| me.account),
        })
    }

    /// Who did what with a booking. It is asked of the clinic's server each time, and kept nowhere here.
    ///
    /// # Errors
    /// When the server cannot be reached or does not know the booking, or nobody is signed in.
    pub async fn booking_history(&self, id: AppointmentId) -> Result<BookingHistory, DeskError> {
        let told = self.ask_history(id).await?;
        let recorded = told.is_some();
        let (entries, more) = told.map_or_else(|| (vec![], false), |told| (told.entries, told.more));
        let row = self.appointment(id).await?;
        let names = self.names().await?;
        let scene = self
            .scene(|_, _| {
                Ok(Wanted {
                    spans: vec![],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        let me = self.account().map(|account| account.account);
        let device = self.device();
        let mut earlier: Vec<_> = match entries.last() {
            Some(oldest) if more || oldest.act == HistoryAct::Booked => vec![],
            oldest => {
                let since = oldest.map_or(Timestamp::MAX, |oldest| oldest.acted_at);
                let stages = row.history.iter().filter(|stage| stage.at < since);
                stages.map(|stage| sheet_stage(&scene, &names, *stage)).collect()
            }
        };
        earlier.reverse();
        Ok(BookingHistory {
            recorded,
            lines: entries.iter().map(|entry| line(&scene, entry, me, device)).collect(),
            more,
            earlier,
        })
    }
}

fn line(scene: &Scene, entry: &HistoryEntry, me: Option<AccountId>, here: DeviceId) -> HistoryLine {
    let (before, after) = (entry.before.as_ref(), entry.after.as_ref());
    let moved = before.zip(after).filter(|(before, after)| is_moved(before, after));
    let what = match entry.act {
        HistoryAct::Booked => HistoryWhat::Booked,
        HistoryAct::Changed if moved.is_some() => HistoryWhat::Moved,
        HistoryAct::Changed => HistoryWhat::Changed,
        HistoryAct::Stepped => HistoryWhat::Stepped,
        HistoryAct::TakenBack => HistoryWhat::TakenBack,
        HistoryAct::Paid => HistoryWhat::Paid,
        HistoryAct::Deleted => HistoryWhat::Deleted,
        HistoryAct::Unknown => HistoryWhat::Other,
    };
    let (from, to) = match (moved, what) {
        (Some((before, after)), _) => (place(scene, before, after), place(scene, after, before)),
        (None, HistoryWhat::Booked) => (
            String::new(),
            after.map_or_else(String::new, |after| whole(scene, after)),
        ),
        (None, _) => (String::new(), String::new()),
    };
    let came_later = entry.received_at.duration_since(entry.acted_at) > AT_ONCE;
    HistoryLine {
        what,
        at: stamp(scene, entry.acted_at),
        sent: came_later.then(|| stamp(scene, entry.received_at)),
        by: entry.by_name.clone().map(|name| Author {
            name,
            you: me.is_some() && entry.by == me,
        }),
        here: entry.device == Some(here),
        desk: entry.desk_name.clone(),
        from,
        to,
        status: match what {
            HistoryWhat::Booked | HistoryWhat::Stepped | HistoryWhat::TakenBack => after.map(|after| after.status),
            _ => None,
        },
        changed: entry.changed.clone(),
        amount: entry.amount_cents.map_or_else(String::new, |cents| money(scene, cents)),
        reason: entry.reason.clone(),
    }
}

fn is_moved(before: &HistoryState, after: &HistoryState) -> bool {
    let sorted = |staff: &[StaffId]| {
        let mut staff = staff.to_vec();
        staff.sort_unstable();
        staff
    };
    before.span != after.span || sorted(&before.staff) != sorted(&after.staff)
}

/// Of a state only what differs from the other: the day, the time, the staff.
fn place(scene: &Scene, state: &HistoryState, other: &HistoryState) -> String {
    let day = |state: &HistoryState| scene.calendar.day_of(state.span.start());
    let mut parts = Vec::new();
    if day(state) != day(other) {
        parts.push(day_title(day(state)));
    }
    if state.span != other.span {
        parts.push(span_label(&scene.calendar, state.span));
    }
    if state.staff != other.staff {
        parts.push(staff(scene, state));
    }
    parts.join(" · ")
}

fn whole(scene: &Scene, state: &HistoryState) -> String {
    let day = day_title(scene.calendar.day_of(state.span.start()));
    let span = span_label(&scene.calendar, state.span);
    format!("{day} · {span} · {}", staff(scene, state))
}

fn staff(scene: &Scene, state: &HistoryState) -> String {
    let names: Vec<_> = state.staff.iter().map(|id| scene.staff_name(*id)).collect();
    names.join(", ")
}

fn money(scene: &Scene, cents: i32) -> String {
    let currency = scene.clinic.as_ref().map_or("", |clinic| clinic.currency.as_str());
    let (sign, whole) = (if cents < 0 { "−" } else { "" }, cents.unsigned_abs());
    format!("{sign}{currency} {}.{:02}", whole / 100, whole % 100)
}

/// A step that the booking itself keeps.
pub(super) fn sheet_stage(scene: &Scene, names: &Names, stage: Stage) -> SheetStage {
    SheetStage {
        status: stage.status,
        at: stamp(scene, stage.at),
        by: names.of(stage.by),
    }
}

/// `23 Nov 14:02`.
fn stamp(scene: &Scene, at: Timestamp) -> String {
    let day = scene.calendar.day_of(at).strftime("%-d %b");
    format!("{day} {}", time_label(&scene.calendar, at))
}
