//! Asking that server: the token as it wants it, no answer out of any cache, and its five shapes of errors.
//!
//! It marks every answer as good for five minutes, so every question says that it wants a fresh one. The content type of
//! an error is not to be trusted; what counts as an answer of this API is JSON that reads.

use super::meter::Meter;
use crate::backend::http::{Http, broken, retry_after};
use crate::backend::{BackendError, Cost};
use crate::secret::Secret;
use deskbell_clinic::wire::{FieldProblem, Problem, ProblemCode};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// Response headers of that server, on the average; they are paid for too.
const HEADERS: u64 = 310;

/// The server, and what its answers cost.
pub(super) struct Server {
    http: Http,
    meter: Meter,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Its JSON; none when it is something else, or empty.
    pub(super) json: Option<Value>,
    retry_after: Option<Duration>,
    empty: bool,
}

/// One question.
pub(super) struct Question<'a> {
    method: Method,
    path: String,
    query: &'a [(&'a str, String)],
    body: Option<&'a Value>,
}

impl<'a> Question<'a> {
    pub(super) fn get(path: impl Into<String>, query: &'a [(&'a str, String)]) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            query,
            body: None,
        }
    }

    pub(super) fn send(method: Method, path: impl Into<String>, body: Option<&'a Value>) -> Self {
        Self {
            method,
            path: path.into(),
            query: &[],
            body,
        }
    }
}

impl Server {
    pub(super) fn new(http: Http) -> Self {
        Self {
            http,
            meter: Meter::default(),
        }
    }

    pub(super) const fn http(&self) -> &Http {
        &self.http
    }

    pub(super) fn cost(&self) -> Cost {
        self.meter.cost()
    }

    /// Counts a request whose answer is not read here, and bytes of one that goes on.
    pub(super) fn count(&self, requests: u32, bytes: u64) {
        self.meter.count(requests, bytes);
    }

    /// Asks, and reads whatever is answered.
    pub(super) async fn ask(
        &self,
        question: &Question<'_>,
        token: Option<&Secret<String>>,
    ) -> Result<Answer, BackendError> {
        let request = self.http.request(question.method.clone(), &question.path);
        let request = match question.body {
            Some(body) => request.json(body),
            None => request,
        };
        let request = request
            .query(question.query)
            .header(header::CACHE_CONTROL, "no-cache")
            .header(header::ACCEPT, "application/json");
        self.read(authorised(request, token)).await
    }

    async fn read(&self, request: RequestBuilder) -> Result<Answer, BackendError> {
        self.meter.count(1, 0);
        let response = request.send().await.map_err(|error| broken(&error))?;
        let (status, retry_after) = (response.status(), retry_after(&response));
        // A deletion's answer names a length and has no body: nothing is waited for.
        let body = match status {
            StatusCode::NO_CONTENT => Vec::new(),
            _ => response.bytes().await.map_err(|error| broken(&error))?.to_vec(),
        };
        self.meter.count(0, HEADERS + body.len() as u64);
        Ok(Answer {
            status,
            empty: body.is_empty(),
            json: serde_json::from_slice(&body).ok(),
            retry_after,
        })
    }
}

/// `Token`, never `Bearer`: with the latter a sign-out answers "successful" and the token lives on.
fn authorised(request: RequestBuilder, token: Option<&Secret<String>>) -> RequestBuilder {
    match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Token {}", token.expose())),
        None => request,
    }
}

impl Answer {
    /// The answer's JSON as what it should be.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, BackendError> {
        let json = self.good()?;
        T::deserialize(json).map_err(|_| {
            // Serde's words may quote a value.
            tracing::warn!("an answer is not of the shape that this server gives");
            BackendError::Protocol
        })
    }

    /// The answer's JSON, if it is a good answer of this API.
    pub(super) fn good(self) -> Result<Value, BackendError> {
        if !self.status.is_success() {
            return Err(self.refusal());
        }
        self.json.ok_or(BackendError::NotJson)
    }

    /// What an answer that is not a good one means.
    pub(super) fn refusal(&self) -> BackendError {
        match self.status.as_u16() {
            429 | 503 => BackendError::TooMany {
                retry_after: self.retry_after,
            },
            status @ 500.. => BackendError::Server(status),
            // Below 500 the server always says why, in JSON. Anything else is somebody in between.
            _ if self.json.is_none() && !self.empty => BackendError::NotJson,
            401 if self.says("inactive") => BackendError::AccountDisabled,
            401 => BackendError::AuthExpired,
            403 => BackendError::Forbidden,
            404 => BackendError::NotFound,
            400 => BackendError::Invalid(Box::new(self.problem(ProblemCode::Invalid, None))),
            _ => BackendError::Protocol,
        }
    }

    /// Whether any of the answer's sentences has this text in it.
    pub(super) fn says(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.sentences()
            .iter()
            .any(|said| said.message.to_lowercase().contains(&text))
    }

    /// What the answer's errors are about; general ones have no field.
    pub(super) fn sentences(&self) -> Vec<FieldProblem> {
        let said = |field: &str, value: &Value| -> Vec<FieldProblem> {
            let texts = match value {
                Value::String(text) => vec![text.clone()],
                Value::Array(list) => list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
                _ => vec![],
            };
            texts
                .into_iter()
                .map(|message| FieldProblem {
                    field: field.to_owned(),
                    message,
                })
                .collect()
        };
        match &self.json {
            Some(list @ Value::Array(_)) => said("", list),
            Some(Value::Object(fields)) => fields
                .iter()
                .flat_map(|(name, value)| match name.as_str() {
                    "detail" | "error" | "message" | "non_field_errors" => said("", value),
                    name => said(name, value),
                })
                .collect(),
            _ => vec![],
        }
    }

    /// The refusal as the engine and the windows know one.
    pub(super) fn problem(&self, code: ProblemCode, detail: Option<String>) -> Problem {
        let (general, fields): (Vec<_>, Vec<_>) = self.sentences().into_iter().partition(|said| said.field.is_empty());
        let general: Vec<_> = general.into_iter().map(|said| said.message).collect();
        let said = (!general.is_empty()).then(|| general.join(" "));
        Problem {
            fields,
            ..refused(code, self.status.as_u16(), detail.or(said))
        }
    }
}

/// A refusal of our own, or one put into our own words.
pub(super) fn refused(code: ProblemCode, status: u16, detail: Option<String>) -> Problem {
    Problem {
        type_uri: "about:blank".to_owned(),
        title: "The clinic's server does not take this".to_owned(),
        status,
        detail,
        code,
        fields: vec![],
        slot: None,
        current: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, json: Option<Value>) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            json,
            retry_after: None,
            empty: false,
        }
    }

    #[test]
    fn all_five_shapes_of_errors_are_read() {
        let shapes = [
            json!({"detail": "This time slot overlaps"}),
            json!({"error": "This time slot overlaps"}),
            json!({"date": ["This time slot overlaps"]}),
            json!({"non_field_errors": ["This time slot overlaps"]}),
            json!(["This time slot overlaps"]),
        ];
        for shape in shapes {
            assert!(answer(400, Some(shape.clone())).says("overlaps"), "{shape}");
        }
    }

    #[test]
    fn a_web_page_is_the_servers_failure_only_where_the_status_says_so() {
        assert_eq!(answer(500, None).refusal(), BackendError::Server(500));
        assert_eq!(answer(404, None).refusal(), BackendError::NotJson);
        assert_eq!(answer(200, None).good().unwrap_err(), BackendError::NotJson);
    }
}
