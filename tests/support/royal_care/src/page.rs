//! The service's pages. Every list has its own shape, and one of them says a page size that is not true.

use crate::answer::Answer;
use crate::visit::Call;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// What every page but the registration's claims to hold, whatever was asked.
const CLAIMED: usize = 12;
/// No page holds more, whatever was asked.
const MOST: usize = 200;

/// Which of the shapes a list has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `count, next, previous, results`: twelve rows, whatever was asked.
    Framework,
    /// With `total_pages`, `has_next` and the rest.
    Appointments,
    /// As the appointments', without `has_next` and `has_previous`.
    Plain,
    /// The registration's: the page size is true and the links are relative.
    Registration,
}

/// One page of `rows`, as `call` asked for it, each as `show` shows it; `wrap` may put them in a box of their own.
pub(crate) fn page<T>(
    call: &Call,
    rows: &[T],
    shape: Shape,
    show: impl Fn(&T) -> Value,
    wrap: impl FnOnce(Vec<Value>) -> Value,
) -> Answer {
    let asked = call
        .query("page_size")
        .and_then(|size| size.parse().ok())
        .filter(|size| *size > 0);
    let size = if shape == Shape::Framework {
        CLAIMED
    } else {
        asked.unwrap_or(CLAIMED).min(MOST)
    };
    let count = rows.len();
    let pages = count.div_ceil(size).max(1);
    let current = match call.query("page") {
        None => 1,
        Some("last") => pages,
        Some(text) => match text.parse() {
            Ok(number) if (1..=pages).contains(&number) => number,
            _ => return Answer::detail(StatusCode::NOT_FOUND, "Invalid page."),
        },
    };
    let results = wrap(rows.iter().skip((current - 1) * size).take(size).map(show).collect());
    let absolute = if shape == Shape::Registration {
        String::new()
    } else {
        format!("http://{}{}", call.host, call.path)
    };
    let link = |number: usize| format!("{absolute}{}", call.query_with_page(number));
    let next = (current < pages).then(|| link(current + 1));
    let previous = (current > 1).then(|| link(current - 1));
    let mut body = json!({ "count": count, "next": next, "previous": previous, "results": results });
    if shape != Shape::Framework {
        body["total_pages"] = json!(pages);
        body["current_page"] = json!(current);
        body["page_size"] = json!(if shape == Shape::Registration { size } else { CLAIMED });
    }
    if matches!(shape, Shape::Appointments | Shape::Registration) {
        body["has_next"] = json!(current < pages);
        body["has_previous"] = json!(current > 1);
    }
    Answer::ok(body)
}
