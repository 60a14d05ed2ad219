//! The clinic of the play: a server, the operator's machine with three windows, and Ana's machine with one.
//!
//! The play is about tomorrow. The sample clinic's first therapists all work then from 10 to 18, whatever the time is
//! now, so the evening is free to be opened.

use crate::sight::{self, Sight};
use crate::support::driver::{App, Launch};
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use crate::told::Told;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;
use std::time::Instant;

/// The operator's windows.
pub(crate) struct Desk {
    pub(crate) operator: Window,
    pub(crate) scheduling: Window,
    pub(crate) therapist: Window,
}

impl Desk {
    /// Hours in a person's row and column, in minutes of the day; `name` is lower case.
    pub(crate) fn hours(&self, name: &str, from: u32, to: u32) -> Vec<Sight> {
        self.hours_with(name, from, to, "")
    }

    /// The same, with nothing about them waiting for the server.
    pub(crate) fn confirmed_hours(&self, name: &str, from: u32, to: u32) -> Vec<Sight> {
        self.hours_with(name, from, to, "[data-pending='']")
    }

    fn hours_with(&self, name: &str, from: u32, to: u32, more: &str) -> Vec<Sight> {
        let hours = format!("[data-testid=hours][data-from='{from}'][data-to='{to}']{more}");
        vec![
            Sight::of(&self.operator, format!("[data-testid=row-{name}] {hours}")),
            Sight::of(&self.scheduling, format!("[data-testid=col-{name}] {hours}")),
        ]
    }

    /// A booking on the board and in the calendar, in this state on its way to the server; empty is there.
    pub(crate) fn booking(&self, id: &str, pending: &str) -> Vec<Sight> {
        let css = format!("[data-testid=booking][data-id='{id}'][data-pending='{pending}']");
        vec![Sight::of(&self.operator, &*css), Sight::of(&self.scheduling, &*css)]
    }

    /// All three.
    pub(crate) fn all(&self) -> [&Window; 3] {
        [&self.operator, &self.scheduling, &self.therapist]
    }

    /// The same of each of the three.
    pub(crate) fn each(&self, css: &str) -> Vec<Sight> {
        self.all().map(|window| Sight::of(window, css)).into()
    }
}

/// See the module.
pub(crate) struct Clinic {
    pub(crate) day: Date,
    pub(crate) desk: Desk,
    pub(crate) ana: Window,
    // Dropped in this order: the applications, their machines, the server.
    _apps: [App; 2],
    pub(crate) desk_1: Workstation,
    _desk_2: Workstation,
    pub(crate) server: ClinicServer,
}

impl Clinic {
    /// Opens everything: the operator's machine first without its server, which was there the last time.
    pub(crate) async fn open(told: &mut Told, hints: Hints) -> Self {
        let server = ClinicServer::sample("demo", hints).await;
        let (desk_1, desk_2) = (
            Workstation::new("demo-desk-1").await,
            Workstation::new("demo-desk-2").await,
        );
        let three = Launch::on(&server).open("operator,scheduling,therapist");
        fill_the_cache(&desk_1, three.clone().user("olivia")).await;
        let act = Instant::now();
        let app = desk_1.start(three).await;
        let desk = windows_of(&app).await;
        let painted = vec![
            Sight::of(&desk.operator, "[data-testid=row-ana] [data-testid=hours]"),
            Sight::of(&desk.scheduling, "[data-testid=col-ana] [data-testid=hours]"),
            Sight::of(&desk.therapist, "[data-testid=hours]"),
        ];
        told.seen("1", "the app starts: its windows paint the day they kept", act, painted)
            .await;
        let act = Instant::now();
        told.seen(
            "1",
            "… and they are live",
            act,
            desk.each("[data-testid=sync-pill][data-state=live]"),
        )
        .await;

        let own = Launch::on(&server).argument("--profile").argument("desk-2");
        let second = desk_2.start(own.open("therapist").user("ana")).await;
        let ana = second.window("therapist").await;
        ana.wait_for_within("[data-testid=hours]", sight::BOUND).await;

        let today = desk.operator.attribute("[data-testid=board]", "data-day").await;
        let today: Date = today.expect("the board names its day").parse().expect("an ISO date");
        let clinic = Self {
            day: today.saturating_add(1.day()),
            desk,
            ana,
            _apps: [app, second],
            desk_1,
            _desk_2: desk_2,
            server,
        };
        told.pictures("1-opened", clinic.windows()).await;
        clinic.go_to_the_day().await;
        clinic
    }

