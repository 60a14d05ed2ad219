//! How the sync has done lately: the picture and the figures of the settings window, and the report that a person can hand
//! to whoever helps them. Neither has a place for anything personal.

use crate::sync::journal::{Entry, Happening, SPAN};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Pieces that the last hour is drawn in, a minute each.
const MINUTES: usize = 60;

/// How the sync has done within the last hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HealthView {
    /// When the picture begins and ends, as `13:05` and `14:05`.
    pub from: String,
    /// See `from`.
    pub until: String,
    /// The sixty minutes between, oldest first.
    pub minutes: Vec<HealthMinute>,
    /// Requests within the hour.
    pub requests: u32,
    /// The middle one of the times that answers took, in milliseconds; none without answers.
    pub usual_ms: Option<u32>,
    /// The time that 95 of 100 answers took at most.
    pub slow_ms: Option<u32>,
    /// Of each 100 changes from elsewhere, those whose hint was lost; none where there are no hints.
    pub hints_lost: Option<u32>,
    /// What failed, most often first.
    pub failures: Vec<HealthFailure>,
    /// How much room the cache takes, as `12.4 MB`; none when nobody is signed in.
    pub cache: Option<String>,
    /// How far this computer's clock is off the server's, as `12 s behind`; none when it is right.
    pub clock_off: Option<String>,
    /// All of it and a little more, as text to hand on.
    pub report: String,
}

/// What happened within one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct HealthMinute {
    /// Pulls that the server answered.
    pub polls: u32,
    /// Hints that were heard.
    pub hints: u32,
    /// Requests that failed.
    pub failures: u32,
    /// The slowest answer, in milliseconds; none without answers.
    pub slowest_ms: Option<u32>,
}

/// What failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HealthFailure {
    /// The code of why, as the logs have it.
    pub code: String,
    /// How often within the hour.
    pub times: u32,
    /// When last, as `13:31`.
    pub last: String,
}

/// What the report says beside the hour itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circumstances {
    /// What the desk speaks, how it stands, hints: one line each, in the words of the logs.
    pub lines: Vec<String>,
    /// The requests of the hour, where the backend counts them itself: one pull may be several.
    pub requests: Option<u32>,
    pub hints_lost: Option<u32>,
    pub cache_bytes: Option<u64>,
    pub server_offset: SignedDuration,
}

/// Draws an hour. `time` says a moment in the clinic's clock.
pub(crate) fn drawn(
    entries: &[Entry],
    now: Timestamp,
    time: impl Fn(Timestamp) -> String,
    around: &Circumstances,
) -> HealthView {
    let from = now.checked_sub(SPAN).unwrap_or(now);
    let mut minutes = vec![HealthMinute::default(); MINUTES];
    let mut took = Vec::new();
    let mut requests = 0;
    let mut failed: BTreeMap<&'static str, (u32, Timestamp)> = BTreeMap::new();
    for Entry { at, what } in entries {
        let past = usize::try_from(at.duration_since(from).as_mins()).unwrap_or_default();
        let Some(minute) = minutes.get_mut(past.min(MINUTES - 1)) else {
            continue;
        };
        match what {
            Happening::Asked => requests += 1,
            Happening::Hinted => minute.hints += 1,
            Happening::Polled { took: this, .. } => {
                minute.polls += 1;
                minute.slowest_ms = minute.slowest_ms.max(Some(millis(*this)));
                took.push(millis(*this));
            }
            Happening::Sent { took: this } => {
                minute.slowest_ms = minute.slowest_ms.max(Some(millis(*this)));
                took.push(millis(*this));
            }
            Happening::Failed(code) => {
                minute.failures += 1;
                let known = failed.entry(code).or_insert((0, *at));
                *known = (known.0 + 1, *at);
            }
        }
    }
    took.sort_unstable();
    let mut failures: Vec<_> = failed
        .into_iter()
        .map(|(code, (times, last))| HealthFailure {
            code: code.to_owned(),
            times,
            last: time(last),
        })
        .collect();
    failures.sort_by_key(|failure| std::cmp::Reverse(failure.times));
    let mut view = HealthView {
        from: time(from),
        until: time(now),
        minutes,
        requests: around.requests.unwrap_or(requests),
        usual_ms: share(&took, 50),
        slow_ms: share(&took, 95),
        hints_lost: around.hints_lost,
        failures,
        cache: around.cache_bytes.map(size),
        clock_off: clock_off(around.server_offset),
        report: String::new(),
    };
    view.report = report(&view, now, &around.lines);
    view
}

