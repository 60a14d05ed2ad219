//! What desks hold by following changes is what a first sync would give them, whatever happens in between.

use crate::clinic::TestClinic;
use crate::desk::Desk;
use deskbell_clinic::digest::{RowSum, counts_from};
use deskbell_clinic::wire::{Change, ChangeOp};
use deskbell_clinic::{Appointment, Kind, Place, Row};
use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng as _};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A desk that follows by pages of its own size.
struct Replica {
    desk: Desk,
    limit: u16,
    cursor: Option<String>,
    rows: BTreeMap<(Kind, Uuid), (u32, Value)>,
    digests: usize,
}

impl Replica {
    /// Takes one page; answers whether there is more. At every single change, who receives an appointment has its
    /// clients.
    async fn follow(&mut self) -> bool {
        let page = self.desk.page(self.cursor.as_deref(), self.limit).await;
        for change in page.changes {
            self.apply(change);
        }
        self.cursor = Some(page.cursor);
        for digest in page.digest {
            assert!(!page.more, "a digest holds for the end of the log only");
            self.digests += 1;
            let mut sum = RowSum::default();
            for ((kind, id), (version, body)) in &self.rows {
                if *kind == digest.kind && counts_from(&Row::read(*kind, body).unwrap(), digest.from_day) {
                    sum = sum.with(*id, *version);
                }
            }
            let login = &self.desk.session.who.login;
            assert_eq!(
                (sum.rows(), sum.hash()),
                (digest.rows, digest.hash),
                "{login}: {}",
                digest.kind
            );
        }
        page.more
    }

    fn apply(&mut self, change: Change) {
        let key = (change.kind, change.id);
        match change.op {
            ChangeOp::Put => {
                let body = change.body.expect("a put carries the row");
                if change.kind == Kind::Appointment {
                    for attendee in body["clients"].as_array().unwrap() {
                        let client = attendee["client"].as_str().unwrap().parse().unwrap();
                        assert!(
                            self.rows.contains_key(&(Kind::Client, client)),
                            "an appointment without its client"
                        );
                    }
                }
                self.rows.insert(key, (change.version, body));
            }
            ChangeOp::Delete | ChangeOp::Leave => {
                self.rows.remove(&key);
            }
        }
    }
}

#[tokio::test]
async fn a_replica_that_follows_in_any_rhythm_equals_a_first_sync() {
    for seed in 0..6 {
        // Longer than the clock is moved: nobody's session is to lapse in between.
        let clinic = TestClinic::open_with(|config| config.access_lifetime = SignedDuration::from_hours(48)).await;
        let mut random = StdRng::seed_from_u64(seed);
        let mut replicas = Vec::new();
        for (login, limit) in [("olga", 3), ("tina", 1), ("theo", 2), ("dov", 200)] {
            replicas.push(Replica {
                desk: clinic.sign_in(login).await,
                limit,
                cursor: None,
                rows: BTreeMap::new(),
                digests: 0,
            });
        }
        let ada = clinic.sign_in("ada").await;
        let mut booked: Vec<(Appointment, u32)> = Vec::new();
        for turn in 0..60 {
            act(&clinic, &ada, &mut random, &mut booked, turn).await;
            clinic.pass(SignedDuration::from_mins(5));
            let who = random.random_range(0..replicas.len());
            if random.random_bool(0.5) {
                replicas[who].follow().await;
            }
        }
        for replica in &mut replicas {
            while replica.follow().await {}
            clinic.pass(SignedDuration::from_mins(10));
            while replica.follow().await {}
            assert!(replica.digests >= Kind::ALL.len(), "a digest was compared");
            let fresh = replica.desk.pull(None, 200).await;
            let expected: BTreeMap<_, _> = fresh
                .changes
                .into_iter()
                .map(|change| ((change.kind, change.id), (change.version, change.body.unwrap())))
                .collect();
            assert_eq!(
                replica.rows, expected,
                "seed {seed}, {}",
                replica.desk.session.who.login
            );
        }
    }
}

/// One random write: book, move to another therapist or client, delete, or change a client.
async fn act(clinic: &TestClinic, ada: &Desk, random: &mut StdRng, booked: &mut Vec<(Appointment, u32)>, turn: i64) {
    let staff = [clinic.tina, clinic.theo, clinic.dov][random.random_range(0..3)];
    let client = [clinic.clara, clinic.carl][random.random_range(0..2)];
    let which = if booked.is_empty() {
        0
    } else {
        random.random_range(0..booked.len())
    };
    match random.random_range(0..6) {
        0 | 1 => {
            let booking = clinic.booking(staff, client, clinic.span(turn * 60, 60));
            let written = ada.create(&booking.clone().into()).await;
            booked.push((booking, written.version));
        }
        2 | 3 if !booked.is_empty() => {
            let (booking, version) = &mut booked[which];
            booking.assignments[0].staff = staff;
            booking.clients[0].client = client;
            booking.place = Place::Address(format!("{turn} Canary Street"));
            *version = ada.put(&booking.clone().into(), *version).await.written().version;
        }
        4 if !booked.is_empty() => {
            let (booking, version) = booked.swap_remove(which);
            ada.delete(Kind::Appointment, booking.id.uuid(), version)
                .await
                .written();
        }
        _ => {
            let pulled = ada.pull(None, 200).await;
            let change = pulled.of(Kind::Client)[usize::from(client == clinic.carl)].clone();
            let Ok(Row::Client(mut row)) = Row::read(Kind::Client, &change.body.unwrap()) else {
                panic!("a client")
            };
            row.notes = format!("turn {turn}");
            ada.put(&row.into(), change.version).await.written();
        }
    }
}
