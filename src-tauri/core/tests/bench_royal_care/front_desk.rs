//! Deskbell's engine as the shell runs it: signed in, with three windows open and a person at one of them.

use crate::hour::Hour;
use deskbell_clinic::Kind;
use deskbell_core::backend::Speaks;
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::sync::attention;
use deskbell_core::sync::clock::WallClock;
use deskbell_royal_care_stand_in::{Clock, PASSWORD, StandIn};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// How often the person touches the window in use.
const TOUCH: Duration = Duration::from_secs(20);
/// Longer than anything here may take.
const BOUND: Duration = Duration::from_secs(600);

/// The computer's clock and the server's are one.
struct Shared(Clock);

impl WallClock for Shared {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// The desk.
pub(crate) struct FrontDesk<'a> {
    desk: Desk,
    clinic: &'a StandIn,
    touched: Cell<Option<Instant>>,
    _folder: TempDir,
}

impl<'a> FrontDesk<'a> {
    pub(crate) async fn open(clinic: &'a StandIn, account: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = DeskOptions::new(folder.path().to_owned(), &clinic.url())
            .speaks(Speaks::RoyalCare)
            .practice()
            .clock(Arc::new(Shared(clinic.clock().clone())));
        let desk = Desk::open(options).await.unwrap();
        desk.sign_in(account, PASSWORD).await.unwrap();
        Self {
            desk,
            clinic,
            touched: Cell::new(None),
            _folder: folder,
        }
    }

    /// A person works at the operator's window; the other two are to be seen.
    pub(crate) fn in_use(&self) {
        let now = Instant::now();
        if self.touched.get().is_some_and(|at| now - at < TOUCH) {
            return;
        }
        self.touched.set(Some(now));
        self.desk.attend("operator", attention::Desk::Front, true, true, true);
        self.desk
            .attend("scheduling", attention::Desk::Front, true, false, false);
        self.desk
            .attend("therapist", attention::Desk::Therapist, true, false, false);
    }

    /// Waits until everything has been read once.
    pub(crate) async fn level(&self, hour: &Hour<'_>) {
        self.in_use();
        let begun = Instant::now();
        while self.desk.status().borrow().last_success.is_none() {
            assert!(
                begun.elapsed() < BOUND,
                "the desk is not level: {:?}",
                *self.desk.status().borrow()
            );
            hour.step().await;
        }
        // What is read beside the first page, and the hints' connection.
        hour.pass(Duration::from_secs(60), |_| self.in_use()).await;
    }

    /// How long others' new hours on a day, so many from today, take to be told to the windows: the worst of `times`, in
    /// seconds. They are entered at moments that fall differently into the desk's intervals.
    pub(crate) async fn hours_of_others(&self, hour: &Hour<'_>, from_today: i64, times: u32) -> f64 {
        let today = self
            .clinic
            .clock()
            .now()
            .to_zoned(TimeZone::get("Asia/Manila").unwrap())
            .date();
        let day = today.checked_add(from_today.days()).unwrap();
        let mut worst = Duration::ZERO;
        for time in 0..times {
            hour.pass(Duration::from_millis(47_300 + u64::from(time) * 5_900), |_| {
                self.in_use();
            })
            .await;
            let mut commits = self.desk.commits();
            let therapist = format!("th{:02}", time + 10);
            let minute = format!("03:{time:02}");
            self.clinic
                .offer(&therapist, &day.to_string(), &minute, "04:30")
                .unwrap();
            let begun = Instant::now();
            'told: loop {
                assert!(begun.elapsed() < BOUND, "others' hours of {day} are never seen");
                self.in_use();
                hour.step().await;
                while let Ok(commit) = commits.try_recv() {
                    let told = |kind, days: &[jiff::civil::Date]| kind == Kind::Availability && days.contains(&day);
                    if commit.overflow || commit.items.iter().any(|item| told(item.kind, &item.days)) {
                        break 'told;
                    }
                }
            }
            worst = worst.max(begun.elapsed());
        }
        worst.as_secs_f64()
    }
}
