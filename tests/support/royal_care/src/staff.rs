//! Who works here. Changes are told to nobody.

use crate::answer::Answer;
use crate::clinic::{Role, User};
use crate::field::Fields;
use crate::page::{Shape, page};
use crate::visit::{Door, Endpoint, Visit};
use serde_json::{Value, json};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/api/scheduling/staff/",
        allow: "GET, POST, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", list), ("POST", create)],
    },
    Endpoint {
        path: "/api/scheduling/staff/active_staff/",
        allow: "GET, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", active)],
    },
    Endpoint {
        path: "/api/scheduling/staff/{id}/",
        allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", one), ("PATCH", change), ("DELETE", delete)],
    },
];

/// By role, first and last name, as every list of staff is.
fn sorted<'a>(visit: &'a Visit<'_>, keep: impl Fn(&User) -> bool) -> Vec<&'a User> {
    let mut users: Vec<&User> = visit.clinic.users.values().filter(|user| keep(user)).collect();
    users.sort_by(|one, other| {
        (one.role, &one.first_name, &one.last_name).cmp(&(other.role, &other.first_name, &other.last_name))
    });
    users
}

fn list(visit: &mut Visit<'_>) -> Answer {
    let call = visit.call;
    let active = call.query("is_active").map(|word| word.eq_ignore_ascii_case("true"));
    let search = call.query("search").map(str::to_lowercase);
    let rows = sorted(visit, |user| {
        call.query("role").is_none_or(|role| user.role.word() == role)
            && active.is_none_or(|active| user.active == active)
            && search.as_ref().is_none_or(|text| {
                [&user.username, &user.first_name, &user.last_name]
                    .iter()
                    .any(|field| field.to_lowercase().contains(text))
            })
    });
    page(call, &rows, Shape::Framework, |user| user.row(), Value::Array)
}

fn active(visit: &mut Visit<'_>) -> Answer {
    let role = visit.call.query("role");
    let rows = sorted(visit, |user| {
        user.active && role.is_none_or(|role| user.role.word() == role)
    });
    let staff: Vec<Value> = rows.into_iter().map(User::row).collect();
    Answer::ok(json!({ "count": staff.len(), "staff": staff, "filter": { "role": role, "is_active": true } }))
}

fn one(visit: &mut Visit<'_>) -> Answer {
    match visit.clinic.users.get(&visit.call.id()) {
        Some(user) => Answer::ok(user.row()),
        None => Answer::not_found(),
    }
}

const ROLES: [&str; 3] = ["operator", "therapist", "driver"];

fn role_called(word: &str) -> Role {
    match word {
        "operator" => Role::Operator,
        "therapist" => Role::Therapist,
        _ => Role::Driver,
    }
}

fn create(visit: &mut Visit<'_>) -> Answer {
    if !visit.operator() {
        return Answer::forbidden();
    }
    let mut fields = Fields::new(&visit.call.sent, false);
    let username = fields.text("username", true).flatten();
    let role = fields.choice("role", &ROLES);
    let first_name = fields.text("first_name", false).flatten().unwrap_or_default();
    let last_name = fields.text("last_name", false).flatten().unwrap_or_default();
    if role.is_none() {
        fields.refused.add("role", crate::field::REQUIRED);
    }
    if let Some(body) = fields.refused.into_body() {
        return Answer::bad(body);
    }
    let id = visit.clinic.next("user");
    let user = User {
        id,
        username: username.unwrap_or_default(),
        first_name,
        last_name,
        role: role_called(role.unwrap_or_default()),
        active: true,
        joined: visit.now,
        ..visit.clinic.nobody.clone()
    };
    let row = user.row();
    visit.clinic.users.insert(id, user);
    Answer::created(row)
}

fn change(visit: &mut Visit<'_>) -> Answer {
    if !visit.operator() {
        return Answer::forbidden();
    }
    let mut fields = Fields::new(&visit.call.sent, true);
    let active = fields.flag("is_active");
    let first_name = fields.text("first_name", false).flatten();
    let last_name = fields.text("last_name", false).flatten();
    let phone = fields.text("phone_number", false).flatten();
    if let Some(body) = fields.refused.into_body() {
        return Answer::bad(body);
    }
    let Some(user) = visit.clinic.users.get_mut(&visit.call.id()) else {
        return Answer::not_found();
    };
    user.active = active.unwrap_or(user.active);
    for (field, sent) in [
        (&mut user.first_name, first_name),
        (&mut user.last_name, last_name),
        (&mut user.phone, phone),
    ] {
        if let Some(text) = sent {
            *field = text;
        }
    }
    Answer::ok(user.row())
}

fn delete(visit: &mut Visit<'_>) -> Answer {
    if !visit.operator() {
        return Answer::forbidden();
    }
    match visit.clinic.users.remove(&visit.call.id()) {
        Some(_) => Answer::no_content(),
        None => Answer::not_found(),
    }
}
