//! `make bench-royal-care`: what Deskbell asks of the Royal Care service in an hour, beside what that service's own web
//! client asks, and how late others' hours are seen. Both are run side by side against the stand-in, whose lists weigh
//! what the real ones do.
//!
//! The engine is the real one, over real sockets; only time is not. Its hours are minutes here, because the clock stands
//! still while anybody works and moves on when all wait ([`hour`]). Windows ask the server for nothing, so that none are
//! opened: the desk is told of three, and of a person at one of them. It fails only when something cannot be measured; a
//! target that is missed is printed and written as missed.
#![allow(clippy::unwrap_used, reason = "helpers of tests may, as tests do")]

mod day;
mod figures;
mod front_desk;
mod hour;
mod web_client;

use day::Day;
use deskbell_royal_care_stand_in::{Count, Opening, StandIn, Traffic};
use figures::Figures;
use front_desk::FrontDesk;
use hour::Hour;
use jiff::civil::date;
use std::path::Path;
use std::time::Duration;
use web_client::{Tab, WebClient};

/// Deskbell's account, and those of the two tabs.
const DESK: &str = "op2";
const OPERATOR_TAB: &str = "op1";
const SCHEDULING_TAB: &str = "op2fa";

const AN_HOUR: Duration = Duration::from_secs(3_600);
/// A day of 28 bookings with ten steps each, over twelve hours.
const SAVES: usize = 23;

/// What was measured of the web client on the real service: requests and MB of an hour.
const MEASURED_SCHEDULING_QUIET: (f64, f64) = (293.0, 40.0);
const MEASURED_OPERATOR_WITH_SAVES: ((f64, f64), (f64, f64)) = ((250.0, 850.0), (28.0, 85.0));

