//! Finding a client while the phone is at the ear, and all that then helps.

use super::scenes::{calendar, mark};
use crate::desk::{Desk, DeskError};
use crate::view::{ClientCard, ClientHit, ClientVisit, Rebook, Scene, clock, day_title, span_label};
use deskbell_clinic::{Appointment, Client, ClientId, Kind, Part, Row, Status};
use jiff::ToSpan as _;

/// The most clients that a search answers with.
const MOST_HITS: usize = 12;
/// The most past visits on a card.
const MOST_PAST: usize = 8;

impl Desk {
    /// Clients by name or number, by name.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn find_clients(&self, text: &str) -> Result<Vec<ClientHit>, DeskError> {
        let text = text.trim().to_owned();
        if text.is_empty() {
            return Ok(vec![]);
        }
        let found = self
            .read(move |snapshot| Ok(snapshot.search_clients(&text, MOST_HITS)?))
            .await?;
        let hits = found.into_iter().map(|client| ClientHit {
            id: client.id,
            phone: client
                .phones
                .first()
                .map_or_else(String::new, |phone| phone.typed.clone()),
            name: client.name,
            alert: client.alert,
        });
        Ok(hits.collect())
    }

    /// A client with their visits, of those that are kept here.
    ///
    /// # Errors
    /// When nobody is signed in, this account may not see the client, or the cache cannot be read.
    pub async fn client_card(&self, id: ClientId) -> Result<ClientCard, DeskError> {
        let (now, customs) = (self.now(), self.customs());
        self.read(move |snapshot| {
            let mut scene = Scene::empty(snapshot.revision(), now, calendar(snapshot, customs)?);
            for kind in [Kind::Staff, Kind::Service] {
                for seen in snapshot.rows(kind)? {
                    scene.add(seen.row, None);
                }
            }
            let seen = snapshot.row(Kind::Client, id.uuid())?;
            let pending = seen.as_ref().and_then(|seen| seen.pending).map(mark);
            let Some(Row::Client(client)) = seen.map(|seen| seen.row) else {
                return Err(DeskError::bad_input("This client is not here any more."));
            };
            for seen in snapshot.visits(id)? {
                scene.add(seen.row, seen.pending.map(mark));
            }
            Ok(ClientCard {
                pending,
                ..card(&scene.sorted(), client)
            })
        })
        .await
    }
}

fn card(scene: &Scene, client: Client) -> ClientCard {
    let is_over = |row: &&Appointment| row.span.end() <= scene.now || row.status.is_final();
    let count = |wanted: &[Status]| {
        let counted = scene
            .appointments
            .iter()
            .filter(|row| wanted.contains(&row.status))
            .count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    };
    let past = || scene.appointments.iter().rev().filter(is_over);
    let wishes: Vec<_> = client.wishes.staff.iter().map(|id| scene.staff_name(*id)).collect();
    ClientCard {
        revision: scene.revision,
        id: client.id,
        phones: client.phones.into_iter().map(|phone| phone.typed).collect(),
        name: client.name,
        address: client.address,
        alert: client.alert,
        notes: client.notes,
        wishes: wishes.join(", "),
        next: scene
            .appointments
            .iter()
            .filter(|row| !is_over(row))
            .map(|row| visit(scene, row))
            .collect(),
        past: past().take(MOST_PAST).map(|row| visit(scene, row)).collect(),
        visits: count(&[Status::Completed, Status::AwaitingPayment]),
        no_shows: count(&[Status::NoShow]),
        cancelled: count(&[Status::Cancelled]),
        rebook: past()
            .find(|row| matches!(row.status, Status::Completed | Status::AwaitingPayment))
            .and_then(|row| rebook(scene, row)),
        pending: None,
    }
}

fn visit(scene: &Scene, row: &Appointment) -> ClientVisit {
    let day = scene.calendar.day_of(row.span.start());
    let staff: Vec<_> = row.assignments.iter().map(|one| scene.staff_name(one.staff)).collect();
    ClientVisit {
        id: row.id,
        day: day.to_string(),
        day_title: day_title(day),
        span: span_label(&scene.calendar, row.span),
        services: scene.services_label(&row.services),
        staff: staff.join(", "),
        status: row.status,
        pending: scene.mark(Kind::Appointment, row.id.uuid()),
    }
}

fn rebook(scene: &Scene, row: &Appointment) -> Option<Rebook> {
    let therapist = row.assignments.iter().find(|one| one.part == Part::Therapist)?;
    let (mut day, today) = (scene.calendar.day_of(row.span.start()), scene.today());
    while day <= today {
        day = day.checked_add(1.week()).ok()?;
    }
    Some(Rebook {
        staff: therapist.staff,
        staff_name: scene.staff_name(therapist.staff),
        services: row.services.clone(),
        day: day.to_string(),
        day_title: day_title(day),
        start: clock(scene.calendar.time_of(row.span.start())),
    })
}
