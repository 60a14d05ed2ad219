//! The server's statuses in ours: one table. The server's own word stays beside ours in an appointment's `step`.

use deskbell_clinic::Status;

/// Every status of that server, older ones too, and what it is to the front desk.
///
/// `in_progress` means that the desk has let the visit begin, not that anybody is being treated; what follows
/// `payment_verified` is the staff's way home.
pub(super) const STATUSES: [(&str, Status); 28] = [
    ("pending", Status::Requested),
    ("therapist_confirmed", Status::Requested),
    ("driver_confirmed", Status::Confirmed),
    ("in_progress", Status::Confirmed),
    ("journey", Status::EnRoute),
    ("arrived", Status::Arrived),
    ("dropped_off", Status::Arrived),
    ("driver_transport_completed", Status::Arrived),
    ("session_in_progress", Status::InSession),
    ("awaiting_payment", Status::AwaitingPayment),
    ("payment_verified", Status::Completed),
    ("completed", Status::Completed),
    ("pickup_requested", Status::Completed),
    ("driver_assigned_pickup", Status::Completed),
    ("return_journey", Status::Completed),
    ("transport_completed", Status::Completed),
    ("cancelled", Status::Cancelled),
    ("rejected", Status::Declined),
    ("auto_cancelled", Status::Expired),
    ("confirmed", Status::Confirmed),
    ("therapist_confirm", Status::Requested),
    ("driver_confirm", Status::Confirmed),
    ("driving_to_location", Status::EnRoute),
    ("at_location", Status::Arrived),
    ("therapist_dropped_off", Status::Arrived),
    ("picking_up_therapists", Status::EnRoute),
    ("transporting_group", Status::EnRoute),
    ("driver_assigned", Status::Confirmed),
];

/// Ours for theirs. One that this program does not know takes its time and can only be looked at.
pub(super) fn status_of(raw: &str) -> Status {
    let known = STATUSES.iter().find(|(name, _)| *name == raw);
    known.map_or(Status::Confirmed, |(_, status)| *status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_status_is_in_the_table_twice() {
        let names: HashSet<_> = STATUSES.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), STATUSES.len());
    }
}
