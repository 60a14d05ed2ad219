//! A clinic in one process: the server, the desks, the network between them, and whoever disturbs them.

use crate::clinic::{
    ACCOUNTS, Clerk, DESKS, NOWHERE, PASSWORD, TINA, Template, desk_folder, open_server, server_folder,
};
use crate::network::{Plug, Socket, Weather, Wire};
use crate::people::{self, Kept};
use crate::time::{Cable, DeskClock, WorldTime};
use crate::window::Window;
use deskbell_clinic::Role;
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::sync::attention;
use deskbell_core::sync::link::LinkState;
use deskbell_server::Unplugged;
use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::sleep;

/// The longest that quiet may take to come, in virtual time: many back-offs at their longest.
const QUIET: Duration = Duration::from_secs(3 * 3600);

/// One workstation.
pub(crate) struct Workstation {
    pub(crate) desk: Desk,
    pub(crate) wire: Arc<Wire>,
    pub(crate) clock: Arc<DeskClock>,
    pub(crate) window: Window,
    /// Published links of earlier lives of the desk, each life by itself.
    pub(crate) lives: Vec<Vec<(u32, u32)>>,
}

/// See the module.
pub(crate) struct World {
    pub(crate) time: Arc<WorldTime>,
    pub(crate) root: TempDir,
    plug: Plug,
    server: Option<Unplugged>,
    pub(crate) stations: Vec<Workstation>,
    pub(crate) kept: Vec<Kept>,
    pub(crate) rng: StdRng,
    seed: u64,
}

impl World {
    /// A clinic as the template left it, with all desks open.
    pub(crate) async fn open(seed: u64) -> Self {
        let root = Template::get().copy();
        let time = WorldTime::begin();
        let mut world = Self {
            time,
            root,
            plug: Plug::default(),
            server: None,
            stations: vec![],
            kept: vec![],
            rng: StdRng::seed_from_u64(seed),
            seed,
        };
        world.start_server().await;
        for index in 0..DESKS.len() {
            let salt = seed.wrapping_mul(1_000).wrapping_add(index as u64);
            let wire = Wire::new(&world.time, &world.plug, salt);
            let clock = DeskClock::new(&world.time, salt.wrapping_add(500));
            let desk = open_desk(world.root.path(), index, &wire, &clock).await;
            let window = Window::open(&desk, salt).await;
            world.stations.push(Workstation {
                desk,
                wire,
                clock,
                window,
                lives: vec![],
            });
        }
        world
    }

    /// Something happens, and then a while passes.
    pub(crate) async fn disturb(&mut self, troubles: &[Trouble]) {
        let station = self.rng.random_range(0..self.stations.len());
        let pick = self.rng.random_range(0..troubles.len());
        if self.rng.random_bool(0.6) {
            self.act(station).await;
        } else {
            self.suffer(troubles[pick], station).await;
        }
        sleep(Duration::from_millis(self.rng.random_range(0..60_000))).await;
    }

    async fn act(&mut self, index: usize) {
        let therapist = DESKS[index] == "tina";
        for _ in 0..self.rng.random_range(1..4) {
            let desk = &self.stations[index].desk;
            let kept = people::act(desk, index, therapist, &mut self.rng).await;
            self.kept.extend(kept);
        }
        self.decide(index, false).await;
    }

    async fn decide(&mut self, index: usize, give_up: bool) {
        for operation in people::decide(&self.stations[index].desk, give_up, &mut self.rng).await {
            for kept in self.kept.iter_mut().filter(|kept| kept.operation == operation) {
                kept.given_up = true;
            }
        }
    }

