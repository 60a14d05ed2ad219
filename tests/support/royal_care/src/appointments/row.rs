//! A booking's row, as stored and as shown: sixty fields, some of them wrong by the service's own arithmetic.

use crate::clients;
use crate::clinic::{Clinic, Rejection};
use crate::clock::{instant, over_http};
use crate::field::print_time;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Every status that the service declares. `payment_verified` is used and not declared.
pub(crate) const STATUSES: [&str; 27] = [
    "pending",
    "therapist_confirmed",
    "driver_confirmed",
    "in_progress",
    "journey",
    "arrived",
    "dropped_off",
    "driver_transport_completed",
    "session_in_progress",
    "awaiting_payment",
    "completed",
    "pickup_requested",
    "driver_assigned_pickup",
    "return_journey",
    "transport_completed",
    "cancelled",
    "rejected",
    "auto_cancelled",
    "confirmed",
    "therapist_confirm",
    "driver_confirm",
    "driving_to_location",
    "at_location",
    "therapist_dropped_off",
    "picking_up_therapists",
    "transporting_group",
    "driver_assigned",
];

/// Used, and not declared.
pub(crate) const PAYMENT_VERIFIED: &str = "payment_verified";

pub(crate) const PAYMENT_METHODS: [&str; 4] = ["cash", "gcash", "bank_transfer", "credit_card"];

/// A booking.
#[derive(Clone, Debug)]
pub(crate) struct Appointment {
    pub(crate) id: i64,
    pub(crate) client: i64,
    pub(crate) therapist: Option<i64>,
    pub(crate) therapists: Vec<i64>,
    pub(crate) driver: Option<i64>,
    pub(crate) operator: Option<i64>,
    pub(crate) services: Vec<i64>,
    pub(crate) date: Date,
    pub(crate) start: Time,
    pub(crate) end: Time,
    pub(crate) status: &'static str,
    pub(crate) payment_status: &'static str,
    pub(crate) payment_pesos: f64,
    pub(crate) payment_method: &'static str,
    pub(crate) payment_notes: Option<String>,
    pub(crate) receipt_hash: Option<String>,
    pub(crate) receipt_url: Option<String>,
    pub(crate) location: String,
    pub(crate) notes: Option<String>,
    pub(crate) pickup_urgency: &'static str,
    pub(crate) pickup_notes: Option<String>,
    pub(crate) pickup_requested: bool,
    pub(crate) requires_car: bool,
    pub(crate) group_size: i64,
    pub(crate) group_complete: bool,
    /// Who of a group has confirmed.
    pub(crate) confirmed_by: Vec<i64>,
    pub(crate) therapist_accepted: bool,
    pub(crate) driver_accepted: bool,
    pub(crate) rejected_by: Option<i64>,
    pub(crate) rejection_reason: Option<String>,
    pub(crate) metadata: Value,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) response_deadline: Option<Timestamp>,
    /// When each step was taken, by the name of its field.
    pub(crate) taken: Taken,
}

/// The time stamps of the steps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) payment_verified: Option<Timestamp>,
    pub(crate) pickup_requested: Option<Timestamp>,
    pub(crate) pickup_confirmed: Option<Timestamp>,
    pub(crate) pickup_estimated: Option<Timestamp>,
    pub(crate) session_ended: Option<Timestamp>,
    pub(crate) return_completed: Option<Timestamp>,
    pub(crate) rejected: Option<Timestamp>,
    pub(crate) auto_cancelled: Option<Timestamp>,
    pub(crate) therapist_accepted: Option<Timestamp>,
    pub(crate) driver_accepted: Option<Timestamp>,
    pub(crate) therapist_confirmed: Option<Timestamp>,
    pub(crate) driver_confirmed: Option<Timestamp>,
    pub(crate) started: Option<Timestamp>,
    pub(crate) journey_started: Option<Timestamp>,
    pub(crate) arrived: Option<Timestamp>,
    pub(crate) session_started: Option<Timestamp>,
    pub(crate) payment_initiated: Option<Timestamp>,
}

impl Appointment {
    /// Whether the account is one of its therapists, alone or in the group.
    pub(crate) fn treats(&self, user: i64) -> bool {
        self.therapist == Some(user) || self.therapists.contains(&user)
    }

    /// What its services cost, in pesos.
    pub(crate) fn price(&self, clinic: &Clinic) -> f64 {
        clinic
            .services
            .iter()
            .filter(|service| self.services.contains(&service.id))
            .map(|service| service.pesos)
            .sum()
    }
}

