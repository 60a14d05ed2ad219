//! Payment and the end of a session.

use super::row::{PAYMENT_METHODS, PAYMENT_VERIFIED};
use super::scope::named;
use super::steps::{done, forbidden, refused, save};
use crate::answer::Answer;
use crate::tell;
use crate::visit::Visit;
use serde_json::{Value, json};

const OPERATORS_ONLY: &str = "Only operators can verify payments and mark appointments complete";

/// An amount, sent as text or as a number.
fn pesos(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::String(text)) => text.parse().unwrap_or_default(),
        Some(value) => value.as_f64().unwrap_or_default(),
        None => 0.0,
    }
}

fn method(sent: &Value) -> Option<&'static str> {
    let word = sent.get("payment_method").and_then(Value::as_str)?;
    PAYMENT_METHODS.iter().copied().find(|method| *method == word)
}

/// Payment verification. The receipt and the notes that are sent with it are not kept.
pub(super) fn mark_completed(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if !visit.operator() {
        return forbidden(OPERATORS_ONLY);
    }
    if at.status != "awaiting_payment" {
        return refused("Appointment must be awaiting payment to be marked complete");
    }
    let sent = visit.call.sent.clone();
    at.status = PAYMENT_VERIFIED;
    at.payment_status = "paid";
    at.payment_pesos = pesos(sent.get("payment_amount"));
    at.payment_method = method(&sent).unwrap_or(at.payment_method);
    at.taken.payment_verified = Some(visit.now);
    if sent.get("has_service_extension").and_then(Value::as_bool) == Some(true) {
        let amount = pesos(sent.get("extension_amount"));
        at.metadata = json!({ "service_extension": { "has_extension": true, "extension_amount": amount } });
    }
    save(visit, &mut at);
    let received = format!("Received {:?} via {}.", at.payment_pesos, at.payment_method);
    let notice = format!("Payment verified by operator. {received}");
    tell::everyone(visit.clinic, &at, "payment_verified", &notice, visit.now);
    done(visit, &at, &format!("Payment verified successfully. {received}"))
}

/// The way that keeps the receipt and the notes; the service's own client does not use it.
pub(super) fn mark_payment_received(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if !visit.operator() {
        return forbidden("Only operators can mark payments as received");
    }
    if at.status != "awaiting_payment" {
        return refused("Appointment must be awaiting payment");
    }
    let sent = visit.call.sent.clone();
    let text = |name: &str| sent.get(name).and_then(Value::as_str).map(str::to_owned);
    at.status = "completed";
    at.payment_status = "paid";
    at.payment_pesos = pesos(sent.get("payment_amount"));
    at.payment_method = method(&sent).unwrap_or(at.payment_method);
    at.payment_notes = text("payment_notes");
    at.receipt_hash = text("receipt_hash");
    at.receipt_url = text("receipt_url");
    at.taken.payment_verified = Some(visit.now);
    save(visit, &mut at);
    let notice = format!("Payment received: {:?} via {}.", at.payment_pesos, at.payment_method);
    tell::everyone(visit.clinic, &at, "payment_verified", &notice, visit.now);
    done(visit, &at, "Payment marked as received. Appointment completed.")
}

/// From any state at all.
pub(super) fn complete(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if visit.call.sent.get("materials_checked").and_then(Value::as_bool) == Some(true) {
        return refused("No materials found for this appointment");
    }
    at.status = "completed";
    save(visit, &mut at);
    let client = visit
        .clinic
        .clients
        .get(&at.client)
        .map(crate::clinic::Client::name)
        .unwrap_or_default();
    let start = crate::field::print_time(at.start);
    let notice = format!("Appointment for {client} on {} at {start} has been completed.", at.date);
    tell::everyone(visit.clinic, &at, "appointment_updated", &notice, visit.now);
    Answer::ok(json!({
        "success": true, "message": "Appointment completed successfully", "id": at.id, "status": at.status,
        "session_end_time": at.taken.session_ended.map(crate::clock::over_http),
    }))
}
