//! Clients, whom any signed-in person may write, and services, of which the obvious list is not the real one.

use crate::answer::Answer;
use crate::clinic::{Client, Service};
use crate::clock::over_http;
use crate::field::Fields;
use crate::page::{Shape, page};
use crate::visit::{Door, Endpoint, Visit};
use serde_json::{Value, json};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/api/scheduling/clients/",
        allow: "GET, POST, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", list), ("POST", create)],
    },
    Endpoint {
        path: "/api/scheduling/clients/check_duplicates/",
        allow: "GET, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", duplicates)],
    },
    Endpoint {
        path: "/api/scheduling/clients/{id}/",
        allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", one), ("PATCH", change), ("PUT", replace), ("DELETE", delete)],
    },
    Endpoint {
        path: "/api/scheduling/services/",
        allow: "GET, HEAD, OPTIONS",
        door: Door::Open,
        acts: &[("GET", services_made_up)],
    },
    Endpoint {
        path: "/api/scheduling/services/{id}/",
        allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", service)],
    },
    Endpoint {
        path: "/api/registration/register/service/",
        allow: "GET, POST, HEAD, OPTIONS",
        door: Door::Open,
        acts: &[("GET", services)],
    },
];

pub(crate) fn row(client: &Client) -> Value {
    json!({
        "id": client.id, "first_name": client.first_name, "last_name": client.last_name, "email": client.email,
        "phone_number": client.phone, "address": client.address, "notes": client.notes,
        "created_at": over_http(client.created),
    })
}

pub(crate) fn service_row(service: &Service) -> Value {
    json!({
        "id": service.id, "name": service.name, "description": service.description, "duration": service.minutes,
        "price": format!("{:.2}", service.pesos), "oil": null, "is_active": true,
    })
}

fn list(visit: &mut Visit<'_>) -> Answer {
    let search = visit.call.query("search").map(str::to_lowercase);
    let rows = visit.clinic.clients.values().filter(|client| {
        search
            .as_ref()
            .is_none_or(|text| client.name().to_lowercase().contains(text) || client.phone.contains(text.as_str()))
    });
    let rows: Vec<&Client> = rows.collect();
    page(visit.call, &rows, Shape::Plain, |client| row(client), Value::Array)
}

fn one(visit: &mut Visit<'_>) -> Answer {
    match visit.clinic.clients.get(&visit.call.id()) {
        Some(client) => Answer::ok(row(client)),
        None => Answer::not_found(),
    }
}

fn duplicates(visit: &mut Visit<'_>) -> Answer {
    let found: Vec<Value> = visit
        .clinic
        .clients
        .values()
        .filter_map(|client| {
            let same_phone = visit
                .call
                .query("phone_number")
                .is_some_and(|phone| phone == client.phone);
            let same_email = visit
                .call
                .query("email")
                .is_some_and(|email| Some(email) == client.email.as_deref());
            let kind = if same_phone { "phone" } else { "email" };
            let message = format!("A client with this {kind} already exists");
            (same_phone || same_email).then(|| json!({ "type": kind, "message": message, "client": row(client) }))
        })
        .collect();
    Answer::ok(json!({ "has_duplicates": !found.is_empty(), "duplicates": found }))
}

fn create(visit: &mut Visit<'_>) -> Answer {
    let blank = Client {
        id: 0,
        first_name: String::new(),
        last_name: String::new(),
        email: None,
        phone: String::new(),
        address: String::new(),
        notes: None,
        created: visit.now,
    };
    match written(visit, blank, false) {
        Err(answer) => answer,
        Ok(client) => {
            let id = visit.clinic.next("client");
            let client = Client { id, ..client };
            let row = row(&client);
            visit.clinic.clients.insert(id, client);
            Answer::created(row)
        }
    }
}

fn change(visit: &mut Visit<'_>) -> Answer {
    write(visit, true)
}

fn replace(visit: &mut Visit<'_>) -> Answer {
    write(visit, false)
}