/// The row as every answer shows it.
pub(crate) fn row(clinic: &Clinic, at: &Appointment, now: Timestamp) -> Value {
    let staff = |id: Option<i64>| id.map(|id| clinic.user(id).row());
    let services: Vec<_> = at
        .services
        .iter()
        .filter_map(|id| clinic.services.iter().find(|service| service.id == *id))
        .collect();
    let minutes: i64 = services.iter().map(|service| service.minutes).sum();
    let taken = |time: Option<Timestamp>| time.map(over_http);
    let mut row = json!({
        "id": at.id, "client": at.client, "therapist": at.therapist, "driver": at.driver, "operator": at.operator,
        "payment_verified_by": null, "rejected_by": at.rejected_by, "therapists": at.therapists,
        "services": at.services, "date": at.date.to_string(), "start_time": print_time(at.start),
        "end_time": print_time(at.end), "status": at.status, "payment_status": at.payment_status,
        "payment_amount": format!("{:.2}", at.payment_pesos), "payment_method": at.payment_method,
        "payment_notes": at.payment_notes, "receipt_hash": at.receipt_hash, "receipt_url": at.receipt_url,
        "location": at.location, "notes": at.notes, "required_materials": null,
        "pickup_requested": at.pickup_requested, "pickup_urgency": at.pickup_urgency, "pickup_notes": at.pickup_notes,
        "rejection_reason": at.rejection_reason, "response_deadline": taken(at.response_deadline),
        "therapist_accepted": at.therapist_accepted, "driver_accepted": at.driver_accepted,
        "requires_car": at.requires_car, "group_confirmation_complete": at.group_complete,
        "group_size": at.group_size, "driver_available_since": null, "auto_assignment_eligible": true,
        "created_at": over_http(at.created), "updated_at": over_http(at.updated), "metadata": at.metadata,
    });
    let stamps = [
        ("payment_verified_at", at.taken.payment_verified),
        ("pickup_request_time", at.taken.pickup_requested),
        ("pickup_confirmed_at", at.taken.pickup_confirmed),
        ("estimated_pickup_time", at.taken.pickup_estimated),
        ("session_end_time", at.taken.session_ended),
        ("return_journey_completed_at", at.taken.return_completed),
        ("rejected_at", at.taken.rejected),
        ("auto_cancelled_at", at.taken.auto_cancelled),
        ("therapist_accepted_at", at.taken.therapist_accepted),
        ("driver_accepted_at", at.taken.driver_accepted),
        ("therapist_confirmed_at", at.taken.therapist_confirmed),
        ("driver_confirmed_at", at.taken.driver_confirmed),
        ("started_at", at.taken.started),
        ("journey_started_at", at.taken.journey_started),
        ("arrived_at", at.taken.arrived),
        ("session_started_at", at.taken.session_started),
        ("payment_initiated_at", at.taken.payment_initiated),
    ];
    for (field, time) in stamps {
        row[field] = json!(taken(time));
    }
    row["client_details"] = clinic.clients.get(&at.client).map_or(Value::Null, clients::row);
    row["therapist_details"] = json!(staff(at.therapist));
    row["therapists_details"] = at.therapists.iter().map(|id| clinic.user(*id).row()).collect();
    row["driver_details"] = json!(staff(at.driver));
    row["operator_details"] = json!(staff(at.operator));
    row["rejected_by_details"] = json!(staff(at.rejected_by));
    row["services_details"] = services.iter().map(|service| clients::service_row(service)).collect();
    row["rejection_details"] = clinic
        .rejections
        .get(&at.id)
        .map_or(Value::Null, |rejection| rejected(clinic, rejection));
    // Minutes taken for hours: 150 of them are "2".
    row["total_duration"] = json!(minutes / 60);
    row["total_price"] = json!(at.price(clinic));
    row["both_parties_accepted"] = json!(at.therapist_accepted && at.driver_accepted);
    row["pending_acceptances"] = json!(pending(clinic, at));
    row["formatted_date"] = json!(at.date.strftime("%B %d, %Y").to_string());
    row["formatted_start_time"] = json!(at.start.strftime("%I:%M %p").to_string());
    row["formatted_end_time"] = json!(at.end.strftime("%I:%M %p").to_string());
    row["urgency_level"] = json!(urgency(at, now));
    row["material_usage_summary"] = json!({
        "total_materials": 0, "consumable_materials": [], "reusable_materials": [], "reusable_returned": 0,
        "reusable_pending": 0,
    });
    row["appointment_materials"] = json!([]);
    row
}

/// Who has not accepted, by the older path's flags, whatever path the booking took.
fn pending(clinic: &Clinic, at: &Appointment) -> Vec<String> {
    let mut waiting = Vec::new();
    if let Some(therapist) = at.therapist.filter(|_| !at.therapist_accepted) {
        waiting.push(format!("Therapist ({})", clinic.user(therapist).name()));
    }
    if let Some(driver) = at.driver.filter(|_| !at.driver_accepted) {
        waiting.push(format!("Driver ({})", clinic.user(driver).name()));
    }
    waiting
}

/// Manila's wall clock is read as UTC here: eight hours off.
fn urgency(at: &Appointment, now: Timestamp) -> &'static str {
    let start = instant(DateTime::from_parts(at.date, at.start)) + SignedDuration::from_hours(8);
    match at.status {
        "in_progress" => "critical",
        "awaiting_payment" => "medium",
        "pending" if start < now => "high",
        _ => "normal",
    }
}

fn rejected(clinic: &Clinic, rejection: &Rejection) -> Value {
    json!({
        "id": rejection.id, "appointment": rejection.appointment, "rejection_reason": rejection.reason,
        "rejected_by": rejection.by, "rejected_by_details": clinic.user(rejection.by).row(),
        "rejected_at": over_http(rejection.at), "operator_response": rejection.response,
        "operator_response_reason": rejection.response_reason, "reviewed_by": rejection.reviewed_by,
        "reviewed_by_details": rejection.reviewed_by.map(|id| clinic.user(id).row()),
        "reviewed_at": rejection.reviewed_at.map(over_http),
    })
}
