//! "Just changed": what came from elsewhere, as a person reads it.

use super::history::Names;
use super::scenes::Wanted;
use crate::cache::{Activity, ActivityWhat};
use crate::desk::{Desk, DeskError};
use crate::view::{ChangedEntry, ChangedWhat, Scene, day_title, seconds, span_label, time_label};
use deskbell_clinic::rules::free::free_time;
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
        let matched = self.matching_scene(scene, &activity).await?;
        let names = self.names().await?;
        Ok(activity
            .iter()
            .map(|change| changed_entry(scene, matched.as_ref(), &names, change))
            .collect())
    }

    /// The days and staff of all new free time that is to come, read once for all entries; none when nobody waits or
    /// there is no such time.
    async fn matching_scene(&self, scene: &Scene, activity: &[Activity]) -> Result<Option<Scene>, DeskError> {
        if scene.waiting.is_empty() {
            return Ok(None);
        }
        let coming: Vec<_> = activity
            .iter()
            .map(|change| (change.staff, still_to_come(scene, change)))
            .collect();
        let staff: Vec<_> = coming
            .iter()
            .filter(|(_, spans)| !spans.is_empty())
            .filter_map(|(staff, _)| *staff)
            .collect();
        let spans = || coming.iter().flat_map(|(_, spans)| spans);
        let (Some(start), Some(end)) = (
            spans().map(|span| span.start()).min(),
            spans().map(|span| span.end()).max(),
        ) else {
            return Ok(None);
        };
        let Ok(window) = Span::new(start, end) else {
            return Ok(None);
        };
        let wanted = move |_: &_, _| {
            Ok(Wanted {
                spans: vec![window],
                staff: Some(staff),
                desk_lists: true,
            })
        };
        self.scene(wanted).await.map(Some)
    }
}

/// What is still ahead of the free time that a change added.
fn still_to_come(scene: &Scene, change: &Activity) -> Vec<Span> {
    let ahead = Span::new(scene.now, scene.now + MATCHED_AHEAD);
    ahead.map_or_else(|_| vec![], |ahead| intersect(&change.added, &[ahead]))
}

fn changed_entry(scene: &Scene, matched: Option<&Scene>, names: &Names, change: &Activity) -> ChangedEntry {
    // What was added says more than the whole of an edited availability.
    let span = change.added.first().copied().or(change.after).or(change.before);
    let day = span.map(|span| scene.calendar.day_of(span.start()));
    let appointment = (change.kind == Kind::Appointment).then(|| change.id.into());
    let booked = scene.appointments.iter().find(|row| Some(row.id) == appointment);
    ChangedEntry {
        seq: change.seq,
        at: seconds(change.at),
        time: time_label(&scene.calendar, change.at),
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
        by: change.by.and_then(|account| names.of(account)),
        fits: matched.map_or(0, |matched| fitting(matched, change)),
    }
}

/// How many waiting clients fit into what is still free of the new time.
fn fitting(matched: &Scene, change: &Activity) -> u32 {
    let Some(staff) = change.staff else { return 0 };
    let facts = matched.facts();
    let mut offered = Vec::new();
    for span in still_to_come(matched, change) {
        offered.extend(free_time(staff, &facts, span).into_iter().map(|free| (staff, free)));
    }
    u32::try_from(fits(&offered, &matched.waiting, &facts).len()).unwrap_or(u32::MAX)
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
