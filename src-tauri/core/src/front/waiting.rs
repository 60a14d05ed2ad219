//! What waits to be sent or for a person: the list behind the sync pill, undo, and what a person decides.

use super::bookings::opening;
use super::scenes::{Wanted, mark};
use crate::cache::{OutboxItem, OutboxState};
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{Kept, Need, NeedWhy, Opening, Scene, WaitingAct, WaitingChoice, span_label, time_label};
use deskbell_clinic::wire::{Alternative, StepRequest};
use deskbell_clinic::{Appointment, Kind, OperationId, Part, Row, Step, TaskKind};
use jiff::SignedDuration;

/// An act is worth listing as "not sent yet" once it has waited this long: a moment is not worth a line.
const LISTED_AFTER: SignedDuration = SignedDuration::from_secs(5);
impl Desk {
    /// Acts that wait, as a person reads them, oldest first.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn waiting_acts(&self) -> Result<Vec<WaitingAct>, DeskError> {
        let items = self.outbox().await?;
        let mut acts = Vec::with_capacity(items.len());
        for item in items {
            let scene = self.scene_of(&item).await?;
            acts.push(WaitingAct {
                pending: mark((item.operation, item.state)),
                what: describe(&scene, &item),
                reason: reason(&item),
                at: time_label(&scene.calendar, item.acted_at),
                taken_by: taken_by(&scene, &item),
                alternatives: offered(&scene, &item).into_iter().map(|(_, opening)| opening).collect(),
                may: choices(&scene, &item),
            });
        }
        Ok(acts)
    }

    /// Decides about an act that waits. `alternative` counts from 0, in the order they were listed.
    ///
    /// # Errors
    /// When the act does not wait any more, the alternative is not there, or nobody is signed in.
    pub async fn resolve_act(
        &self,
        operation: OperationId,
        choice: WaitingChoice,
        alternative: Option<u32>,
    ) -> Result<(), DeskError> {
        match choice {
            WaitingChoice::Retry => self.retry_operation(operation).await,
            WaitingChoice::Cancel => self.cancel_operation(operation).await.map(drop),
            WaitingChoice::Discard => self.discard_operation(operation).await,
            WaitingChoice::TakeAlternative => self.take_alternative(operation, alternative.unwrap_or(0)).await,
        }
    }

    async fn take_alternative(&self, operation: OperationId, nth: u32) -> Result<(), DeskError> {
        let gone = || DeskError::bad_input("This alternative is not there any more. Look at the board for free time.");
        let item = self
            .outbox()
            .await?
            .into_iter()
            .find(|item| item.operation == operation)
            .ok_or_else(gone)?;
        let scene = self.scene_of(&item).await?;
        let (taken, _) = offered(&scene, &item).into_iter().nth(nth as usize).ok_or_else(gone)?;
        let Some(Row::Appointment(lost)) = item.intent.row() else {
            return Err(gone());
        };
        let mut row = lost.clone();
        row.span = taken.span;
        if let Some(first) = row
            .assignments
            .iter_mut()
            .find(|assignment| assignment.part == Part::Therapist)
        {
            first.staff = taken.staff;
        }
        let base_version = self.version_of(Kind::Appointment, row.id.uuid()).await?;
        self.amend_operation(operation, Intent::put(row, base_version))
            .await
            .map(drop)
    }

    /// Takes an act back: cancelled where it was not sent, corrected where it was.
    ///
    /// # Errors
    /// `cannot_undo` when it was sent and there is no way back, with a sentence that says what to do instead.
    pub async fn undo(&self, operation: OperationId) -> Result<Kept, DeskError> {
        let mut all = self.inverses_of(operation);
        let named = (!all.is_empty()).then(|| all.remove(0));
        for (with_it, back) in all.into_iter().rev() {
            self.take_back(with_it, Some(back)).await?;
        }
        self.take_back(operation, named.map(|(_, back)| back)).await
    }

    async fn take_back(&self, operation: OperationId, before: Option<Intent>) -> Result<Kept, DeskError> {
        match self.cancel_operation(operation).await {
            Ok(true) => {
                let revision = self.read(|snapshot| Ok(snapshot.revision())).await?;
                Ok(Kept {
                    operation,
                    revision,
                    undoable: false,
                })
            }
            Ok(false) | Err(_) => {
                let sent_long_ago = "This was sent a while ago. Change it where it is shown instead.";
                let back = before.ok_or_else(|| DeskError::new("cannot_undo", sent_long_ago))?;
                let kept = self.keep(self.rebased(back).await?).await?;
                Ok(Kept {
                    undoable: false,
                    ..kept
                })
            }
        }
    }

    /// An act that takes another back, on top of the row as it is now.
    async fn rebased(&self, intent: Intent) -> Result<Intent, DeskError> {
        let (kind, id) = intent.lane();
        let version = self.version_of(kind, id).await?;
        Ok(match intent {
            Intent::Put { row, .. } => Intent::Put {
                row,
                base_version: version,
            },
            Intent::Delete { kind, id, .. } => Intent::Delete {
                kind,
                id,
                base_version: version,
            },
            Intent::Step { appointment, step, .. } => {
                let step = StepRequest {
                    acted_at: self.now(),
                    ..step
                };
                let lands = self.landing(&self.appointment(appointment).await?, step.step);
                Intent::Step {
                    appointment,
                    step,
                    base_version: version,
                    lands,
                }
            }
            pay @ Intent::Pay { .. } => pay,
        })
    }

    async fn scene_of(&self, item: &OutboxItem) -> Result<Scene, DeskError> {
        let about = item.intent.row().cloned();
        let about = match (about, item.kind) {
            (Some(row), _) => Some(row),
            (None, kind) => {
                let id = item.id;
                self.read(move |snapshot| Ok(snapshot.row(kind, id)?))
                    .await?
                    .map(|seen| seen.row)
            }
        };
        let span = about.as_ref().and_then(Row::span);
        let mut scene = self
            .scene(move |_, _| {
                Ok(Wanted {
                    spans: span.into_iter().collect(),
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        if let Some(Row::Appointment(row)) = &about {
            for attendee in &row.clients {
                let client = attendee.client.uuid();
                let seen = self
                    .read(move |snapshot| Ok(snapshot.row(Kind::Client, client)?))
                    .await?;
                scene.clients.extend(seen.and_then(|seen| match seen.row {
                    Row::Client(client) => Some(client),
                    _ => None,
                }));
            }
            scene.appointments.retain(|known| known.id != row.id);
            scene.appointments.push(row.clone());
        }
        Ok(scene)
    }

    /// What of this desk's own work needs a person, or has waited a while.
    pub(super) async fn needs_of_outbox(&self, scene: &Scene) -> Result<Vec<Need>, DeskError> {
        let mut needs = Vec::new();
        for item in self.outbox().await? {
            if is_lost_slot(&item) {
                continue;
            }
            let why = match item.state {
                OutboxState::Conflict => NeedWhy::Conflict,
                OutboxState::Parked => NeedWhy::Parked,
                _ if scene.now.duration_since(item.acted_at) > LISTED_AFTER => NeedWhy::NotSent,
                _ => continue,
            };
            let own = self.scene_of(&item).await?;
            needs.push(Need {
                why,
                title: describe(&own, &item),
                detail: reason(&item),
                appointment: (item.kind == Kind::Appointment).then(|| item.id.into()),
                pending: Some(mark((item.operation, item.state))),
                task: None,
            });
        }
        needs.sort_by_key(|need| need.why == NeedWhy::NotSent);
        Ok(needs)
    }
}

/// Whether an act only tells the other desks of a slot that was lost here: here the lost act itself is listed.
fn is_lost_slot(item: &OutboxItem) -> bool {
    matches!(item.intent.row(), Some(Row::Task(task)) if task.kind == TaskKind::LostSlot)
}

/// `Booking · Jo Santos · Ana 14:00–15:00`.
fn describe(scene: &Scene, item: &OutboxItem) -> String {
    let booking = |row: &Appointment| {
        let staff: Vec<_> = row.therapists().map(|id| scene.staff_name(id)).collect();
        format!(
            "{} · {} {}",
            scene.clients_label(row),
            staff.join(", "),
            span_label(&scene.calendar, row.span)
        )
    };
    let known = scene.appointments.iter().find(|row| row.id.uuid() == item.id);
    match (&item.intent, item.intent.row()) {
        (_, Some(Row::Appointment(row))) => format!("Booking · {}", booking(row)),
        (_, Some(Row::Availability(row))) => {
            format!(
                "Hours · {} {}",
                scene.staff_name(row.staff),
                span_label(&scene.calendar, row.span)
            )
        }
        (_, Some(Row::Client(client))) => format!("New client · {}", client.name),
        (Intent::Step { step, .. }, _) => {
            format!(
                "{} · {}",
                step_word(step.step),
                known.map_or_else(|| "a booking".to_owned(), booking)
            )
        }
        (
            Intent::Delete {
                kind: Kind::Availability,
                ..
            },
            _,
        ) => "Hours removed".to_owned(),
        (Intent::Pay { .. }, _) => "Payment".to_owned(),
        _ => "A change".to_owned(),
    }
}

const fn step_word(step: Step) -> &'static str {
    match step {
        Step::Accept => "Accepted",
        Step::Decline => "Declined",
        Step::Depart => "On the way",
        Step::Arrive => "Arrived",
        Step::Start => "In session",
        Step::Finish => "To pay",
        Step::Complete => "Done",
        Step::Cancel => "Cancelled",
        Step::MarkNoShow => "No-show",
        Step::Expire => "Expired",
        Step::Correct => "Corrected",
        Step::Release => "Visit started",
        Step::DropOff => "Dropped off",
        Step::CallPickup => "Pickup asked for",
        Step::TakePickup => "Pickup taken",
        Step::Return => "Back",
        Step::Reinstate => "Asked again",
    }
}

fn reason(item: &OutboxItem) -> String {
    if !item.reason.is_empty() {
        return item.reason.clone();
    }
    match item.state {
        OutboxState::Queued => "Kept on this computer, not sent yet.",
        OutboxState::Sending => "Being sent.",
        OutboxState::Unknown => "Sent, and no answer yet: it may have arrived. It is asked about by itself.",
        OutboxState::Acked => "Arrived; the row is being read again.",
        OutboxState::Conflict => "Somebody else was first.",
        OutboxState::Parked => "It cannot go on as it is.",
        OutboxState::AuthHeld => "Waits until you sign in again.",
    }
    .to_owned()
}

/// Who has the slot: `Ana 14:00–15:00, booked by Olivia at 13:58`.
fn taken_by(scene: &Scene, item: &OutboxItem) -> Vec<String> {
    let Some(slot) = item.problem.as_ref().and_then(|problem| problem.slot.as_ref()) else {
        return vec![];
    };
    let lines = slot.clashes.iter().map(|taken| {
        let whose = match taken.kind {
            Kind::Staff => scene.staff_name(taken.id.into()),
            Kind::Resource => scene.resource_name(taken.id.into()),
            _ => "The client".to_owned(),
        };
        let when = span_label(&scene.calendar, taken.span);
        let by = taken
            .booked_by
            .as_ref()
            .map_or_else(String::new, |name| format!(", booked by {name}"));
        let at = taken
            .booked_at
            .map_or_else(String::new, |at| format!(" at {}", time_label(&scene.calendar, at)));
        format!("{whose} {when}{by}{at}")
    });
    lines.collect()
}

fn offered(scene: &Scene, item: &OutboxItem) -> Vec<(Alternative, Opening)> {
    let Some(slot) = item.problem.as_ref().and_then(|problem| problem.slot.as_ref()) else {
        return vec![];
    };
    let asked = item
        .intent
        .row()
        .and_then(Row::span)
        .map_or_else(|| scene.today(), |span| scene.calendar.day_of(span.start()));
    slot.alternatives
        .iter()
        .map(|open| (*open, opening(scene, asked, *open)))
        .collect()
}

fn choices(scene: &Scene, item: &OutboxItem) -> Vec<WaitingChoice> {
    let mut choices = Vec::new();
    if !offered(scene, item).is_empty() {
        choices.push(WaitingChoice::TakeAlternative);
    }
    match item.state {
        OutboxState::Queued | OutboxState::AuthHeld => choices.push(WaitingChoice::Cancel),
        OutboxState::Conflict | OutboxState::Parked => choices.extend([WaitingChoice::Retry, WaitingChoice::Discard]),
        OutboxState::Unknown | OutboxState::Sending | OutboxState::Acked => {}
    }
    choices
}
