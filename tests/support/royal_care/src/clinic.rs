//! The rows that the service keeps, and the sockets that listen to it. One lock holds all of it: what a write tells is on
//! its way before the write's answer is.

use crate::field::print_time;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use tokio::sync::mpsc::UnboundedSender;

/// What an account may do. In the order of their names, by which lists of staff are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Drives therapists to clients and back.
    Driver,
    /// Books, assigns and takes payment.
    Operator,
    /// Treats clients.
    Therapist,
}

impl Role {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Driver => "driver",
            Self::Operator => "operator",
            Self::Therapist => "therapist",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) active: bool,
    /// The framework's own flag, which some steps ask for beside the role.
    pub(crate) staff: bool,
    pub(crate) joined: Timestamp,
    pub(crate) specialization: Option<String>,
    pub(crate) pressure: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) plate: Option<String>,
    pub(crate) phone: String,
    pub(crate) password: String,
    /// A code was mailed and not entered yet.
    pub(crate) verification_awaited: bool,
    pub(crate) two_factor: bool,
    pub(crate) failures: u8,
    pub(crate) locked_until: Option<Timestamp>,
    /// Since when a driver waits for work.
    pub(crate) available_since: Option<Timestamp>,
}

impl User {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// As a member of the staff: what rows nest.
    pub(crate) fn row(&self) -> Value {
        json!({
            "id": self.id, "username": self.username, "first_name": self.first_name, "last_name": self.last_name,
            "role": self.role.word(), "is_active": self.active, "specialization": self.specialization,
            "massage_pressure": self.pressure, "license_number": self.license, "motorcycle_plate": self.plate,
            "phone_number": self.phone,
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: String,
    pub(crate) address: String,
    pub(crate) notes: Option<String>,
    pub(crate) created: Timestamp,
}

impl Client {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) minutes: i64,
    pub(crate) pesos: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct Availability {
    pub(crate) id: i64,
    pub(crate) user: i64,
    pub(crate) date: Date,
    pub(crate) start: Time,
    pub(crate) end: Time,
    pub(crate) available: bool,
}

impl Availability {
    pub(crate) fn row(&self, user: &User) -> Value {
        json!({
            "id": self.id, "user_details": user.row(), "date": self.date.to_string(), "start_time": print_time(self.start),
            "end_time": print_time(self.end), "is_available": self.available, "user": self.user,
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Notification {
    pub(crate) id: i64,
    pub(crate) user: i64,
    pub(crate) appointment: i64,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) read: bool,
    pub(crate) created: Timestamp,
    pub(crate) rejection: Option<i64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rejection {
    pub(crate) id: i64,
    pub(crate) appointment: i64,
    pub(crate) reason: String,
    pub(crate) by: i64,
    pub(crate) at: Timestamp,
    /// `pending`, `accepted` or `denied`.
    pub(crate) response: &'static str,
    pub(crate) response_reason: Option<String>,
    pub(crate) reviewed_by: Option<i64>,
    pub(crate) reviewed_at: Option<Timestamp>,
}

pub(crate) struct Token {
    pub(crate) user: i64,
    pub(crate) lapses: Timestamp,
}

/// One open socket.
pub(crate) struct Listener {
    pub(crate) user: i64,
    pub(crate) to: UnboundedSender<String>,
}

/// What a socket was first told, kept for five minutes whatever happens meanwhile.
pub(crate) struct Remembered {
    pub(crate) at: Timestamp,
    pub(crate) appointments: Vec<Value>,
}

/// Everything the service knows.
pub(crate) struct Clinic {
    pub(crate) users: BTreeMap<i64, User>,
    pub(crate) clients: BTreeMap<i64, Client>,
    pub(crate) services: Vec<Service>,
    pub(crate) availabilities: BTreeMap<i64, Availability>,
    pub(crate) appointments: BTreeMap<i64, crate::appointments::Appointment>,
    pub(crate) notifications: BTreeMap<i64, Notification>,
    /// By appointment: the service allows one each.
    pub(crate) rejections: BTreeMap<i64, Rejection>,
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) token_life: SignedDuration,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) remembered: HashMap<i64, Remembered>,
    /// The last id given in each table, deleted rows included.
    last: HashMap<&'static str, i64>,
    pub(crate) nobody: User,
}

impl Clinic {
    pub(crate) fn empty(token_life: SignedDuration) -> Self {
        Self {
            users: BTreeMap::new(),
            clients: BTreeMap::new(),
            services: Vec::new(),
            availabilities: BTreeMap::new(),
            appointments: BTreeMap::new(),
            notifications: BTreeMap::new(),
            rejections: BTreeMap::new(),
            tokens: HashMap::new(),
            token_life,
            listeners: Vec::new(),
            remembered: HashMap::new(),
            last: HashMap::new(),
            nobody: User {
                id: 0,
                username: String::new(),
                first_name: String::new(),
                last_name: String::new(),
                email: String::new(),
                role: Role::Driver,
                active: false,
                staff: false,
                joined: Timestamp::UNIX_EPOCH,
                specialization: None,
                pressure: None,
                license: None,
                plate: None,
                phone: "N/A".to_owned(),
                password: String::new(),
                verification_awaited: false,
                two_factor: false,
                failures: 0,
                locked_until: None,
                available_since: None,
            },
        }
    }

    /// The next id of a table; ids are never used twice.
    pub(crate) fn next(&mut self, table: &'static str) -> i64 {
        let last = self.last.entry(table).or_insert(0);
        *last += 1;
        *last
    }

    /// An account by its id; a deleted one is nobody.
    pub(crate) fn user(&self, id: i64) -> &User {
        self.users.get(&id).unwrap_or(&self.nobody)
    }

    /// An account by its name or e-mail address.
    pub(crate) fn user_called(&mut self, name: &str) -> Option<&mut User> {
        self.users
            .values_mut()
            .find(|user| user.username == name || user.email == name)
    }
}
