//! Reading what a request carries: every unreadable part becomes a problem that says which part.

use super::problem::Fault;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use clinic::wire::{FieldProblem, ProblemCode};
use deskbell_clinic as clinic;
use serde::de::DeserializeOwned;

/// A whole body, at most the limit.
pub(crate) struct Raw(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        Bytes::from_request(request, state).await.map(Raw).map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Fault::new(error.status(), ProblemCode::TooLarge, "The body is too large")
            } else {
                Fault::bad_request("The body could not be read.")
            }
        })
    }
}

/// Reads JSON: unreadable JSON is a bad request, JSON of another shape is invalid and says which field.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Fault::invalid(vec![FieldProblem {
            field: String::new(),
            message: shape(&error.to_string()),
        }]),
        _ => Fault::bad_request("The body is not JSON."),
    })
}

/// A path, read into its parts.
pub(crate) struct Address<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Address<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(address)) => Ok(Self(address)),
            Err(_) => Err(Fault::new(
                StatusCode::NOT_FOUND,
                ProblemCode::NotFound,
                "There is no such address in this API",
            )),
        }
    }
}

/// A query string.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => Err(Fault::bad_request(error.body_text())),
        }
    }
}

/// Serde's message without the value that it may quote: a value can be a client's name.
pub(crate) fn shape(message: &str) -> String {
    match message.split_once(": string \"") {
        Some((what, rest)) => match rest.rsplit_once('"') {
            Some((_, expected)) => format!("{what}: text{expected}"),
            None => what.to_owned(),
        },
        None => message.to_owned(),
    }
}
