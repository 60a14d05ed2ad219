//! "Just changed": what came from elsewhere, as a person reads it.

use super::scenes::Wanted;
use crate::cache::{Activity, ActivityWhat};
use crate::desk::{Desk, DeskError};
use crate::view::{ChangedEntry, ChangedWhat, Scene, clock, day_title, seconds, span_label};
use deskbell_clinic::rules::matching::fits;
use deskbell_clinic::rules::spans::intersect;
use deskbell_clinic::{Kind, Span};
use jiff::SignedDuration;

/// Entries that a board shows.
const SHOWN: u32 = 50;
/// How far ahead waiting clients are matched with new free time.
const MATCHED_AHEAD: SignedDuration = SignedDuration::from_hours(14 * 24);

impl Desk {
    /// Changes from elsewhere, newest first.
    pub(super) async fn changed_entries(&self, scene: &Scene) -> Result<Vec<ChangedEntry>, DeskError> {
        let activity = self.read(|snapshot| Ok(snapshot.activity(SHOWN)?)).await?;
        let mut entries = Vec::with_capacity(activity.len());
        for change in activity {
            entries.push(self.changed_entry(scene, &change).await?);
        }
        Ok(entries)
    }

    async fn changed_entry(&self, scene: &Scene, change: &Activity) -> Result<ChangedEntry, DeskError> {
        // What was added says more than the whole of an edited availability.
        let span = change.added.first().copied().or(change.after).or(change.before);
        let day = span.map(|span| scene.calendar.day_of(span.start()));
        let appointment = (change.kind == Kind::Appointment).then(|| change.id.into());
        let booked = scene.appointments.iter().find(|row| Some(row.id) == appointment);
        Ok(ChangedEntry {
            seq: change.seq,
            at: seconds(change.at),
            time: clock(scene.calendar.time_of(change.at)),
            what: what(change.what),
            staff: change.staff,
            staff_name: change.staff.map(|id| scene.staff_name(id)),
            day: day.map(|day| day.to_string()),
            day_title: day
                .filter(|day| *day != scene.today())
                .map_or_else(String::new, day_title),
            span: span.map_or_else(String::new, |span| span_label(&scene.calendar, span)),
            appointment,
            client: booked.map(|row| scene.clients_label(row)),
            by: None,
            fits: self.fitting(scene, change).await?,
        })
    }

    /// How many waiting clients fit into what is still free of the new time.
    async fn fitting(&self, scene: &Scene, change: &Activity) -> Result<u32, DeskError> {
        let (Some(staff), false) = (change.staff, change.added.is_empty()) else {
            return Ok(0);
        };
        if scene.waiting.is_empty() {
            return Ok(0);
        }
        let Ok(ahead) = Span::new(scene.now, scene.now + MATCHED_AHEAD) else {
            return Ok(0);
        };
        let coming = intersect(&change.added, &[ahead]);
        let (Some(first), Some(last)) = (coming.first(), coming.last()) else {
            return Ok(0);
        };
        let Ok(window) = Span::new(first.start(), last.end()) else {
            return Ok(0);
        };
        let mut matched = self
            .scene(move |_, _| {
                Ok(Wanted {
                    spans: vec![window],
                    staff: Some(vec![staff]),
                    desk_lists: true,
                })
            })
            .await?;
        let offered: Vec<_> = coming.into_iter().map(|span| (staff, span)).collect();
        let waiting = std::mem::take(&mut matched.waiting);
        let fitting = fits(&offered, &waiting, &matched.facts()).len();
        Ok(u32::try_from(fitting).unwrap_or(u32::MAX))
    }
}

const fn what(what: ActivityWhat) -> ChangedWhat {
    match what {
        ActivityWhat::HoursAdded => ChangedWhat::HoursAdded,
        ActivityWhat::HoursChanged => ChangedWhat::HoursChanged,
        ActivityWhat::HoursRemoved => ChangedWhat::HoursRemoved,
        ActivityWhat::Booked => ChangedWhat::Booked,
        ActivityWhat::BookingChanged => ChangedWhat::BookingChanged,
        ActivityWhat::BookingMoved => ChangedWhat::BookingMoved,
        ActivityWhat::Stepped => ChangedWhat::Stepped,
        ActivityWhat::BookingGone => ChangedWhat::BookingGone,
        ActivityWhat::Blocked => ChangedWhat::Blocked,
    }
}
