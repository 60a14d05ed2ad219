//! Moving a booking on. The server's own word on it is not enough: it fails for what is not there, and refuses what it has
//! done. So the booking is read before and after, and where it stands then decides.

use super::{Pusher, cannot_hold, lost, not_done, unasked};
use crate::backend::royal_care::reader::BOOKINGS;
use crate::backend::royal_care::steps::{self, Call, landed};
use crate::backend::snapshot_diff::Again;
use crate::backend::{BackendError, Receipt, Write};
use deskbell_clinic::wire::{ProblemCode, StepRequest};
use deskbell_clinic::{Actor, Appointment, Kind, Row};
use reqwest::Method;
use serde_json::{Value, json};

impl Pusher<'_> {
    pub(super) async fn step(&self, write: &Write, request: &StepRequest) -> Result<Receipt, BackendError> {
        let number = self.number(Kind::Appointment, write.id)?;
        let before = self.booking_now(number, write.id).await?;
        let account = &self.site.account;
        let asker = self.session.asker(&Actor {
            account: account.account,
            role: account.role,
            staff: account.staff,
        });
        let Some(call) = steps::call(&before, &asker, request.step) else {
            return match self.site.truth(Kind::Appointment, write.id).await? {
                // It stands where the step leads already: somebody else took it, or an earlier attempt of ours.
                Some((Row::Appointment(seen), _)) if landed(&seen, request.step, &before) => {
                    self.site.written(&Row::Appointment(before)).await
                }
                _ => {
                    let fresh = Row::Appointment(before);
                    Err(self.moved_on(&fresh, ProblemCode::StepNotAllowed).await?)
                }
            };
        };
        let (name, body) = called(call, request.reason.as_deref());
        let answer = self
            .ask(Method::POST, format!("{BOOKINGS}{number}/{name}/"), Some(&body))
            .await;
        let refusal = match answer {
            Ok(answer) if answer.status.is_success() => None,
            Ok(answer) if answer.says("already confirmed") => None,
            Ok(answer) if answer.status.is_server_error() => Some(cannot_hold(
                "The clinic’s server failed at this step. Look how the booking stands, then try again or give it up.",
            )),
            Ok(answer) => Some(answer.refusal()),
            Err(error) if lost(&error) => Some(not_done()),
            Err(error) => return Err(error),
        };
        self.after(write, request, number, &before, call, refusal).await
    }

    /// Reads the booking again: where it stands decides whether the step was taken.
    async fn after(
        &self,
        write: &Write,
        request: &StepRequest,
        number: u64,
        before: &Appointment,
        call: Call,
        refusal: Option<BackendError>,
    ) -> Result<Receipt, BackendError> {
        if call == Call::AcceptRejection {
            // The booking is deleted by it.
            let gone = self
                .reader
                .again(&Row::Appointment(before.clone()))
                .await
                .map_err(unasked)?;
            return match (gone, refusal) {
                (Again::Gone, _) => self.site.gone(Kind::Appointment, write.id).await,
                (_, Some(refusal)) => Err(refusal),
                (Again::There(row), None) => self.site.written(&row).await,
                (Again::Unsure, None) => Err(not_done()),
            };
        }
        let now = self.booking_now(number, write.id).await?;
        let done = refusal.is_none() || landed(before, request.step, &now);
        let now = Row::Appointment(now);
        match refusal {
            _ if done => self.site.written(&now).await,
            Some(BackendError::Invalid(_)) if now != Row::Appointment(before.clone()) => {
                Err(self.moved_on(&now, ProblemCode::StepNotAllowed).await?)
            }
            Some(refusal) => Err(refusal),
            None => self.site.written(&now).await,
        }
    }
}

/// The call's name and body.
fn called(call: Call, reason: Option<&str>) -> (&'static str, Value) {
    let reason = reason.unwrap_or("");
    match call {
        Call::Plain(name) => (name, json!({})),
        Call::Reject => ("reject", json!({ "rejection_reason": reason })),
        Call::AcceptRejection => ("review_rejection", json!({ "action": "accept", "reason": reason })),
        Call::DenyRejection => ("review_rejection", json!({ "action": "deny", "reason": reason })),
        Call::RequestPickup => (
            "request_pickup",
            json!({ "pickup_urgency": "normal", "pickup_notes": reason }),
        ),
    }
}
