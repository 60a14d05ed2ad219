//! What people do at a desk: random acts on what the desk shows them, and a ledger of each.

use crate::clinic::{CLIENTS, MASSAGE, THERAPISTS, TINA, client, morning};
use deskbell_clinic::wire::StepRequest;
use deskbell_clinic::{
    Answer, Appointment, Assignment, Attendee, Availability, ClientId, Kind, OperationId, Part, Place, Repeat, Row,
    Span, StaffId, Status, Step,
};
use deskbell_core::cache::{OutboxItem, OutboxState};
use deskbell_core::desk::Desk;
use deskbell_core::outbox::intent::Intent;
use jiff::SignedDuration;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use uuid::Uuid;

/// One act that a desk promised to keep.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) desk: usize,
    pub(crate) operation: OperationId,
    pub(crate) kind: Kind,
    pub(crate) id: Uuid,
    /// It only takes the row away: then nothing is left to do when it is gone already.
    pub(crate) deletes: bool,
    /// What the person decided about it afterwards.
    pub(crate) given_up: bool,
}

/// Does something at a desk; answers what the desk said it kept.
pub(crate) async fn act(desk: &Desk, index: usize, therapist: bool, rng: &mut StdRng) -> Vec<Kept> {
    let shown = crate::window::all(desk)
        .await
        .map(|(_, shown)| shown)
        .unwrap_or_default();
    let mut rows: Vec<_> = shown.into_values().collect();
    // A map has no order, and a replay needs one. Ids of a run differ from those of its replay, contents do not.
    rows.sort_by_cached_key(|(version, row)| (order(row), *version));
    let intents = match rng.random_range(0..10) {
        _ if therapist && rng.random_bool(0.5) => vec![hours(rng, TINA)],
        0..2 if !therapist => newcomer(rng),
        2..4 if !therapist => vec![Intent::put(booking(rng, None), None)],
        4 if !therapist => {
            let staff = *THERAPISTS.choose(rng).expect("three");
            vec![hours(rng, staff)]
        }
        5..7 if !therapist => change(&rows, rng).into_iter().collect(),
        7 => delete(&rows, therapist, rng).into_iter().collect(),
        _ => step(desk, &rows, rng).into_iter().collect(),
    };
    if intents.is_empty() {
        return vec![];
    }
    let lanes: Vec<_> = intents
        .iter()
        .map(|i| (i.lane(), matches!(i, Intent::Delete { .. })))
        .collect();
    let Ok(kept) = desk.keep_all(intents).await else {
        return vec![];
    };
    let of = |(kept, ((kind, id), deletes)): (deskbell_core::view::Kept, ((Kind, Uuid), bool))| Kept {
        desk: index,
        operation: kept.operation,
        kind,
        id,
        deletes,
        given_up: false,
    };
    kept.into_iter().zip(lanes).map(of).collect()
}

/// Decides about acts that need a person, and now and then takes back one that waits. Answers those given up.
pub(crate) async fn decide(desk: &Desk, give_up: bool, rng: &mut StdRng) -> Vec<OperationId> {
    let mut given_up = vec![];
    let waiting = desk.outbox().await.unwrap_or_default();
    for item in &waiting {
        let stuck = matches!(item.state, OutboxState::Conflict | OutboxState::Parked);
        let gone = if stuck && (give_up || rng.random_bool(0.5)) {
            desk.discard_operation(item.operation).await.is_ok()
        } else if stuck {
            // What cannot be sent again says so; the next decision is another.
            drop(desk.retry_operation(item.operation).await);
            false
        } else {
            !give_up && rng.random_bool(0.1) && desk.cancel_operation(item.operation).await.unwrap_or(false)
        };
        if gone {
            given_up.push(item.operation);
            // What stands on a row that will never be goes with it, later acts on the same row too.
            let mut lanes = vec![(item.kind, item.id)];
            let mut dragged = |other: &&OutboxItem| {
                let lane = (other.kind, other.id);
                let stands = lanes.contains(&lane) || other.intent.needs().iter().any(|need| lanes.contains(need));
                let goes = stands && other.seq > item.seq;
                lanes.extend(goes.then_some(lane));
                goes
            };
            let left: Vec<_> = desk
                .outbox()
                .await
                .unwrap_or_default()
                .iter()
                .map(|left| left.operation)
                .collect();
            let dragged = waiting.iter().filter(&mut dragged).map(|other| other.operation);
            given_up.extend(dragged.filter(|operation| !left.contains(operation)));
        }
    }
    given_up
}

