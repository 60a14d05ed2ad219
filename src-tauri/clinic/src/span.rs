//! A stretch of time with a start before its end.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// From `start` (included) to `end` (not included). A shift over midnight is one span.
///
/// The fields are private so that `start < end` always holds, also for what is read from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Bounds", into = "Bounds")]
pub struct Span {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    start: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    end: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Bounds {
    start: Timestamp,
    end: Timestamp,
}

/// The end is not after the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the end must be after the start")]
pub struct EndNotAfterStart;

impl TryFrom<Bounds> for Span {
    type Error = EndNotAfterStart;
    fn try_from(bounds: Bounds) -> Result<Self, EndNotAfterStart> {
        Span::new(bounds.start, bounds.end)
    }
}

impl From<Span> for Bounds {
    fn from(span: Span) -> Self {
        Bounds {
            start: span.start,
            end: span.end,
        }
    }
}

impl Span {
    /// # Errors
    /// When `end` is not after `start`.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, EndNotAfterStart> {
        if start < end {
            Ok(Self { start, end })
        } else {
            Err(EndNotAfterStart)
        }
    }

    /// A span of `minutes` from `start`; `None` when `minutes` is 0 or the end is beyond what can be represented.
    pub fn of_minutes(start: Timestamp, minutes: u32) -> Option<Self> {
        let end = start.checked_add(SignedDuration::from_mins(i64::from(minutes))).ok()?;
        Self::new(start, end).ok()
    }

    /// The first instant inside.
    pub const fn start(self) -> Timestamp {
        self.start
    }

    /// The first instant after.
    pub const fn end(self) -> Timestamp {
        self.end
    }

    /// How long it is, in whole minutes (rounded down).
    pub fn minutes(self) -> i64 {
        self.end.duration_since(self.start).as_mins()
    }

    /// Whether the two share any time; spans that only touch do not.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the instant lies inside.
    pub fn contains(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// The time that both have.
    pub fn intersection(self, other: Span) -> Option<Span> {
        Span::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// The same span with time added before and after; saturates at the ends of time.
    #[must_use]
    pub fn widened(self, minutes_before: u32, minutes_after: u32) -> Span {
        let before = SignedDuration::from_mins(i64::from(minutes_before));
        let after = SignedDuration::from_mins(i64::from(minutes_after));
        Span {
            start: self.start.saturating_sub(before).unwrap_or(self.start),
            end: self.end.saturating_add(after).unwrap_or(self.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    #[test]
    fn spans_that_only_touch_do_not_overlap() {
        let first = Span::new(at(0), at(60)).unwrap();
        let second = Span::new(at(60), at(90)).unwrap();
        assert!(!first.overlaps(second));
        assert_eq!(first.intersection(second), None);
    }

    #[test]
    fn an_end_before_the_start_is_refused_from_outside_too() {
        let json = r#"{"start":"2026-11-23T10:00:00Z","end":"2026-11-23T09:00:00Z"}"#;
        let error = serde_json::from_str::<Span>(json).unwrap_err();
        assert!(error.to_string().contains("the end must be after the start"), "{error}");
    }
}
