//! What is asked for, and how often. Pure: time is an argument.
//!
//! What a person looks at most changes most and is cheap; what is dear changes seldom or is hinted at. Hours are never
//! hinted at: today's are asked for with every poll, tomorrow's nearly every minute. Bookings are hinted at, so that whole
//! lists of them only make sure.

use std::time::Duration;
use tokio::time::Instant;

/// A part of the clinic that is asked for in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Today's hours.
    HoursToday,
    /// Today's and tomorrow's hours, and in the small hours yesterday's that reach past midnight.
    HoursNear,
    /// Hours from a week ago to a week ahead.
    HoursWeek,
    /// Hours beyond.
    HoursFar,
    /// Whether anything happened to this account: the cheapest question there is.
    Probe,
    /// Bookings of today and tomorrow.
    BookingsNear,
    /// All bookings from a week ago on.
    BookingsAll,
    /// Staff.
    Staff,
    /// Services.
    Services,
    /// Clients.
    Clients,
}

impl Part {
    /// Every part, in the order they are asked for: a row comes after what it refers to.
    pub(super) const ALL: [Part; 10] = [
        Part::Staff,
        Part::Services,
        Part::Clients,
        Part::HoursFar,
        Part::HoursWeek,
        Part::HoursNear,
        Part::HoursToday,
        Part::Probe,
        Part::BookingsAll,
        Part::BookingsNear,
    ];

    /// How old it may be. A little below a round number: it is asked for at the next poll after that.
    const fn keeps(self, hinted: bool) -> Duration {
        Duration::from_secs(match (self, hinted) {
            // Less than any interval between polls: only pulls that a hint has caused find it fresh enough.
            (Part::HoursToday, _) => 8,
            (Part::HoursNear, _) => 55,
            (Part::HoursWeek, _) => 290,
            (Part::HoursFar, _) => 1_800,
            (Part::Probe, false) => 10,
            (Part::Probe, true) => 300,
            (Part::BookingsNear, false) => 120,
            (Part::BookingsNear, true) => 900,
            (Part::BookingsAll, false) => 2_400,
            (Part::BookingsAll, true) => 7_200,
            (Part::Staff, _) => 600,
            (Part::Services, _) => 3_600,
            (Part::Clients, _) => 1_800,
        })
    }

    /// Parts that this one holds as well.
    const fn covers(self) -> &'static [Part] {
        match self {
            Part::HoursWeek => &[Part::HoursNear, Part::HoursToday],
            Part::HoursNear => &[Part::HoursToday],
            Part::BookingsAll => &[Part::BookingsNear],
            _ => &[],
        }
    }
}

/// When each part was last read whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Heat(Vec<(Part, Instant)>);

impl Heat {
    /// What is due, without what something else that is due holds as well.
    pub(super) fn due(&self, now: Instant, hinted: bool, desk: bool) -> Vec<Part> {
        // Clients of a therapist or driver are those of their bookings, and come with them.
        let wanted = |part: &Part| desk || *part != Part::Clients;
        let due: Vec<Part> = Part::ALL
            .into_iter()
            .filter(wanted)
            .filter(|part| self.is_due(*part, now, hinted))
            .collect();
        let covered = |part: Part| due.iter().any(|other| other.covers().contains(&part));
        due.iter().copied().filter(|part| !covered(*part)).collect()
    }

    fn is_due(&self, part: Part, now: Instant, hinted: bool) -> bool {
        let read = self.0.iter().find(|(known, _)| *known == part);
        read.is_none_or(|(_, at)| now.saturating_duration_since(*at) >= part.keeps(hinted))
    }

    /// A part was read at that time, and with it what it holds as well.
    pub(super) fn read(&mut self, part: Part, at: Instant) {
        for part in part.covers().iter().copied().chain([part]) {
            self.0.retain(|(known, _)| *known != part);
            self.0.push((part, at));
        }
    }

    /// A part is to be read at the next pull, however fresh it is.
    pub(super) fn forget(&mut self, part: Part) {
        self.0.retain(|(known, _)| *known != part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Polls at an interval for a time, and counts what was asked for.
    fn polled(every: u64, seconds: u64, hinted: bool) -> Vec<(Part, usize)> {
        let start = Instant::now();
        let mut heat = Heat::default();
        let mut asked = Vec::new();
        for at in (0..seconds).step_by(usize::try_from(every).unwrap()) {
            let now = start + Duration::from_secs(at);
            for part in heat.due(now, hinted, true) {
                heat.read(part, now);
                asked.push(part);
            }
        }
        Part::ALL
            .into_iter()
            .map(|part| (part, asked.iter().filter(|one| **one == part).count()))
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn at_first_everything_is_due_once_and_nothing_twice() {
        let due = Heat::default().due(Instant::now(), true, true);
        assert!(due.contains(&Part::HoursWeek) && due.contains(&Part::BookingsAll));
        assert!(!due.contains(&Part::HoursToday) && !due.contains(&Part::BookingsNear));
    }

    #[tokio::test(start_paused = true)]
    async fn an_hour_of_polls_asks_for_todays_hours_each_time_and_for_the_dear_lists_seldom() {
        let asked = polled(12, 3_600, true);
        let times = |part| asked.iter().find(|(one, _)| *one == part).unwrap().1;
        let hours = times(Part::HoursToday) + times(Part::HoursNear) + times(Part::HoursWeek);
        assert_eq!(hours, 300, "today's hours are in every poll");
        assert!((45..=60).contains(&times(Part::HoursNear)), "{asked:?}");
        assert_eq!((times(Part::HoursWeek), times(Part::BookingsAll)), (12, 1));
        assert_eq!(times(Part::BookingsNear), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pull_that_a_hint_has_caused_asks_for_no_hours() {
        let now = Instant::now();
        let mut heat = Heat::default();
        for part in Part::ALL {
            heat.read(part, now);
        }
        assert_eq!(heat.due(now + Duration::from_secs(5), true, true), []);
        heat.forget(Part::BookingsNear);
        assert_eq!(heat.due(now, true, true), [Part::BookingsNear]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_therapists_desk_never_reads_the_clinics_clients() {
        assert!(
            !Heat::default()
                .due(Instant::now(), true, false)
                .contains(&Part::Clients)
        );
    }
}
