//! A desk and the real server with a proxy between them that does what networks do to sockets.

#[path = "../simulation/clinic.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod clinic;
#[path = "../support/fault_proxy.rs"]
mod fault_proxy;
#[path = "../simulation/ledger.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod ledger;
#[path = "../simulation/time.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod time;

use clinic::{Template, client, desk_folder, morning, server_folder};
use deskbell_clinic::{ClientId, Kind};
use deskbell_core::backend::Timeouts;
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::outbox::intent::Intent;
use deskbell_core::sync::link::LinkState;
use deskbell_server::{Clock, Config, Running, Server};
use fault_proxy::{Fault, FaultProxy};
use jiff::SignedDuration;
use ledger::Ledger;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// How long anything may take.
const BOUND: Duration = Duration::from_secs(30);

struct Clinic {
    root: TempDir,
    server: Running,
    proxy: FaultProxy,
    desk: Desk,
}

impl Clinic {
    async fn open() -> Self {
        let root = Template::get().copy();
        let began = Instant::now();
        let mut config = Config::new(server_folder(root.path()), ([127, 0, 0, 1], 0).into());
        // The template's sessions are of its own day.
        config.clock =
            Clock::saying(move || morning() + SignedDuration::try_from(began.elapsed()).expect("a test is short"));
        let server = Server::open(config).await.expect("the template's folder");
        let server = server.start().await.expect("a free port");
        let proxy = FaultProxy::before(server.address()).await;
        let timeouts = Timeouts {
            connect: Duration::from_secs(1),
            answer: Duration::from_millis(700),
            heartbeat: Duration::from_secs(45),
        };
        let options = DeskOptions::new(desk_folder(root.path(), 0), &proxy.url());
        let desk = Desk::open(options.practice().timeouts(timeouts))
            .await
            .expect("the template's folder");
        let clinic = Self {
            root,
            server,
            proxy,
            desk,
        };
        clinic
            .until("connected", |link| link.is_connected() && *link != LinkState::Reading)
            .await;
        clinic
    }

    async fn until(&self, what: &str, holds: impl Fn(&LinkState) -> bool) {
        let mut status = self.desk.status();
        let waited = tokio::time::timeout(BOUND, status.wait_for(|status| holds(&status.link))).await;
        assert!(waited.is_ok(), "{what}: {:?}", self.desk.status().borrow().link);
    }

    async fn until_sent(&self) {
        let sent = async {
            while !self.desk.outbox().await.expect("the cache can be read").is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(BOUND, sent).await.expect("the act is sent");
    }

    async fn clients(&self) -> usize {
        let read = self.desk.read(|snapshot| Ok(snapshot.rows(Kind::Client)?.len()));
        read.await.expect("the cache can be read")
    }

    async fn close(self) {
        self.desk.close().await;
        self.server.shutdown().await;
    }
}

#[tokio::test]
async fn a_write_whose_connection_is_reset_after_the_server_did_it_is_done_once() {
    let clinic = Clinic::open().await;
    clinic.proxy.set(Fault::ResetAfterCommit(1));
    let id = ClientId(Uuid::now_v7());
    let kept = clinic
        .desk
        .keep(Intent::put(client(id, "Newcomer"), None))
        .await
        .expect("it is kept");
    clinic.until_sent().await;
    assert_eq!(clinic.proxy.resets(), 1, "the answer was cut off");
    let ledger = Ledger::read(&server_folder(clinic.root.path()));
    assert_eq!(ledger.of(kept.operation, Kind::Client, id.uuid()).len(), 1);
    clinic.close().await;
}

#[tokio::test]
async fn a_half_open_line_is_given_up_and_what_was_known_stays() {
    let clinic = Clinic::open().await;
    let known = clinic.clients().await;
    clinic.proxy.set(Fault::HalfOpen);
    clinic.desk.refresh();
    clinic
        .until("the silence is noticed", |link| *link == LinkState::Offline)
        .await;
    assert_eq!(clinic.clients().await, known);
    clinic.proxy.set(Fault::None);
    clinic.until("found again by itself", LinkState::is_connected).await;
    clinic.close().await;
}

#[tokio::test]
async fn an_answer_that_drips_too_slowly_deletes_nothing_and_is_asked_for_again() {
    let clinic = Clinic::open().await;
    let known = clinic.clients().await;
    clinic.proxy.set(Fault::Drip(8, Duration::from_millis(100)));
    clinic.desk.refresh();
    clinic.until("given up", |link| *link == LinkState::Offline).await;
    assert_eq!(clinic.clients().await, known);
    clinic.proxy.set(Fault::None);
    clinic.until("found again by itself", LinkState::is_connected).await;
    clinic.close().await;
}

#[tokio::test]
async fn a_refused_line_keeps_acts_and_sends_them_when_it_is_back() {
    let clinic = Clinic::open().await;
    clinic.proxy.set(Fault::Refuse);
    clinic.desk.refresh();
    clinic.until("offline", |link| *link == LinkState::Offline).await;
    let id = ClientId(Uuid::now_v7());
    let kept = clinic
        .desk
        .keep(Intent::put(client(id, "Newcomer"), None))
        .await
        .expect("it is kept");
    clinic.proxy.set(Fault::None);
    clinic.until_sent().await;
    let ledger = Ledger::read(&server_folder(clinic.root.path()));
    assert_eq!(ledger.of(kept.operation, Kind::Client, id.uuid()).len(), 1);
    clinic.close().await;
}
