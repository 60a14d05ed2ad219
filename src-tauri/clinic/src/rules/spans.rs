//! Set algebra of time. Every answer is in order, and its spans neither overlap nor touch.
//!
//! The arguments may be in any order and may overlap: rows of a table do.

use crate::span::Span;
use jiff::Timestamp;

/// The time that at least one of the spans has.
pub fn union(spans: &[Span]) -> Vec<Span> {
    at_least(spans, 1)
}

/// The time that both sides have.
pub fn intersect(left: &[Span], right: &[Span]) -> Vec<Span> {
    let mut both = union(left);
    both.extend(union(right));
    at_least(&both, 2)
}

/// The time that `from` has and `taken` has not.
pub fn subtract(from: &[Span], taken: &[Span]) -> Vec<Span> {
    let taken = union(taken);
    let mut left = Vec::new();
    for span in union(from) {
        let mut start = span.start();
        let first = taken.partition_point(|other| other.end() <= start);
        for other in taken.iter().skip(first).take_while(|other| other.start() < span.end()) {
            left.extend(Span::new(start, other.start()));
            start = start.max(other.end());
        }
        left.extend(Span::new(start, span.end()));
    }
    left
}

/// The time that at least `depth` of the spans have at once; a `depth` of 0 counts as 1.
pub fn at_least(spans: &[Span], depth: usize) -> Vec<Span> {
    let depth = depth.max(1);
    let mut edges: Vec<(Timestamp, bool)> = Vec::with_capacity(spans.len() * 2);
    for span in spans {
        edges.push((span.start(), true));
        edges.push((span.end(), false));
    }
    // Starts sort before ends of the same instant here, so that spans that touch are one stretch.
    edges.sort_unstable_by_key(|(at, starts)| (*at, !*starts));
    let mut found: Vec<Span> = Vec::new();
    let (mut open, mut since) = (0_usize, None);
    for (at, starts) in edges {
        open = if starts { open + 1 } else { open.saturating_sub(1) };
        match since {
            None if open >= depth => since = Some(at),
            Some(start) if open < depth => {
                found.extend(Span::new(start, at));
                since = None;
            }
            _ => {}
        }
    }
    found
}

/// Whether `spans` together have all of `span`.
pub fn cover(spans: &[Span], span: Span) -> bool {
    union(spans).into_iter().any(|stretch| stretch.covers(span))
}