#[tokio::test(start_paused = true)]
#[ignore = "measures for minutes: make bench-royal-care"]
async fn what_deskbell_costs_the_royal_care_service_is_measured_beside_its_web_client() {
    // Ten in the morning in Manila.
    let ten = date(2026, 11, 23).at(2, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
    let clinic = Opening::at(ten).open().await.unwrap();
    // The third operator's second factor, which on this service lets nobody in, is switched off.
    clinic.set_two_factor(SCHEDULING_TAB, false);
    let hour = Hour::over(&clinic);
    let desk = FrontDesk::open(&clinic, DESK).await;
    desk.level(&hour).await;
    let web = WebClient::open(
        &clinic,
        &[(OPERATOR_TAB, Tab::Operator), (SCHEDULING_TAB, Tab::Scheduling)],
    )
    .await;

    let mut figures = Figures::default();
    clinic.forget_traffic();
    hour.pass(AN_HOUR, |_| desk.in_use()).await;
    println!("{}", what_it_asked("quiet", &clinic.traffic()));
    quiet(&mut figures, &clinic);

    let mut day = Day::begin(&clinic, DESK).await;
    clinic.forget_traffic();
    let apart = AN_HOUR / u32::try_from(SAVES).unwrap();
    for _ in 0..SAVES {
        day.save().await;
        hour.pass(apart, |_| desk.in_use()).await;
    }
    println!("{}", what_it_asked("23 saves", &clinic.traffic()));
    busy(&mut figures, &clinic);
    drop(web);

    let (today, tomorrow) = (
        desk.hours_of_others(&hour, 0, 12).await,
        desk.hours_of_others(&hour, 1, 12).await,
    );
    figures.within(
        "others' hours of today, until Deskbell's windows are told, worst of 12",
        "s",
        today,
        15.0,
    );
    figures.within(
        "others' hours of tomorrow, until Deskbell's windows are told, worst of 12",
        "s",
        tomorrow,
        75.0,
    );

    println!("{}", figures.table());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("royal-care.json");
    std::fs::write(&file, figures.json()).unwrap();
    println!("written to {}", file.display());
}

/// Requests, and MB of answers and of messages heard, that an account's client asked for. What a save itself costs is the
/// saver's.
fn asked_by(traffic: &Traffic, account: &str) -> (f64, f64) {
    let mut own = traffic.of(account);
    own.asked.retain(|asked| asked.method == "GET");
    let whole = own.whole();
    (whole.requests as f64, whole.bytes as f64 / 1e6)
}

/// One line an endpoint: what Deskbell's requests went to.
fn what_it_asked(when: &str, traffic: &Traffic) -> String {
    let own = traffic.of(DESK);
    let line =
        |count: Count, what: &str| format!("{:>6} {:>9.1} kB  {what}\n", count.requests, count.bytes as f64 / 1e3);
    let endpoints = own
        .by_endpoint()
        .into_iter()
        .map(|((method, path), count)| line(count, &format!("{method} {path}")));
    let heard = own.heard.into_values().map(|count| line(count, "messages heard"));
    format!(
        "Deskbell, {when}, by endpoint:\n{}",
        endpoints.chain(heard).collect::<String>()
    )
}

fn quiet(figures: &mut Figures, clinic: &StandIn) {
    let traffic = clinic.traffic();
    let (requests, megabytes) = asked_by(&traffic, DESK);
    assert!(requests > 0.0, "a desk asks");
    figures.value(
        "Deskbell, three windows, a person at one, quiet: requests",
        "1/h",
        requests,
    );
    figures.within(
        "Deskbell, three windows, a person at one, quiet: answers",
        "MB/h",
        megabytes,
        12.0,
    );
    let (requests, megabytes) = asked_by(&traffic, SCHEDULING_TAB);
    figures.value("web client, scheduling tab, quiet, replayed: requests", "1/h", requests);
    figures.value(
        "web client, scheduling tab, quiet, replayed: answers",
        "MB/h",
        megabytes,
    );
    let (requests, megabytes) = MEASURED_SCHEDULING_QUIET;
    figures.value(
        "web client, scheduling tab, quiet, measured on the real service: requests",
        "1/h",
        requests,
    );
    figures.value(
        "web client, scheduling tab, quiet, measured on the real service: answers",
        "MB/h",
        megabytes,
    );
    let (requests, megabytes) = asked_by(&traffic, OPERATOR_TAB);
    figures.value("web client, operator tab, quiet, replayed: requests", "1/h", requests);
    figures.value("web client, operator tab, quiet, replayed: answers", "MB/h", megabytes);
}

fn busy(figures: &mut Figures, clinic: &StandIn) {
    let traffic = clinic.traffic();
    let (requests, megabytes) = asked_by(&traffic, DESK);
    figures.value(
        "Deskbell, three windows, a person at one, 23 saves: requests",
        "1/h",
        requests,
    );
    figures.within(
        "Deskbell, three windows, a person at one, 23 saves: answers",
        "MB/h",
        megabytes,
        20.0,
    );
    for (tab, account) in [("operator", OPERATOR_TAB), ("scheduling", SCHEDULING_TAB)] {
        let (requests, megabytes) = asked_by(&traffic, account);
        figures.value(
            &format!("web client, {tab} tab, 23 saves, replayed: requests"),
            "1/h",
            requests,
        );
        figures.value(
            &format!("web client, {tab} tab, 23 saves, replayed: answers"),
            "MB/h",
            megabytes,
        );
    }
    let never = |path: &str| {
        traffic
            .of(DESK)
            .asked
            .iter()
            .filter(|asked| asked.endpoint.contains(path))
            .count() as f64
    };
    figures.within(
        "Deskbell, 23 saves: times it asked for upcoming/, the dearest list there is",
        "1/h",
        never("/upcoming/"),
        0.0,
    );
    figures.within(
        "Deskbell, 23 saves: times it called auto_cancel_overdue/",
        "1/h",
        never("/auto_cancel_overdue/"),
        0.0,
    );
    let ((fewest, most), (least, largest)) = MEASURED_OPERATOR_WITH_SAVES;
    let measured = "web client, operator tab, 23 saves, reckoned from the real service:";
    figures.value(&format!("{measured} requests, at least"), "1/h", fewest);
    figures.value(&format!("{measured} requests, at most"), "1/h", most);
    figures.value(&format!("{measured} answers, at least"), "MB/h", least);
    figures.value(&format!("{measured} answers, at most"), "MB/h", largest);
    let hours = traffic.asked.iter().filter(|asked| {
        asked.endpoint == "/api/scheduling/availabilities/"
            && [OPERATOR_TAB, SCHEDULING_TAB].contains(&asked.account.as_str())
    });
    figures.value(
        "web client, both tabs: times it asked for others' hours",
        "1/h",
        hours.count() as f64,
    );
}