    async fn suffer(&mut self, trouble: Trouble, index: usize) {
        let station = &self.stations[index];
        match trouble {
            Trouble::Weather(weather) => station.wire.set_weather(weather),
            Trouble::LostHints(of_a_hundred) => station.wire.lose_hints(of_a_hundred),
            Trouble::ServerRestart => {
                self.stop_server().await;
                sleep(Duration::from_millis(self.rng.random_range(0..90_000))).await;
                self.start_server().await;
            }
            Trouble::Epoch => {
                self.stop_server().await;
                crate::ledger::begin_epoch(&server_folder(self.root.path()), self.rng.random());
                self.start_server().await;
            }
            Trouble::Role => {
                let (role, staff) = match self.rng.random_bool(0.5) {
                    true => (Role::Therapist, Some(TINA)),
                    false => (Role::Operator, None),
                };
                self.set_role(role, staff).await;
            }
            Trouble::ClockJump => {
                let hours = self.rng.random_range(-24..=24);
                station.clock.set(SignedDuration::from_hours(hours));
            }
            Trouble::Night => self.time.sleep(SignedDuration::from_hours(8)),
            Trouble::DeskRestart => self.restart_desk(index).await,
            Trouble::Refresh => {
                for _ in 0..self.rng.random_range(1..20) {
                    station.desk.refresh();
                    tokio::task::yield_now().await;
                }
            }
            Trouble::Attention => {
                let kind = match DESKS[index] {
                    "tina" => attention::Desk::Therapist,
                    _ => attention::Desk::Front,
                };
                let (visible, focused) = (self.rng.random_bool(0.8), self.rng.random_bool(0.7));
                station.desk.attend("window", kind, visible, focused, focused);
            }
        }
    }

    async fn set_role(&self, role: Role, staff: Option<deskbell_clinic::StaffId>) {
        let server = self.server.as_ref().expect("the server runs between troubles");
        server
            .set_role("tina", role, staff)
            .await
            .expect("an account of the template");
    }

    async fn start_server(&mut self) {
        let server = open_server(self.root.path(), &self.time, SignedDuration::from_hours(24)).await;
        let server = server.start_unplugged().await.expect("a clinic");
        *self.plug.write().expect("nothing panics holding it") = Some(server.router());
        self.server = Some(server);
    }

    async fn stop_server(&mut self) {
        *self.plug.write().expect("nothing panics holding it") = None;
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
    }

    async fn restart_desk(&mut self, index: usize) {
        self.stations[index].desk.close().await;
        self.stations[index].wire.forget_pauses();
        let (wire, clock) = (self.stations[index].wire.clone(), self.stations[index].clock.clone());
        let desk = open_desk(self.root.path(), index, &wire, &clock).await;
        if desk.account().is_none() {
            sign_in(&desk, &wire, index).await;
        }
        let window = Window::open(&desk, self.seed.wrapping_add(self.rng.random())).await;
        let station = &mut self.stations[index];
        station.desk = desk;
        let before = std::mem::replace(&mut station.window, window);
        let published = before.seen.lock().expect("nothing panics holding it").published.clone();
        station.lives.push(published);
        before.close();
    }

    /// Everything works again, people decide what they were asked, and nobody does anything new. Answers what is still
    /// not settled when that has lasted for hours.
    pub(crate) async fn quieten(&mut self) -> Result<(), String> {
        self.set_role(Role::Therapist, Some(TINA)).await;
        for station in &self.stations {
            station.wire.set_weather(Weather::Calm);
            station.wire.lose_hints(0);
            station.clock.set(SignedDuration::ZERO);
            station.window.calm();
        }
        let from = self.time.elapsed();
        while let Some(unsettled) = self.unsettled().await {
            if self.time.elapsed() - from > QUIET {
                return Err(unsettled);
            }
            sleep(Duration::from_secs(5)).await;
            self.settle().await;
        }
        self.last_word().await
    }

    /// People do what they are asked to: sign in, and decide.
    async fn settle(&mut self) {
        for index in 0..self.stations.len() {
            let desk = &self.stations[index].desk;
            if desk.status().borrow().link == LinkState::AuthHeld {
                sign_in(desk, &self.stations[index].wire, index).await;
            }
            self.decide(index, true).await;
        }
    }

