//! How fresh what is shown is: what the sync pill and its notices say, and the clock of the windows.

use crate::backend::Cost;
use crate::desk::Desk;
use crate::sync::link::LinkState;
use crate::sync::status::{HintState, SetAside};
use crate::view::{Now, Pill, SyncView, seconds, time_label};
use deskbell_clinic::Calendar;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Where only a person can begin another session, they are asked so long before it ends.
const SIGN_IN_AHEAD: SignedDuration = SignedDuration::from_mins(30);

/// What a person can do about a cache that stays other than its server.
const ROWS_DIFFER: &str = "Some of what is shown may not be as on the clinic's server, also after reading everything anew. \
                           Tell whoever keeps the server.";

fn set_aside_notice(what: SetAside) -> String {
    let unsent = match what {
        SetAside::TakenOver(0) => "Nothing was waiting to be sent.".to_owned(),
        SetAside::TakenOver(1) => "One change that was not sent yet was kept.".to_owned(),
        SetAside::TakenOver(acts) => format!("{acts} changes that were not sent yet were kept."),
        SetAside::Unreadable => {
            "Changes that were not sent yet could not be read: look whether your last ones are there.".to_owned()
        }
    };
    format!(
        "The clinic’s data on this computer could not be opened. It was set aside, and everything is read again from the \
         clinic’s server. {unsent}"
    )
}

impl Desk {
    /// A person has read what happened to this computer's data.
    pub fn dismiss_notice(&self) {
        self.amend_status(|status| status.set_aside = None);
    }

    /// What the sync pill says.
    pub async fn sync_view(&self) -> SyncView {
        let calendar = self.calendar().await;
        let status = self.status().borrow().clone();
        let pill = match status.link {
            LinkState::Starting | LinkState::Reading if status.last_success.is_none() => Pill::Starting,
            LinkState::AuthHeld => Pill::SignInAgain,
            LinkState::Live => Pill::Live,
            LinkState::Polling | LinkState::Reading | LinkState::Starting | LinkState::Suspended => Pill::Polling,
            LinkState::Offline
            | LinkState::Captive
            | LinkState::Throttled
            | LinkState::Halted
            | LinkState::Untrusted
            | LinkState::Closed => Pill::Offline,
        };
        let time = |at| Some(time_label(calendar.as_ref()?, at));
        let now = self.now();
        let ends_soon = self
            .session_ends()
            .filter(|ends| ends.duration_since(now) < SIGN_IN_AHEAD);
        let sign_in_by = ends_soon.filter(|ends| now < *ends).and_then(time);
        SyncView {
            pill,
            fresh_at: status.last_success.map(seconds),
            offline_since: status.offline_since.and_then(time),
            waiting: status.waiting,
            need_you: status.need_you,
            problem: status
                .problem
                .or_else(|| status.rows_differ.then(|| ROWS_DIFFER.to_owned())),
            notice: status.set_aside.map(set_aside_notice),
            poll_seconds: u32::try_from(status.interval.as_secs()).unwrap_or(u32::MAX),
            hints: status.hints == HintState::Heard,
            sign_in_by,
            cost: self.cost().map(cost_line),
            others: status.others.into_iter().map(Into::into).collect(),
        }
    }

    /// The clock for the windows' now-lines and ages; none before the clinic is known.
    pub async fn clock(&self) -> Option<Now> {
        Some(clock_of(&self.calendar().await?, self.now()))
    }

    pub(super) async fn calendar(&self) -> Option<Calendar> {
        self.read_calendar().await.ok()
    }
}

/// `9.1 MB in 290 requests within the last hour`.
fn cost_line(cost: Cost) -> String {
    let tenths = cost.bytes / 100_000;
    let minutes = cost.over.as_secs() / 60;
    let over = match minutes {
        0 | 1 => "the last minute".to_owned(),
        60.. => "the last hour".to_owned(),
        minutes => format!("the last {minutes} minutes"),
    };
    format!(
        "{}.{} MB in {} requests within {over}",
        tenths / 10,
        tenths % 10,
        cost.requests
    )
}

/// The clock at one instant, as the windows show it.
pub(super) fn clock_of(calendar: &Calendar, now: Timestamp) -> Now {
    let day = calendar.day_of(now);
    Now {
        at: seconds(now),
        date: day.to_string(),
        minute: calendar.minute_of_day(day, now),
        label: time_label(calendar, now),
        twelve_hours: calendar.customs().twelve_hours,
        week_starts: calendar.customs().week_starts.to_monday_one_offset().unsigned_abs(),
        zone: (!calendar.reads_as(&TimeZone::system(), now)).then(|| calendar.zone_name().replace('_', " ")),
    }
}
