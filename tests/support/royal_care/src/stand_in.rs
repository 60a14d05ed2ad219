//! The handle that a test holds: it starts the service, moves its clock, orders trouble and reads what went over the wire.

use crate::appointments;
use crate::clinic::{Availability, Clinic, User};
use crate::clock::Clock;
use crate::fault::{Fault, Planned};
use crate::field::{parse_date, parse_time};
use crate::house::House;
use crate::traffic::Traffic;
use crate::visit::{self, Endpoint};
use crate::{availability, clients, notifications, seed, sign_in, staff, wire};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const TABLES: [&[Endpoint]; 6] = [
    sign_in::ENDPOINTS,
    availability::ENDPOINTS,
    staff::ENDPOINTS,
    clients::ENDPOINTS,
    appointments::ENDPOINTS,
    notifications::ENDPOINTS,
];

/// How the clinic opens.
#[derive(Clone, Debug)]
pub struct Opening {
    at: Timestamp,
    token_life: SignedDuration,
    port: u16,
}

impl Opening {
    /// At `at`: its rows lie around that day in Manila, and its clock goes on from there.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            token_life: SignedDuration::from_hours(10),
            port: 0,
        }
    }

    /// At the real time, for a desk whose clock is the real one.
    #[must_use]
    pub fn now() -> Self {
        Self::at(Timestamp::now())
    }

    /// Tokens lapse after this instead of ten hours.
    #[must_use]
    pub fn token_life(self, token_life: SignedDuration) -> Self {
        Self { token_life, ..self }
    }

    /// On this port instead of a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Opens it on 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn open(self) -> io::Result<StandIn> {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await?;
        let address = listener.local_addr()?;
        let clinic = seed::clinic(self.at, self.token_life);
        let house = Arc::new(House::new(Clock::from(self.at), clinic));
        let router = visit::router(&house, &TABLES);
        let serving = tokio::spawn(wire::serve(listener, Arc::clone(&house), router));
        Ok(StandIn {
            house,
            address,
            serving,
        })
    }
}

/// A running stand-in. It stops when dropped.
pub struct StandIn {
    house: Arc<House>,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
        self.house.reachable.send_replace(false);
    }
}

impl StandIn {
    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its clock, to read and to move.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.house.clock
    }

    /// What went over the wire since the start, or since [`Self::forget_traffic`].
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.house.traffic().clone()
    }

    /// Counts from nothing again.
    pub fn forget_traffic(&self) {
        *self.house.traffic() = Traffic::default();
    }

    /// The next `times` requests of `method` whose path has `path_has` in it fare so.
    pub fn order(&self, method: &str, path_has: &str, fault: Fault, times: u32) {
        let plan = Planned {
            method: method.to_owned(),
            path_has: path_has.to_owned(),
            fault,
            times,
        };
        self.house.planned().push(plan);
    }

    /// Whether every ordered trouble has happened.
    #[must_use]
    pub fn orders_are_done(&self) -> bool {
        self.house.planned().is_empty()
    }

    /// Cuts every connection, sockets included, and every new one until [`Self::come_back`].
    pub fn go_away(&self) {
        self.house.reachable.send_replace(false);
    }

    /// Can be reached again, with its rows as they were.
    pub fn come_back(&self) {
        self.house.reachable.send_replace(true);
    }

    /// How many requests have come and are not answered yet.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.house.in_flight.load(Ordering::Relaxed)
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.house
            .clinic()
            .listeners
            .iter()
            .filter(|listener| !listener.to.is_closed())
            .count()
    }

    /// Disables an account, or enables it again; its tokens are refused while it is disabled.
    pub fn set_active(&self, username: &str, active: bool) {
        self.with(username, |user| user.active = active);
    }

    /// Asks an account for a second factor at its next sign-in, which on this service lets nobody in.
    pub fn set_two_factor(&self, username: &str, wanted: bool) {
        self.with(username, |user| user.two_factor = wanted);
    }

    /// Waits for an account's e-mail code at its next sign-in.
    pub fn set_verification_awaited(&self, username: &str, awaited: bool) {
        self.with(username, |user| user.verification_awaited = awaited);
    }

    /// Ends every token at once, as when their ten hours are over.
    pub fn lapse_tokens(&self) {
        self.house.clinic().tokens.clear();
    }

    /// A booking as an operator would be shown it.
    #[must_use]
    pub fn appointment(&self, id: i64) -> Option<Value> {
        let clinic = self.house.clinic();
        clinic
            .appointments
            .get(&id)
            .map(|at| appointments::row(&clinic, at, self.house.clock.now()))
    }

    /// Every booking, by its id.
    #[must_use]
    pub fn appointments(&self) -> Vec<Value> {
        let clinic = self.house.clinic();
        let now = self.house.clock.now();
        clinic
            .appointments
            .values()
            .map(|at| appointments::row(&clinic, at, now))
            .collect()
    }

    /// The hours of one person, by their ids.
    #[must_use]
    pub fn availabilities(&self, username: &str) -> Vec<Value> {
        let clinic = self.house.clinic();
        let rows = clinic.availabilities.values();
        rows.map(|row| (row, clinic.user(row.user)))
            .filter(|(_, user)| user.username == username)
            .map(|(row, user)| row.row(user))
            .collect()
    }

    /// Puts hours in as somebody at another desk would, without a request, and gives their id; none when there is no such
    /// person, or a day or time cannot be read.
    pub fn offer(&self, username: &str, date: &str, start: &str, end: &str) -> Option<i64> {
        let (date, start, end) = (parse_date(date)?, parse_time(start)?, parse_time(end)?);
        let mut clinic = self.house.clinic();
        let user = clinic.user_called(username)?.id;
        let id = clinic.next("availability");
        clinic.availabilities.insert(
            id,
            Availability {
                id,
                user,
                date,
                start,
                end,
                available: true,
            },
        );
        Some(id)
    }

    /// Takes hours out as somebody at another desk would; whether there were any.
    pub fn withdraw(&self, availability: i64) -> bool {
        self.house.clinic().availabilities.remove(&availability).is_some()
    }

    fn with(&self, username: &str, change: impl FnOnce(&mut User)) {
        let mut clinic = self.house.clinic();
        let clinic: &mut Clinic = &mut clinic;
        if let Some(user) = clinic.user_called(username) {
            change(user);
        }
    }
}
