//! Payments: there, a booking is paid when an operator has verified it. The amount is part of the booking.

use super::{Pusher, cannot_hold, lost, not_done};
use crate::backend::royal_care::reader::BOOKINGS;
use crate::backend::{BackendError, Receipt};
use deskbell_clinic::wire::ProblemCode;
use deskbell_clinic::{Kind, Payment, PaymentMethod, Row};
use reqwest::Method;
use serde_json::json;

/// Where a booking stands that is to be paid, and that was.
const TO_PAY: &str = "awaiting_payment";
const PAID: &str = "payment_verified";

impl Pusher<'_> {
    pub(super) async fn verify_payment(&self, payment: &Payment) -> Result<Receipt, BackendError> {
        let method = match payment.method {
            PaymentMethod::Cash => "cash",
            PaymentMethod::Card => "credit_card",
            PaymentMethod::Transfer => "bank_transfer",
            PaymentMethod::Wallet => "gcash",
            PaymentMethod::Voucher => return Err(cannot_hold("The clinic’s server knows no vouchers.")),
        };
        if payment.reverses.is_some() || payment.amount_cents < 0 {
            return Err(cannot_hold("The clinic’s server takes no payment back."));
        }
        let id = payment.appointment.uuid();
        let number = self.number(Kind::Appointment, id)?;
        let before = self.booking_now(number, id).await?;
        if before.step.as_deref() != Some(TO_PAY) {
            let fresh = Row::Appointment(before);
            return Err(self.moved_on(&fresh, ProblemCode::StepNotAllowed).await?);
        }
        let cents = payment.amount_cents;
        let body = json!({
            "payment_method": method,
            "payment_amount": format!("{}.{:02}", cents / 100, cents % 100),
            "has_service_extension": false,
        });
        let path = format!("{BOOKINGS}{number}/mark_completed/");
        let refusal = match self.ask(Method::POST, path, Some(&body)).await {
            Ok(answer) if answer.status.is_success() => None,
            Ok(answer) => Some(answer.refusal()),
            Err(error) if lost(&error) => Some(not_done()),
            Err(error) => return Err(error),
        };
        // The booking has moved on with it; the next pull brings that.
        self.named.name([number]);
        let now = self.booking_now(number, id).await?;
        match refusal {
            Some(refusal) if now.step.as_deref() != Some(PAID) => Err(refusal),
            _ => self.site.written(&Row::Payment(payment.clone())).await,
        }
    }
}
