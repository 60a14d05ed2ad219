//! Whether two places hold the same rows, without sending the rows: a count and a sum over ids and versions.
//!
//! The sum does not depend on the order and can be kept incrementally: a row that comes is added, one that goes is taken
//! away, and sums of parts that share no row make the sum of the whole. Rows that ended long ago drop out by the UTC day
//! they end on, so that a server keeps one sum a day and a desk that let old rows go still agrees with it.

use crate::row::Row;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Milliseconds of a UTC day.
const DAY_MS: i64 = 86_400_000;

/// A count and a sum over rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowSum {
    rows: u32,
    sum: u128,
}

impl RowSum {
    /// A sum as it was stored.
    pub const fn new(rows: u32, sum: u128) -> Self {
        Self { rows, sum }
    }

    /// How many rows.
    pub const fn rows(self) -> u32 {
        self.rows
    }

    /// The sum, to be stored.
    pub const fn sum(self) -> u128 {
        self.sum
    }

    /// With one row more.
    #[must_use]
    pub fn with(self, id: Uuid, version: u32) -> Self {
        self.merged(Self {
            rows: 1,
            sum: weight(id, version),
        })
    }

    /// With one row less, which must have been in it.
    #[must_use]
    pub fn without(self, id: Uuid, version: u32) -> Self {
        Self {
            rows: self.rows.saturating_sub(1),
            sum: self.sum.wrapping_sub(weight(id, version)),
        }
    }

    /// Together with another that shares no row with this one.
    #[must_use]
    pub const fn merged(self, other: Self) -> Self {
        Self {
            rows: self.rows.saturating_add(other.rows),
            sum: self.sum.wrapping_add(other.sum),
        }
    }

    /// The sum as it is sent: 32 hexadecimal digits.
    pub fn hash(self) -> String {
        format!("{:032x}", self.sum)
    }
}

fn weight(id: Uuid, version: u32) -> u128 {
    let hash = Sha256::new()
        .chain_update(id.as_bytes())
        .chain_update(version.to_be_bytes())
        .finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    u128::from_be_bytes(first)
}

/// The UTC day, counted from 1970, on which the instant lies.
pub fn utc_day(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(DAY_MS)
}

/// The first instant of a UTC day; the nearest there is for days that no instant lies on.
pub fn utc_day_start(day: i64) -> Timestamp {
    Timestamp::from_millisecond(day.saturating_mul(DAY_MS)).unwrap_or(if day < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// Whether a row counts in a digest that begins on this UTC day: it has no end, or ends on that day or later.
pub fn counts_from(row: &Row, day: i64) -> bool {
    row.last_end().is_none_or(|end| utc_day(end) >= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn a_sum_does_not_depend_on_order_and_what_was_added_can_be_taken_away() {
        let there = RowSum::default().with(id(1), 1).with(id(2), 7);
        let back = RowSum::default().with(id(2), 7).with(id(3), 2).with(id(1), 1);
        assert_ne!(there, back);
        assert_eq!(there, back.without(id(3), 2));
        assert_eq!(there.without(id(1), 1).without(id(2), 7), RowSum::default());
    }

    #[test]
    fn another_version_or_another_row_makes_another_sum() {
        let sum = RowSum::default().with(id(1), 1);
        assert_ne!(sum.hash(), RowSum::default().with(id(1), 2).hash());
        assert_ne!(sum.hash(), RowSum::default().with(id(2), 1).hash());
        assert_eq!(sum.hash().len(), 32);
    }

    #[test]
    fn parts_make_the_whole() {
        let (a, b) = (RowSum::default().with(id(1), 1), RowSum::default().with(id(2), 1));
        assert_eq!(a.merged(b), RowSum::default().with(id(1), 1).with(id(2), 1));
    }

    #[test]
    fn days_are_whole_days_of_utc_also_before_1970() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(utc_day(at("1970-01-01T23:59:59.999Z")), 0);
        assert_eq!(utc_day(at("1969-12-31T23:59:59.999Z")), -1);
        assert_eq!(
            utc_day_start(utc_day(at("2026-11-23T13:00:00Z"))),
            at("2026-11-23T00:00:00Z")
        );
    }
}