    /// Every window with its machine's name.
    pub(crate) fn windows(&self) -> [(&'static str, &Window); 4] {
        let [operator, scheduling, therapist] = self.desk.all();
        [
            ("desk-1", operator),
            ("desk-1", scheduling),
            ("desk-1", therapist),
            ("desk-2", &self.ana),
        ]
    }

    async fn go_to_the_day(&self) {
        let days = [
            (&self.desk.operator, "board"),
            (&self.desk.scheduling, "schedule"),
            (&self.desk.therapist, "my-day"),
            (&self.ana, "my-day"),
        ];
        for (window, shows) in days {
            window.click_named("Day after").await;
            let day = format!("[data-testid={shows}][data-day='{}']", self.day);
            window.wait_for_within(&day, sight::BOUND).await;
        }
        for window in [&self.desk.therapist, &self.ana] {
            let column = format!("[data-testid=hours-column][data-day='{}']", self.day);
            window.wait_for_within(&column, sight::BOUND).await;
        }
    }

    /// The staff member that the desk's therapist window knows by this name.
    pub(crate) async fn staff_id(&self, name: &str) -> String {
        let window = &self.desk.therapist;
        option(window, "[data-testid=staff-picker]", name).await
    }

    /// Waits until `window` shows the week of the person of that name.
    pub(crate) async fn shows_week_of(&self, window: &Window, name: &str) {
        let week = format!("[data-testid=my-hours][data-staff='{}']", self.staff_id(name).await);
        window.wait_for_within(&week, sight::BOUND).await;
    }

    /// Adds hours on the play's day through the window's form; returns when the click on its button returned.
    pub(crate) async fn add_hours(&self, window: &Window, from: &str, to: &str) -> Instant {
        window.click("[data-testid=add-hours]").await;
        window.fill("[data-testid=hours-day]", &self.day.to_string()).await;
        window.fill("[data-testid=hours-start]", from).await;
        window.fill("[data-testid=hours-end]", to).await;
        window.click("[data-testid=hours-submit]").await;
        Instant::now()
    }

    /// Moves the end of hours of the play's day; returns when the click returned.
    pub(crate) async fn change_end(&self, window: &Window, hours: (u32, u32), to: &str) -> Instant {
        window.click(&self.mine(hours, "hours-edit")).await;
        window.fill("[data-testid=hours-end]", to).await;
        window.click("[data-testid=hours-submit]").await;
        Instant::now()
    }

    /// A part of the hours of the play's day in a therapist's window.
    pub(crate) fn mine(&self, (from, to): (u32, u32), part: &str) -> String {
        let hours = format!(
            "[data-testid=hours][data-day='{}'][data-from='{from}'][data-to='{to}']",
            self.day
        );
        format!("{hours} [data-testid={part}]")
    }
}

/// The value of the option that begins with `text`.
pub(crate) async fn option(window: &Window, select: &str, text: &str) -> String {
    let script = "return [...(document.querySelector(arguments[0])?.options ?? [])]
        .find(one => one.text.startsWith(arguments[1]))?.value ?? null";
    let what = format!("{}: {select} to offer {text}", window.page());
    let ask = async || {
        let value = window.run(script, vec![json!(select), json!(text)]).await;
        value.as_str().map(str::to_owned)
    };
    eventually(&what, sight::BOUND, ask).await.0
}

async fn windows_of(app: &App) -> Desk {
    Desk {
        operator: app.window("operator").await,
        scheduling: app.window("scheduling").await,
        therapist: app.window("therapist").await,
    }
}

/// Yesterday, so to speak: the operator signs in, sees the clinic, and goes home.
async fn fill_the_cache(machine: &Workstation, launch: Launch) {
    let app = machine.start(launch).await;
    let desk = windows_of(&app).await;
    sight::all(&desk.each("[data-testid=hours]"), true, Instant::now()).await;
    sight::all(
        &desk.each("[data-testid=sync-pill][data-state=live]"),
        true,
        Instant::now(),
    )
    .await;
    assert!(app.quit().success(), "the application ends when it is asked to");
}
