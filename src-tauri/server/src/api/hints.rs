//! `GET /v1/hints`: tells a desk that there is something to pull, never what.
//!
//! Every 15 seconds a heartbeat says that the line still holds, and checks that the session does.

use super::problem::Fault;
use super::viewer::{self, Viewer};
use crate::app::App;
use crate::store::{Commit, Ended, change};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use clinic::wire::{Hint, Problem, ProblemCode};
use deskbell_clinic as clinic;
use futures_util::{Stream, StreamExt as _};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_stream::wrappers::ReceiverStream;

/// Hints as server-sent events: `hint` with a position, comments as heartbeats, and `auth` before the end when the
/// session lapsed, was revoked, or its account's role changed.
#[utoipa::path(get, path = "/v1/hints", responses(
    (status = 200, body = Hint, content_type = "text/event-stream"),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 404, body = Problem, description = "not_found: this server sends no hints; poll instead"),
))]
pub(super) async fn stream(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Fault> {
    if !app.settings.hints {
        return Err(Fault::new(
            StatusCode::NOT_FOUND,
            ProblemCode::NotFound,
            "This server sends no hints; poll instead",
        ));
    }
    // Subscribed before the answer begins: what commits from now on is hinted.
    let (commits, ended) = (app.store.commits(), app.store.ended());
    let (events, answer) = mpsc::channel(4);
    tokio::spawn(watch(app, viewer, commits, ended, events));
    Ok(Sse::new(ReceiverStream::new(answer).map(Ok)))
}

async fn watch(
    app: App,
    viewer: Viewer,
    mut commits: broadcast::Receiver<Arc<Commit>>,
    mut ended: broadcast::Receiver<Ended>,
    events: mpsc::Sender<Event>,
) {
    let actor = viewer.actor();
    let mut heartbeat = interval_at(Instant::now(), app.settings.heartbeat);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let left = viewer.session.expires_at.duration_since(app.store.clock().now());
    let expiry = tokio::time::sleep(left.try_into().unwrap_or_default());
    tokio::pin!(expiry);
    loop {
        let event = tokio::select! {
            biased;
            () = app.stopping.cancelled() => return,
            () = events.closed() => return,
            () = &mut expiry => None,
            commit = commits.recv() => match commit {
                Ok(commit) if commit.scopes.iter().any(|scope| scope.includes(&actor)) => hint(commit.seq),
                Ok(_) => continue,
                // Too far behind to know what was in scope; a pull finds out.
                Err(broadcast::error::RecvError::Lagged(_)) => newest(&app).await,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            end = ended.recv() => match end {
                Ok(end) if end.account != actor.account => continue,
                Ok(end) if end.session.is_some_and(|session| session != viewer.session.id) => continue,
                Ok(_) => None,
                Err(broadcast::error::RecvError::Lagged(_)) => still_valid(&app, &viewer).await,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            _ = heartbeat.tick() => still_valid(&app, &viewer).await,
        };
        match event {
            Some(event) => {
                if events.send(event).await.is_err() {
                    return;
                }
            }
            None => {
                // The receiver may be gone already; then there is nobody to tell.
                let _ = events.send(Event::default().event("auth").data("{}")).await;
                return;
            }
        }
    }
}

fn hint(seq: i64) -> Option<Event> {
    Event::default()
        .event("hint")
        .json_data(Hint {
            seq: seq.unsigned_abs(),
        })
        .ok()
}

/// A hint at whatever was last.
async fn newest(app: &App) -> Option<Event> {
    let last = app
        .store
        .read(|connection| Ok::<_, Fault>(change::last(connection)?))
        .await;
    last.ok().and_then(hint)
}

/// A heartbeat, unless the session ended in another process, as by `deskbell-server add-user`.
async fn still_valid(app: &App, viewer: &Viewer) -> Option<Event> {
    let heartbeat = || Some(Event::default().comment("heartbeat"));
    match viewer::lookup(app, viewer.token).await {
        Ok(Some(session)) if !session.revoked && session.account.stamp == viewer.session.account.stamp => heartbeat(),
        Ok(_) => None,
        // The database did not answer: that says nothing about the session.
        Err(_) => heartbeat(),
    }
}
