//! One request on its way through the service, and the table that names each endpoint's methods and who may use them.

use crate::answer::Answer;
use crate::clinic::{Clinic, Role, User};
use crate::house::House;
use crate::identity;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// No request of a front desk is larger.
const LARGEST_BODY: usize = 1 << 20;

/// What a client asked.
pub(crate) struct Call {
    pub(crate) host: String,
    pub(crate) path: String,
    query: Vec<(String, String)>,
    /// What the address names in place of `{id}`, as it stands there.
    named: Option<String>,
    pub(crate) head: HeaderMap,
    /// The body's fields; empty where there was none.
    pub(crate) sent: Value,
}

impl Call {
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|text| !text.is_empty())
    }

    /// The query with another page in it: its keys sorted, and none for the first page.
    pub(crate) fn query_with_page(&self, number: usize) -> String {
        let mut pairs: Vec<(String, String)> = self.query.iter().filter(|(key, _)| key != "page").cloned().collect();
        if number > 1 {
            pairs.push(("page".to_owned(), number.to_string()));
        }
        pairs.sort();
        match pairs.as_slice() {
            [] => String::new(),
            pairs => {
                let joined: Vec<String> = pairs
                    .iter()
                    .map(|(key, value)| format!("{key}={}", escaped(value)))
                    .collect();
                format!("?{}", joined.join("&"))
            }
        }
    }

    /// The row that the address names; what is no number names none.
    pub(crate) fn id(&self) -> i64 {
        self.named.as_deref().and_then(|text| text.parse().ok()).unwrap_or(-1)
    }

    /// A text field of the body, or nothing.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.sent.get(name).and_then(Value::as_str)
    }
}

/// A call inside the service: the rows it may touch, who makes it and when.
pub(crate) struct Visit<'a> {
    pub(crate) clinic: &'a mut Clinic,
    pub(crate) call: &'a Call,
    /// Whose account it is; nobody's (0) at an open door.
    pub(crate) me: i64,
    pub(crate) now: Timestamp,
}

impl Visit<'_> {
    pub(crate) fn myself(&self) -> &User {
        self.clinic.user(self.me)
    }

    pub(crate) fn operator(&self) -> bool {
        self.me != 0 && self.myself().role == Role::Operator
    }
}

/// What an endpoint does with a call.
pub(crate) type Act = fn(&mut Visit<'_>) -> Answer;

/// Who is let in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    SignedIn,
}

/// An address of the service.
pub(crate) struct Endpoint {
    pub(crate) path: &'static str,
    /// Its `Allow`, which the service names in every answer.
    pub(crate) allow: &'static str,
    pub(crate) door: Door,
    pub(crate) acts: &'static [(&'static str, Act)],
}

/// Which endpoint answered, and whom, for the counters.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) endpoint: &'static str,
    pub(crate) account: String,
}

/// The addresses in `tables`, over one clinic.
pub(crate) fn router(house: &Arc<House>, tables: &[&'static [Endpoint]]) -> Router {
    let mut router = Router::new();
    for endpoint in tables.iter().flat_map(|table| table.iter()) {
        let serve = move |State(house): State<Arc<House>>,
                          Path(named): Path<HashMap<String, String>>,
                          request: Request| async move {
            serve(&house, endpoint, named.get("id").cloned(), request).await
        };
        router = router.route(endpoint.path, any(serve));
    }
    router.fallback(elsewhere).with_state(Arc::clone(house))
}

async fn serve(house: &House, endpoint: &'static Endpoint, named: Option<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let method = parts.method.clone();
    let bytes = to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let sent = read_body(&parts.headers, &bytes);
    let call = Call {
        host: text_of(&parts.headers, header::HOST).unwrap_or_default(),
        path: parts.uri.path().to_owned(),
        query: read_pairs(parts.uri.query().unwrap_or_default()),
        named,
        head: parts.headers,
        sent: sent.clone().unwrap_or_else(|_| json!({})),
    };
    let now = house.clock.now();
    let mut clinic = house.clinic();
    let caller = identity::of(&mut clinic, &call, now);
    let account = caller.as_ref().ok().copied().flatten().unwrap_or(0);
    let account = clinic.user(account).username.clone();
    // With nobody signed in the service has looked at the session cookie too, and says so.
    let open = endpoint.door == Door::Open || matches!(caller, Ok(None)) || identity::basic(&call);
    let answer = match (endpoint.door, caller) {
        (Door::SignedIn, Err(answer)) => answer,
        (Door::SignedIn, Ok(None)) => identity::nobody(),
        (door, caller) => {
            let me = if door == Door::Open {
                0
            } else {
                caller.ok().flatten().unwrap_or(0)
            };
            let asked = if method == Method::HEAD {
                Method::GET.as_str()
            } else {
                method.as_str()
            };
            match endpoint.acts.iter().find(|(offered, _)| *offered == asked) {
                None => Answer::detail(
                    StatusCode::METHOD_NOT_ALLOWED,
                    &format!("Method \"{method}\" not allowed."),
                ),
                Some((_, act)) => match sent {
                    Err(answer) => answer,
                    Ok(_) => act(&mut Visit {
                        clinic: &mut clinic,
                        call: &call,
                        me,
                        now,
                    }),
                },
            }
        }
    };
    drop(clinic);
    let mut response = answer.dressed(&method, endpoint.allow, open);
    let endpoint = endpoint.path;
    response.extensions_mut().insert(Answered { endpoint, account });
    response
}

/// Every other address: without its last slash it is sent to the one with it, whatever the method (which turns a followed
/// POST into a GET); any other does not exist.
async fn elsewhere(request: Request) -> Response {
    let path = request.uri().path();
    let answer = if path.starts_with("/api/") && !path.ends_with('/') {
        let query = request
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        Answer::moved(format!("{path}/{query}"))
    } else {
        Answer::no_such_page()
    };
    answer.dressed(request.method(), "", true)
}

fn read_body(head: &HeaderMap, bytes: &[u8]) -> Result<Value, Answer> {
    let form =
        text_of(head, header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if bytes.is_empty() {
        return Ok(json!({}));
    }
    if form {
        let pairs = read_pairs(&String::from_utf8_lossy(bytes));
        return Ok(Value::Object(
            pairs
                .into_iter()
                .map(|(key, value)| (key, Value::String(value)))
                .collect::<Map<_, _>>(),
        ));
    }
    serde_json::from_slice(bytes).map_err(|_| {
        let text = "JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
        Answer::detail(StatusCode::BAD_REQUEST, text)
    })
}

pub(crate) fn text_of(head: &HeaderMap, name: header::HeaderName) -> Option<String> {
    head.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// `a=1&b=2` with `%xx` and `+` read.
pub(crate) fn read_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (unescaped(key), unescaped(value)))
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let pair: Vec<u8> = rest.by_ref().take(2).collect();
                let code = std::str::from_utf8(&pair)
                    .ok()
                    .and_then(|pair| u8::from_str_radix(pair, 16).ok());
                bytes.push(code.unwrap_or(b'%'));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
