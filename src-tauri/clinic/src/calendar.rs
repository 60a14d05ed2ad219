//! Days and clock times of the clinic's zone. The one place that turns instants into either, DST included.

use crate::clinic::OpeningHours;
use crate::customs::Customs;
use crate::span::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The clinic's zone and opening hours, and how its times and weeks are shown here.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    hours: Vec<OpeningHours>,
    customs: Customs,
}

/// The name is not an IANA zone that this computer knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a time zone (expected a name such as Asia/Manila)")]
pub struct UnknownZone(pub String);

impl Calendar {
    /// # Errors
    /// When `zone` is not an IANA zone name.
    pub fn new(zone: &str, hours: Vec<OpeningHours>) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(zone).map_err(|_| UnknownZone(zone.to_owned()))?;
        Ok(Self {
            zone,
            hours,
            customs: Customs::default(),
        })
    }

    /// The same calendar, shown after these customs.
    #[must_use]
    pub const fn shown(mut self, customs: Customs) -> Self {
        self.customs = customs;
        self
    }

    /// How its times and weeks are shown.
    pub const fn customs(&self) -> Customs {
        self.customs
    }

    /// The day that an instant falls on.
    pub fn day_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The clock time at an instant.
    pub fn time_of(&self, at: Timestamp) -> Time {
        self.zone.to_datetime(at).time()
    }

    /// The whole day, midnight to midnight: 23 to 25 hours long.
    pub fn day(&self, day: Date) -> Span {
        let start = self.at(day, Time::midnight());
        let next = day.tomorrow().map_or(start, |next| self.at(next, Time::midnight()));
        Span::new(start, next).unwrap_or_else(|_| {
            // The last representable day has no tomorrow.
            Span::of_minutes(start, 24 * 60).unwrap_or_else(|| self.day(day.yesterday().unwrap_or(day)))
        })
    }

    /// The instant of a clock time. A time that a DST change skips moves forward by the gap; of one that comes twice
    /// the first is meant.
    pub fn at(&self, day: Date, time: Time) -> Timestamp {
        let when = DateTime::from_parts(day, time);
        self.zone
            .to_timestamp(when)
            .unwrap_or(if day.year() > 0 { Timestamp::MAX } else { Timestamp::MIN })
    }

    /// From one clock time to another of the same day, or of the next day where `end` is not after `start`.
    pub fn span(&self, day: Date, start: Time, end: Time) -> Option<Span> {
        let last = if end > start { day } else { day.tomorrow().ok()? };
        Span::new(self.at(day, start), self.at(last, end)).ok()
    }

    /// The same clock times `weeks` weeks on.
    pub fn weeks_later(&self, span: Span, weeks: i32) -> Option<Span> {
        let shift = |at: Timestamp| {
            let local = self.zone.to_datetime(at).checked_add(weeks.weeks()).ok()?;
            self.zone.to_timestamp(local).ok()
        };
        Span::new(shift(span.start())?, shift(span.end())?).ok()
    }

    /// Minutes that have passed since the day began, also over a DST change; negative before it.
    pub fn minute_of_day(&self, day: Date, at: Timestamp) -> i32 {
        let minutes = at.duration_since(self.day(day).start()).as_secs().div_euclid(60);
        i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX })
    }

    /// The stretches of a day on which the clinic is open. Without opening hours, the whole day.
    pub fn open_spans(&self, day: Date) -> Vec<Span> {
        if self.hours.is_empty() {
            return vec![self.day(day)];
        }
        let weekday = day.weekday().to_monday_one_offset();
        self.hours
            .iter()
            .filter(|hours| i8::try_from(hours.weekday) == Ok(weekday))
            .filter_map(|hours| self.span(day, hours.opens, hours.closes))
            .collect()
    }

    /// Whether the clinic is open at an instant; a stretch past midnight counts for the day it began on.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let today = self.day_of(at);
        [today.yesterday().ok(), Some(today)]
            .into_iter()
            .flatten()
            .flat_map(|day| self.open_spans(day))
            .any(|span| span.contains(at))
    }

    /// The zone's IANA name.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// Whether another zone's clocks say the same for a year from `at` on, so that nobody need be told which is meant.
    pub fn reads_as(&self, other: &TimeZone, at: Timestamp) -> bool {
        if self.zone.iana_name().is_some() && self.zone.iana_name() == other.iana_name() {
            return true;
        }
        // Clocks change by whole weeks: what two zones do differently lasts at least as long.
        (0..53).all(|week| {
            let then = at.checked_add(SignedDuration::from_hours(week * 7 * 24)).unwrap_or(at);
            self.zone.to_offset(then) == other.to_offset(then)
        })
    }

    /// How much later than `at` the next day begins.
    pub fn until_midnight(&self, at: Timestamp) -> SignedDuration {
        self.day(self.day_of(at)).end().duration_since(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn berlin() -> Calendar {
        Calendar::new("Europe/Berlin", vec![]).unwrap()
    }

    #[test]
    fn the_day_the_clocks_go_forward_has_23_hours_and_the_day_they_go_back_25() {
        assert_eq!(berlin().day(date(2026, 3, 29)).minutes(), 23 * 60);
        assert_eq!(berlin().day(date(2026, 10, 25)).minutes(), 25 * 60);
        assert_eq!(berlin().day(date(2026, 11, 23)).minutes(), 24 * 60);
    }

    #[test]
    fn a_shift_past_midnight_is_one_span_and_belongs_to_the_day_it_starts_on() {
        let shift = berlin()
            .span(date(2026, 11, 23), time(22, 0, 0, 0), time(6, 0, 0, 0))
            .unwrap();
        assert_eq!(shift.minutes(), 8 * 60);
        assert_eq!(berlin().day_of(shift.start()), date(2026, 11, 23));
        assert_eq!(berlin().day_of(shift.end()), date(2026, 11, 24));
    }

    #[test]
    fn a_weekly_shift_keeps_its_clock_time_over_a_dst_change() {
        let before = berlin()
            .span(date(2026, 3, 23), time(9, 0, 0, 0), time(17, 0, 0, 0))
            .unwrap();
        let after = berlin().weeks_later(before, 1).unwrap();
        assert_eq!(berlin().time_of(after.start()), time(9, 0, 0, 0));
        assert_eq!(berlin().time_of(after.end()), time(17, 0, 0, 0));
        assert_eq!(after.start().duration_since(before.start()).as_mins(), 7 * 24 * 60 - 60);
    }

    #[test]
    fn a_clinic_that_closes_past_midnight_is_open_at_one_in_the_morning() {
        let friday = OpeningHours {
            weekday: 5,
            opens: time(10, 0, 0, 0),
            closes: time(2, 0, 0, 0),
        };
        let calendar = Calendar::new("Asia/Manila", vec![friday]).unwrap();
        assert!(calendar.is_open(calendar.at(date(2026, 11, 28), time(1, 0, 0, 0))));
        assert!(!calendar.is_open(calendar.at(date(2026, 11, 28), time(11, 0, 0, 0))));
    }

    #[test]
    fn a_zone_whose_clocks_say_the_same_all_year_reads_as_this_one() {
        let november = berlin().at(date(2026, 11, 23), time(9, 0, 0, 0));
        let reads = |name: &str| berlin().reads_as(&TimeZone::get(name).unwrap(), november);
        assert!(reads("Europe/Berlin") && reads("Europe/Rome"));
        assert!(!reads("Europe/Lisbon"));
        assert!(!reads("Africa/Lagos"), "the same in winter only");
    }

    #[test]
    fn an_unknown_zone_is_named_in_the_error() {
        let error = Calendar::new("Mars/Olympus", vec![]).unwrap_err();
        assert!(error.to_string().contains("Mars/Olympus"));
    }
}