fn order(row: &Row) -> String {
    let text = match row {
        Row::Appointment(row) => format!(
            "{} {:?} {:?} {}",
            row.span.start(),
            row.status,
            row.assignments[0].staff,
            row.history.len()
        ),
        Row::Availability(row) => format!("{} {}", row.span.start(), row.staff.uuid()),
        Row::Client(row) => format!("{} {}", row.name, row.notes),
        row => row.id().to_string(),
    };
    format!("{} {text}", row.kind())
}

fn span(rng: &mut StdRng) -> Span {
    let hours = rng.random_range(24..24 * 6);
    Span::of_minutes(morning() + SignedDuration::from_hours(hours), 60).expect("a near day")
}

fn hours(rng: &mut StdRng, staff: StaffId) -> Intent {
    let row = Availability {
        id: Uuid::now_v7().into(),
        staff,
        span: span(rng),
        services: vec![],
        note: String::new(),
        repeat: Repeat::None,
    };
    Intent::put(row, None)
}

fn newcomer(rng: &mut StdRng) -> Vec<Intent> {
    let id = ClientId(Uuid::now_v7());
    let name = format!("Newcomer {}", rng.random_range(0..1_000_000));
    vec![
        Intent::put(client(id, &name), None),
        Intent::put(booking(rng, Some(id)), None),
    ]
}

fn booking(rng: &mut StdRng, of: Option<ClientId>) -> Appointment {
    Appointment {
        id: Uuid::now_v7().into(),
        series: None,
        clients: vec![Attendee {
            client: of.unwrap_or_else(|| *CLIENTS.choose(rng).expect("three")),
            arrived_at: None,
        }],
        assignments: vec![Assignment {
            staff: *THERAPISTS.choose(rng).expect("three"),
            part: Part::Therapist,
            answer: Answer::Accepted,
        }],
        services: vec![MASSAGE],
        span: span(rng),
        place: Place::Anywhere,
        status: Status::Confirmed,
        step: None,
        notes: String::new(),
        reason: None,
        answer_due: None,
        overlap_accepted: None,
        call_back: String::new(),
        history: vec![],
    }
}

type Shown = (Option<u32>, Row);

/// Moves an appointment, or notes something about a client.
fn change(rows: &[Shown], rng: &mut StdRng) -> Option<Intent> {
    let movable: Vec<_> = rows
        .iter()
        .filter(|(_, row)| matches!(row, Row::Appointment(_) | Row::Client(_)))
        .collect();
    let (version, row) = (*movable.choose(rng)?).clone();
    let row: Row = match row {
        Row::Appointment(row) => Appointment { span: span(rng), ..row }.into(),
        Row::Client(mut row) => {
            row.notes = format!("note {}", rng.random_range(0..1_000_000));
            row.into()
        }
        _ => return None,
    };
    Some(Intent::put(row, version))
}

fn delete(rows: &[Shown], own: bool, rng: &mut StdRng) -> Option<Intent> {
    let hours: Vec<_> = rows
        .iter()
        .filter(|(_, row)| matches!(row, Row::Availability(row) if !own || row.staff == TINA))
        .collect();
    let (version, row) = hours.choose(rng)?;
    Some(Intent::Delete {
        kind: Kind::Availability,
        id: row.id(),
        base_version: *version,
    })
}

fn step(desk: &Desk, rows: &[Shown], rng: &mut StdRng) -> Option<Intent> {
    let appointments: Vec<_> = rows
        .iter()
        .filter_map(|(version, row)| match row {
            Row::Appointment(row) => Some((*version, row)),
            _ => None,
        })
        .collect();
    let (base_version, row) = appointments.choose(rng)?;
    let step = *desk.actions(row).steps.choose(rng)?;
    Some(Intent::Step {
        appointment: row.id,
        step: StepRequest {
            step,
            client: None,
            reason: matches!(step, Step::Cancel | Step::Decline).then(|| "ill".to_owned()),
            acted_at: desk.now(),
        },
        base_version: *base_version,
        lands: None,
    })
}