fn write(visit: &mut Visit<'_>, partial: bool) -> Answer {
    let Some(old) = visit.clinic.clients.get(&visit.call.id()).cloned() else {
        return Answer::not_found();
    };
    match written(visit, old, partial) {
        Err(answer) => answer,
        Ok(client) => {
            let row = row(&client);
            visit.clinic.clients.insert(client.id, client);
            Answer::ok(row)
        }
    }
}

/// The client as the request makes it of `old`.
fn written(visit: &Visit<'_>, old: Client, partial: bool) -> Result<Client, Answer> {
    let mut fields = Fields::new(&visit.call.sent, partial);
    let first_name = fields.text("first_name", true).flatten().unwrap_or(old.first_name);
    let last_name = fields.text("last_name", true).flatten().unwrap_or(old.last_name);
    let phone = fields.text("phone_number", true).flatten().unwrap_or(old.phone);
    let address = fields.text("address", true).flatten().unwrap_or(old.address);
    let email = fields.text("email", false).unwrap_or(old.email);
    let notes = fields.text("notes", false).unwrap_or(old.notes);
    let mut others = visit.clinic.clients.values().filter(|client| client.id != old.id);
    if others.clone().any(|client| client.phone == phone) {
        fields
            .refused
            .add("phone_number", "client with this phone number already exists.");
    }
    if email.is_some() && others.any(|client| client.email == email) {
        fields.refused.add("email", "client with this email already exists.");
    }
    let client = Client {
        id: old.id,
        first_name,
        last_name,
        email,
        phone,
        address,
        notes,
        created: old.created,
    };
    fields
        .refused
        .into_body()
        .map_or(Ok(client), |body| Err(Answer::bad(body)))
}

fn delete(visit: &mut Visit<'_>) -> Answer {
    match visit.clinic.clients.remove(&visit.call.id()) {
        Some(_) => Answer::no_content(),
        None => Answer::not_found(),
    }
}

/// The seven that stand in the service's own source: whatever the database holds, without signing in, and under ids that
/// are not the real ones: who books by them books something else.
fn services_made_up(_: &mut Visit<'_>) -> Answer {
    let made_up = [
        (
            1,
            "Combi Massage",
            "A combination of multiple massage techniques.",
            60,
            400.0,
        ),
        (2, "Dry Massage", "Performed without oils or lotions.", 60, 500.0),
        (3, "Foot Massage", "Focused on the feet and lower legs.", 60, 500.0),
        (4, "Hand Massage", "Focused on hands and arms.", 60, 400.0),
        (
            5,
            "Hot Stone Service",
            "Uses heated stones for deep muscle relaxation.",
            90,
            675.0,
        ),
        (
            6,
            "Shiatsu Massage",
            "A Japanese technique involving pressure points.",
            60,
            500.0,
        ),
        (
            7,
            "Ventosa",
            "Traditional cupping therapy to relieve muscle tension.",
            90,
            675.0,
        ),
    ];
    let rows = made_up.iter().map(|(id, name, description, minutes, pesos)| {
        json!({
            "id": id, "name": name, "description": description, "duration": minutes, "price": pesos, "oil": null,
            "is_active": true,
        })
    });
    Answer::ok(Value::Array(rows.collect()))
}

fn service(visit: &mut Visit<'_>) -> Answer {
    let id = visit.call.id();
    match visit.clinic.services.iter().find(|service| service.id == id) {
        Some(service) => Answer::ok(service_row(service)),
        None => Answer::not_found(),
    }
}

/// The real ones.
fn services(visit: &mut Visit<'_>) -> Answer {
    let show = |service: &Service| {
        let mut row = service_row(service);
        row["price"] = json!(service.pesos);
        row["materials"] = json!([]);
        row
    };
    page(
        visit.call,
        &visit.clinic.services,
        Shape::Registration,
        show,
        Value::Array,
    )
}
