//! What an endpoint answers, and the head that the service puts on it: caching where there should be none, no validators,
//! and five shapes of error.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use serde_json::{Value, json};

/// The page that every unforeseen error gets.
pub(crate) const SERVER_ERROR: &str = "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Server Error (500)</title>\n\
     </head>\n<body>\n  <h1>Server Error (500)</h1><p></p>\n</body>\n</html>\n";

/// The page of an address that does not exist.
const NOT_FOUND: &str = "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Not Found</title>\n</head>\n<body>\n  \
     <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n</body>\n</html>\n";

/// Above this many bytes the service's `Vary` is overwritten.
const SMALL_BODY: usize = 1024;

/// Stands in a head for a length that the HTTP library would not send; the connection puts the real name in its place.
/// Of the same length as the name that it stands for.
pub(crate) const LIED_LENGTH: &str = "content-lehgth";

#[derive(Clone, Debug)]
enum Content {
    Json(Value),
    Html(&'static str),
    Nothing,
}

/// One answer, before its head is put on.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    content: Content,
    /// The wrong length that one `204` announces.
    lied_length: Option<u16>,
    location: Option<String>,
    /// Whether it says how to show who one is.
    challenges: bool,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            content: Content::Json(body),
            lied_length: None,
            location: None,
            challenges: false,
        }
    }

    pub(crate) fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn created(body: Value) -> Self {
        Self::json(StatusCode::CREATED, body)
    }

    /// A refusal of fields: `{"field": [...]}`, `{"non_field_errors": [...]}` or a bare list.
    pub(crate) fn bad(body: Value) -> Self {
        Self::json(StatusCode::BAD_REQUEST, body)
    }

    pub(crate) fn field(name: &str, text: impl Into<String>) -> Self {
        Self::bad(json!({ name: [text.into()] }))
    }

    /// The framework's own shape.
    pub(crate) fn detail(status: StatusCode, text: &str) -> Self {
        Self::json(status, json!({ "detail": text }))
    }

    /// To somebody who is not known. A sign-in that fails is answered otherwise.
    pub(crate) fn unknown(text: &str) -> Self {
        Self {
            challenges: true,
            ..Self::detail(StatusCode::UNAUTHORIZED, text)
        }
    }

    /// The shape of the service's own views.
    pub(crate) fn error(status: StatusCode, text: impl Into<String>) -> Self {
        Self::json(status, json!({ "error": text.into() }))
    }

    pub(crate) fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    pub(crate) fn forbidden() -> Self {
        Self::detail(
            StatusCode::FORBIDDEN,
            "You do not have permission to perform this action.",
        )
    }

    pub(crate) fn server_error() -> Self {
        Self {
            content: Content::Html(SERVER_ERROR),
            ..Self::nothing(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }

    pub(crate) fn no_such_page() -> Self {
        Self {
            content: Content::Html(NOT_FOUND),
            ..Self::nothing(StatusCode::NOT_FOUND)
        }
    }

    pub(crate) fn moved(to: String) -> Self {
        Self {
            location: Some(to),
            ..Self::nothing(StatusCode::MOVED_PERMANENTLY)
        }
    }

    fn nothing(status: StatusCode) -> Self {
        Self {
            status,
            content: Content::Nothing,
            lied_length: None,
            location: None,
            challenges: false,
        }
    }

    pub(crate) fn no_content() -> Self {
        Self::nothing(StatusCode::NO_CONTENT)
    }

    /// A `204` that announces a body of `length` bytes and sends none.
    pub(crate) fn no_content_that_lies(length: u16) -> Self {
        Self {
            lied_length: Some(length),
            ..Self::no_content()
        }
    }

    /// Puts the head on. `allow` are the endpoint's methods; `open` says that nobody was signed in, which the service's
    /// `Vary` shows.
    pub(crate) fn dressed(self, method: &Method, allow: &'static str, open: bool) -> Response<Body> {
        let (body, kind) = match self.content {
            Content::Json(value) => (value.to_string(), Some("application/json")),
            Content::Html(page) => (page.to_owned(), Some("text/html; charset=utf-8")),
            Content::Nothing => (String::new(), None),
        };
        let html = kind.is_some_and(|kind| kind.starts_with("text/html"));
        let mut head = HeaderMap::new();
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                head.append(name, value);
            }
        };
        if let Some(kind) = kind {
            put(header::CONTENT_TYPE, kind);
        }
        if self.challenges {
            put(header::WWW_AUTHENTICATE, "Token");
        }
        if let Some(location) = &self.location {
            put(header::LOCATION, location);
        }
        let vary = match (html, body.len() > SMALL_BODY, open) {
            (false, true, _) => "Accept-Encoding, origin",
            (false, false, true) => "Accept, Cookie, origin",
            (false, false, false) => "Accept, origin",
            (true, _, true) => "Cookie, origin",
            (true, _, false) => "origin",
        };
        put(header::VARY, vary);
        if !html {
            put(header::ALLOW, allow);
        }
        match *method {
            Method::GET => put(header::CACHE_CONTROL, "max-age=300, private"),
            Method::HEAD | Method::OPTIONS => {}
            _ => put(header::CACHE_CONTROL, "no-cache, no-store, must-revalidate"),
        }
        put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(header::X_FRAME_OPTIONS, "DENY");
        put(header::REFERRER_POLICY, "same-origin");
        put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        put(header::SERVER, "daphne");
        match self.lied_length {
            Some(length) => put(HeaderName::from_static(LIED_LENGTH), &length.to_string()),
            None => put(header::CONTENT_LENGTH, &body.len().to_string()),
        }
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        *response.headers_mut() = head;
        response
    }
}
