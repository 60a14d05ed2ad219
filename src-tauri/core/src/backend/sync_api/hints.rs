//! Hints by server-sent events. They carry no data: a lost one costs a poll interval, never a change.

use super::session::Session;
use crate::backend::{BackendError, HintEvent};
use deskbell_clinic::wire::Hint;
use eventsource_stream::{Event, Eventsource};
use futures_util::future::ready;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use reqwest::{Method, header};
use std::sync::Arc;
use std::time::Duration;

/// Connects, and answers what is heard from then on. Heartbeats are comments, which a reader of events never sees, so
/// silence is measured on the bytes.
pub(super) async fn listen(
    session: &Arc<Session>,
    silence: Duration,
) -> Result<BoxStream<'static, HintEvent>, BackendError> {
    let connecting = session.send_raw(|http| {
        http.open(Method::GET, "v1/hints")
            .header(header::CACHE_CONTROL, "no-cache")
    });
    let response = tokio::time::timeout(silence, connecting)
        .await
        .unwrap_or(Err(BackendError::Timeout { sent: false }))?;
    let bytes = without_mark(until_silent(response.bytes_stream(), silence));
    let events = bytes.eventsource().take_while(|event| ready(event.is_ok()));
    Ok(events
        .filter_map(|event| ready(event.ok().as_ref().and_then(meaning)))
        .boxed())
}

fn meaning(event: &Event) -> Option<HintEvent> {
    if event.event == "auth" {
        return Some(HintEvent::Auth);
    }
    // An event of a newer server that is no hint is as good as a heartbeat.
    serde_json::from_str::<Hint>(&event.data)
        .ok()
        .map(|hint| HintEvent::Changed(hint.seq))
}

/// The same bytes without a byte order mark in front. The standard says to skip one; the reader of events panics on it.
fn without_mark<B: AsRef<[u8]> + Send + 'static, E: Send + 'static>(
    bytes: BoxStream<'static, Result<B, E>>,
) -> BoxStream<'static, Result<Vec<u8>, E>> {
    // What may still be a mark, or none once that is known.
    let mut front = Some(vec![]);
    bytes
        .map(move |piece| {
            let piece = piece?;
            let Some(mut held) = front.take() else {
                return Ok(piece.as_ref().to_vec());
            };
            held.extend_from_slice(piece.as_ref());
            if held.len() < MARK.len() && MARK.starts_with(&held) {
                front = Some(held);
                return Ok(vec![]);
            }
            if held.starts_with(MARK) {
                held.drain(..MARK.len());
            }
            Ok(held)
        })
        .boxed()
}

/// U+FEFF in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Ends the stream when nothing, not even a heartbeat, came for so long.
fn until_silent<S: Stream + Send + Unpin + 'static>(bytes: S, silence: Duration) -> BoxStream<'static, S::Item>
where
    S::Item: Send,
{
    stream::unfold(bytes, move |mut bytes| async move {
        let next = tokio::time::timeout(silence, bytes.next()).await.ok().flatten()?;
        Some((next, bytes))
    })
    .boxed()
}
