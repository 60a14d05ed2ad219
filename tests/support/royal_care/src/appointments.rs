//! Bookings: their lists, their writes and the steps of their life.

mod delete;
mod list;
mod money;
mod older;
mod pickup;
mod row;
mod scope;
mod steps;
mod write;

pub(crate) use row::{Appointment, Taken, row};
pub(crate) use scope::visible_to;

use crate::visit::{Act, Door, Endpoint};

const GET: &str = "GET";
const POST: &str = "POST";
const READ: &str = "GET, HEAD, OPTIONS";

const fn read(path: &'static str, acts: &'static [(&'static str, Act)]) -> Endpoint {
    Endpoint {
        path,
        allow: READ,
        door: Door::SignedIn,
        acts,
    }
}

const fn act(path: &'static str, acts: &'static [(&'static str, Act)]) -> Endpoint {
    Endpoint {
        path,
        allow: "POST, OPTIONS",
        door: Door::SignedIn,
        acts,
    }
}

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/api/scheduling/appointments/",
        allow: "GET, POST, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[(GET, list::all), (POST, write::create)],
    },
    Endpoint {
        path: "/api/scheduling/appointments/{id}/",
        allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[
            (GET, list::one),
            ("PUT", write::replace),
            ("PATCH", write::change),
            ("DELETE", delete::delete),
        ],
    },
    read("/api/scheduling/appointments/today/", &[(GET, list::today)]),
    read("/api/scheduling/appointments/upcoming/", &[(GET, list::upcoming)]),
    read("/api/scheduling/appointments/by_week/", &[(GET, list::by_week)]),
    read("/api/scheduling/appointments/pending/", &[(GET, list::pending)]),
    read("/api/scheduling/appointments/rejected/", &[(GET, list::rejected)]),
    read(
        "/api/scheduling/appointments/awaiting_payment/",
        &[(GET, list::awaiting_payment)],
    ),
    read("/api/scheduling/appointments/timeout/", &[(GET, list::timeout)]),
    read(
        "/api/scheduling/appointments/active_sessions/",
        &[(GET, list::active_sessions)],
    ),
    read(
        "/api/scheduling/appointments/pickup_requests/",
        &[(GET, list::pickup_requests)],
    ),
    act(
        "/api/scheduling/appointments/auto_cancel_overdue/",
        &[(POST, delete::auto_cancel_overdue)],
    ),
    act(
        "/api/scheduling/appointments/{id}/therapist_confirm/",
        &[(POST, steps::therapist_confirm)],
    ),
    act(
        "/api/scheduling/appointments/{id}/driver_confirm/",
        &[(POST, steps::driver_confirm)],
    ),
    act(
        "/api/scheduling/appointments/{id}/start_appointment/",
        &[(POST, steps::start_appointment)],
    ),
    act(
        "/api/scheduling/appointments/{id}/start_journey/",
        &[(POST, steps::start_journey)],
    ),
    act(
        "/api/scheduling/appointments/{id}/arrive_at_location/",
        &[(POST, steps::arrive_at_location)],
    ),
    act(
        "/api/scheduling/appointments/{id}/drop_off_therapist/",
        &[(POST, steps::drop_off_therapist)],
    ),
    act(
        "/api/scheduling/appointments/{id}/start_session/",
        &[(POST, steps::start_session)],
    ),
    act(
        "/api/scheduling/appointments/{id}/mark_awaiting_payment/",
        &[(POST, steps::mark_awaiting_payment)],
    ),
    act(
        "/api/scheduling/appointments/{id}/mark_completed/",
        &[(POST, money::mark_completed)],
    ),
    act(
        "/api/scheduling/appointments/{id}/mark_payment_received/",
        &[(POST, money::mark_payment_received)],
    ),
    act(
        "/api/scheduling/appointments/{id}/complete/",
        &[(POST, money::complete)],
    ),
    act(
        "/api/scheduling/appointments/{id}/request_pickup/",
        &[(POST, pickup::request)],
    ),
    act(
        "/api/scheduling/appointments/{id}/confirm_pickup/",
        &[(POST, pickup::confirm)],
    ),
    act(
        "/api/scheduling/appointments/{id}/complete_return_journey/",
        &[(POST, pickup::complete_return_journey)],
    ),
    act("/api/scheduling/appointments/{id}/accept/", &[(POST, older::accept)]),
    act("/api/scheduling/appointments/{id}/start/", &[(POST, older::start)]),
    act("/api/scheduling/appointments/{id}/reject/", &[(POST, older::reject)]),
    act(
        "/api/scheduling/appointments/{id}/review_rejection/",
        &[(POST, older::review_rejection)],
    ),
    act("/api/scheduling/appointments/{id}/cancel/", &[(POST, delete::cancel)]),
];