    /// Why this is not quiet yet.
    async fn unsettled(&self) -> Option<String> {
        for (index, station) in self.stations.iter().enumerate() {
            let status = station.desk.status().borrow().clone();
            if !status.link.is_connected() || status.link == LinkState::Reading {
                return Some(format!("desk {index} is {:?}, {:?}", status.link, status.problem));
            }
            match station.desk.outbox().await {
                Ok(waiting) if waiting.is_empty() => {}
                Ok(waiting) => {
                    let states: Vec<_> = waiting.iter().map(|item| (item.kind, item.state)).collect();
                    return Some(format!("desk {index} still has {states:?}"));
                }
                Err(error) => return Some(format!("desk {index} cannot be read: {error:?}")),
            }
        }
        None
    }

    /// One more change that everybody sees, so that a window whose last notice was lost has a next one; then every desk
    /// pulls.
    async fn last_word(&mut self) -> Result<(), String> {
        let ada = self.clerk(ACCOUNTS.len()).await;
        let everything = ada.everything().await;
        let (kind, _, version, body) = everything
            .iter()
            .find(|(kind, ..)| *kind == deskbell_clinic::Kind::Resource)
            .expect("the template has a room");
        let mut body = body.clone();
        body["name"] = format!("Room of seed {}", self.seed).into();
        let row = deskbell_clinic::Row::read(*kind, &body).expect("a row of the server");
        let said = self.time.now();
        ada.put(&row, Some(*version)).await;
        let from = self.time.elapsed();
        loop {
            sleep(Duration::from_secs(2)).await;
            self.settle().await;
            let level = |station: &Workstation| {
                let status = station.desk.status().borrow().clone();
                status.last_success.is_some_and(|at| at > said) && status.link != LinkState::Reading
            };
            if self.stations.iter().all(level) && self.unsettled().await.is_none() {
                // The windows' own tasks have run once the runtime was idle for a moment.
                sleep(Duration::from_secs(1)).await;
                return Ok(());
            }
            if self.time.elapsed() - from > QUIET {
                return Err("a desk never pulled the last change".to_owned());
            }
        }
    }

    /// A witness of that account (see [`ACCOUNTS`]; one past the end is the admin).
    pub(crate) async fn clerk(&self, account: usize) -> Clerk {
        let router = self.plug.read().expect("nothing panics holding it").clone();
        Clerk::resume(router.expect("the server runs"), &Template::get().witnesses[account]).await
    }

    /// Ends everything and answers the folder of what was left.
    pub(crate) async fn close(mut self) -> TempDir {
        for station in self.stations.drain(..) {
            station.desk.close().await;
            station.window.close();
        }
        self.stop_server().await;
        self.root
    }
}

/// A person signs in again, on a good day for the network.
async fn sign_in(desk: &Desk, wire: &Wire, index: usize) {
    wire.set_weather(Weather::Calm);
    // A server that is down is asked again at the next occasion.
    drop(desk.sign_in(DESKS[index], PASSWORD).await);
}

async fn open_desk(root: &Path, index: usize, wire: &Arc<Wire>, clock: &Arc<DeskClock>) -> Desk {
    let options = DeskOptions::new(desk_folder(root, index), NOWHERE)
        .practice()
        .clock(clock.clone())
        .network(Arc::new(Cable))
        .transport(Arc::new(Socket(wire.clone())));
    Desk::open(options).await.expect("the desk's folder is good")
}

/// What may befall the clinic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Trouble {
    Weather(Weather),
    LostHints(u32),
    ServerRestart,
    /// The server's past becomes another one.
    Epoch,
    /// The therapist's account becomes an operator's, or a therapist's again.
    Role,
    ClockJump,
    /// Every computer sleeps for eight hours.
    Night,
    DeskRestart,
    /// A person presses refresh, many times.
    Refresh,
    Attention,
}