fn report(view: &HealthView, now: Timestamp, lines: &[String]) -> String {
    let or_none =
        |number: Option<u32>, unit: &str| number.map_or_else(|| "none".to_owned(), |number| format!("{number} {unit}"));
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let mut text = vec![
        format!("Deskbell {} on {system}", env!("CARGO_PKG_VERSION")),
        format!("{now:.0}; {} to {} in the clinic's clock", view.from, view.until),
    ];
    text.extend_from_slice(lines);
    text.extend([
        format!("requests: {}", view.requests),
        format!(
            "answers: usually {}, 95 of 100 within {}",
            or_none(view.usual_ms, "ms"),
            or_none(view.slow_ms, "ms")
        ),
        format!("hints lost: {}", or_none(view.hints_lost, "of 100")),
        format!("cache: {}", view.cache.as_deref().unwrap_or("none")),
        format!("clock: {}", view.clock_off.as_deref().unwrap_or("right")),
    ]);
    let failures = view.failures.iter();
    text.extend(failures.map(|failure| format!("failed: {} x {}, last {}", failure.times, failure.code, failure.last)));
    text.push("minute by minute, oldest first: polls/hints/failures/slowest ms".to_owned());
    let minutes: Vec<_> = view
        .minutes
        .iter()
        .map(|minute| {
            let slowest = minute.slowest_ms.map_or_else(|| "-".to_owned(), |ms| ms.to_string());
            format!("{}/{}/{}/{slowest}", minute.polls, minute.hints, minute.failures)
        })
        .collect();
    text.extend(minutes.chunks(10).map(|ten| ten.join(" ")));
    text.push(String::new());
    text.join("\n")
}

fn millis(took: Duration) -> u32 {
    u32::try_from(took.as_millis()).unwrap_or(u32::MAX)
}

/// The value that so many of 100 do not exceed, of sorted ones.
fn share(sorted: &[u32], of_100: usize) -> Option<u32> {
    let nth = (sorted.len() * of_100).div_ceil(100).checked_sub(1)?;
    sorted.get(nth).copied()
}

/// `12.4 MB`.
fn size(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// A second or less is what any two clocks are apart.
fn clock_off(server_ahead: SignedDuration) -> Option<String> {
    let seconds = server_ahead.as_secs();
    let (apart, side) = (seconds.unsigned_abs(), if seconds > 0 { "behind" } else { "ahead" });
    (apart > 1).then(|| match apart {
        ..120 => format!("{apart} s {side}"),
        120..7_200 => format!("{} min {side}", apart / 60),
        _ => format!("{} h {side}", apart / 3_600),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
    }

    fn view(entries: &[(i64, Happening)]) -> HealthView {
        let entries: Vec<_> = entries
            .iter()
            .map(|(second, what)| Entry {
                at: at(*second),
                what: *what,
            })
            .collect();
        let time = |at: Timestamp| format!("m{}", at.as_second() / 60);
        drawn(
            &entries,
            at(3_600),
            time,
            &Circumstances {
                lines: vec!["link: live".into()],
                requests: None,
                hints_lost: Some(3),
                cache_bytes: Some(12_449_999),
                server_offset: SignedDuration::from_secs(-90),
            },
        )
    }

    fn polled(ms: u64) -> Happening {
        Happening::Polled {
            took: Duration::from_millis(ms),
            changes: 1,
        }
    }

    #[test]
    fn each_minute_has_what_happened_in_it_and_its_slowest_answer() {
        let view = view(&[
            (0, polled(10)),
            (30, polled(70)),
            (61, Happening::Hinted),
            (3_599, Happening::Failed("timeout")),
            (3_600, Happening::Asked),
        ]);
        assert_eq!(view.minutes.len(), 60);
        assert_eq!((view.minutes[0].polls, view.minutes[0].slowest_ms), (2, Some(70)));
        assert_eq!((view.minutes[1].hints, view.minutes[1].slowest_ms), (1, None));
        assert_eq!(view.minutes[59].failures, 1);
        assert_eq!(view.requests, 1);
    }

    #[test]
    fn the_usual_and_the_slow_answer_are_real_ones() {
        let answers: Vec<_> = (1..=100).map(|ms| (0, polled(ms))).collect();
        let view = view(&answers);
        assert_eq!((view.usual_ms, view.slow_ms), (Some(50), Some(95)));
        assert_eq!(share(&[], 50), None);
        assert_eq!(share(&[7], 95), Some(7));
    }

    #[test]
    fn the_report_says_all_of_it_in_lines() {
        let view = view(&[
            (0, polled(10)),
            (120, Happening::Failed("timeout")),
            (180, Happening::Failed("unreachable")),
            (240, Happening::Failed("timeout")),
        ]);
        assert_eq!(view.clock_off.as_deref(), Some("90 s ahead"));
        assert_eq!(view.cache.as_deref(), Some("12.4 MB"));
        assert_eq!(
            view.failures[0],
            HealthFailure {
                code: "timeout".into(),
                times: 2,
                last: "m4".into()
            }
        );
        for line in [
            "link: live",
            "answers: usually 10 ms, 95 of 100 within 10 ms",
            "hints lost: 3 of 100",
            "failed: 2 x timeout, last m4",
            "1/0/0/10 0/0/0/- 0/0/1/- 0/0/1/- 0/0/1/-",
        ] {
            assert!(view.report.contains(line), "{line} is not in\n{}", view.report);
        }
    }
}
