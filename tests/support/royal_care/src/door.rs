//! Where a request comes in: trouble on order happens here, every answer is counted, and sockets go their own way.

use crate::answer::Answer;
use crate::fault::{self, Fault};
use crate::house::House;
use crate::socket;
use crate::traffic::{Asked, head_bytes};
use crate::visit::Answered;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, header};
use hyper::body::{Body as _, Incoming};
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tower::ServiceExt;

/// Counts one request among those that are being answered, for as long as it lives.
struct Served(Arc<House>);

impl Served {
    fn begin(house: &Arc<House>) -> Self {
        house.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(house))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(crate) async fn enter(house: Arc<House>, router: Router, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let _served = Served::begin(&house);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let asked = Asked {
        at: house.clock.now(),
        account: String::new(),
        method: method.to_string(),
        target: request
            .uri()
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        endpoint: path.clone(),
        no_cache: request
            .headers()
            .get(header::CACHE_CONTROL)
            .is_some_and(|value| value == "no-cache"),
        status: 0,
        bytes: 0,
    };
    let fault = fault::due(&mut house.planned(), method.as_str(), &path);
    if fault == Some(Fault::Swallowed) {
        house.traffic().asked.push(asked);
        return pending().await;
    }
    let mut response = if fault == Some(Fault::ServerError) {
        Answer::server_error().dressed(&method, "", false)
    } else if request.headers().contains_key(header::UPGRADE) {
        socket::open(&house, request)
    } else {
        match router.oneshot(request.map(Body::new)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    };
    let answered = response.extensions_mut().remove::<Answered>();
    let (endpoint, account) = answered.map_or((path, String::new()), |answered| {
        (answered.endpoint.to_owned(), answered.account)
    });
    let silent = matches!(fault, Some(Fault::DoneInSilence | Fault::DoneThenCut));
    let bytes = head_bytes(&response.status().to_string(), response.headers())
        + response.body().size_hint().exact().unwrap_or_default();
    house.traffic().asked.push(Asked {
        account,
        endpoint,
        status: if silent { 0 } else { response.status().as_u16() },
        bytes: if silent { 0 } else { bytes },
        ..asked
    });
    match fault {
        Some(Fault::DoneInSilence) => pending().await,
        Some(Fault::DoneThenCut) => Err(io::Error::other("cut off, as ordered")),
        Some(Fault::Late(by)) => {
            tokio::time::sleep(by).await;
            Ok(response)
        }
        _ => Ok(response),
    }
}
