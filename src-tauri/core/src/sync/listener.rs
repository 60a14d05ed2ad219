//! Listens for hints, as long as they are wanted, and reconnects by itself.

use super::backoff;
use super::journal::Happening;
use super::line::Line;
use super::status::HintState;
use crate::backend::{BackendError, HintEvent};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A server without hints is asked again this seldom: it may have been updated.
const ASK_AGAIN: Duration = Duration::from_secs(900);

/// A connection that lived shorter than this counts as a failure: something in between cuts it.
const LIVED: Duration = Duration::from_secs(30);

/// Runs until the desk closes.
pub(crate) async fn listen(line: Arc<Line>) {
    let mut settings = line.desktop.settings.subscribe();
    let mut status = line.status().subscribe();
    let mut failures = 0;
    if !line.backend.abilities().hints {
        return;
    }
    loop {
        let wanted = settings.borrow_and_update().sync.hints;
        // Without a session or a network there is nobody to listen to: the pulling task finds out when there is.
        let reachable = status.borrow_and_update().link.is_connected();
        if !wanted || !reachable {
            line.set_hints(if wanted { HintState::Connecting } else { HintState::Off });
            tokio::select! {
            biased;
                () = line.closing.cancelled() => return,
                changed = settings.changed() => if changed.is_err() { return },
                changed = status.wait_for(|status| status.link.is_connected()), if wanted => if changed.is_err() { return },
            }
            continue;
        }
        line.set_hints(HintState::Connecting);
        tokio::select! {
            biased;
            () = line.closing.cancelled() => return,
            () = line.rest() => {}
        }
        line.count_request();
        let connected = tokio::select! {
            biased;
            () = line.closing.cancelled() => return,
            connected = line.backend.hints() => connected,
        };
        let pause = match connected {
            Ok(events) => {
                let began = Instant::now();
                tokio::select! {
                biased;
                        () = line.closing.cancelled() => return,
                        () = hear(&line, events) => {}
                        _ = settings.wait_for(|settings| !settings.sync.hints) => {}
                    }
                line.heard().listening_since = None;
                line.set_hints(HintState::Connecting);
                failures = if began.elapsed() < LIVED { failures + 1 } else { 0 };
                // Whether the server itself is gone is for a pull to find out, now and not at the next poll.
                line.pull_now.notify_one();
                backoff::after_failure(failures.max(1), line.clock.chance())
            }
            Err(BackendError::NotFound) => {
                line.set_hints(HintState::Off);
                ASK_AGAIN
            }
            Err(error) => {
                failures += 1;
                line.note(Happening::Failed(error.code()));
                line.hold(&error);
                tracing::debug!(code = error.code(), failures, "hints are not heard");
                backoff::after_failure(failures, line.clock.chance())
            }
        };
        tokio::select! {
            biased;
            () = line.closing.cancelled() => return,
            () = sleep(pause) => {}
            changed = settings.changed() => if changed.is_err() { return },
        }
    }
}

/// Until the connection is lost.
async fn hear(line: &Line, mut events: BoxStream<'static, HintEvent>) {
    {
        let mut heard = line.heard();
        heard.listening_since = Some(Instant::now());
    }
    let reliable = line.heard().loss.reliable();
    line.set_hints(if reliable {
        HintState::Heard
    } else {
        HintState::Unreliable
    });
    // What changed while nobody listened was not hinted.
    line.pull_now.notify_one();
    while let Some(event) = events.next().await {
        match event {
            HintEvent::Changed(_) => {
                line.note(Happening::Hinted);
                line.heard().unanswered.get_or_insert_with(Instant::now);
                line.pull_now.notify_one();
            }
            HintEvent::Auth => {
                // Renewed at once, shared with whoever is refused meanwhile; it also tells a changed role. What a failure
                // means is for the pull to find out that follows the end of every connection.
                match line.backend.renew().await {
                    Ok(account) => line.told_account(account),
                    Err(error) => {
                        line.hold(&error);
                        tracing::debug!(code = error.code(), "the session was not renewed");
                    }
                }
                return;
            }
        }
    }
}
