//! The one task that sends what people did: in order within each row's lane, one at a time.
//!
//! When the server does not answer, nothing else would go through either, so the pause after a failure is the sender's and
//! not the act's. It ends early when the pulling task finds the server again.

use super::lost;
use super::sense;
use super::verdict::{Verdict, verdict};
use super::write::write_of;
use crate::backend::{Act, Write};
use crate::cache::{OutboxItem, OutboxState, Settlement};
use crate::sync::backoff;
use crate::sync::journal::Happening;
use crate::sync::line::Line;
use crate::sync::link;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tracing::Instrument;

/// An act that goes again may go at once: the pause is the sender's. No instant near now would do, since a clock that is
/// set right would make the act wait for as long as the clock was wrong.
const AT_ONCE: Timestamp = Timestamp::UNIX_EPOCH;

/// How a person's act went.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// It is settled; the next may go.
    Settled,
    /// It stays, and so does everything else for a while.
    Pause(Duration),
}

/// Sends until the desk closes.
pub(crate) async fn run(line: Arc<Line>) {
    tokio::select! {
        biased;
        () = line.closing.cancelled() => {}
        // Dropped in the middle of a request, the act stays marked as being sent and is found as unknown at the next
        // start, which sends it with the same key.
        () = send_all(&line) => {}
    }
}

async fn send_all(line: &Line) {
    let mut failures = 0;
    loop {
        // Registered before the queue is looked at, or an act that is kept in between would wait for the next.
        let kept = line.send_now.notified();
        tokio::pin!(kept);
        kept.as_mut().enable();
        count(line).await;
        line.rest().await;
        match line.cache.claim_next(line.now()).await {
            Ok(Some(item)) => match deliver(line, &item, failures).await {
                Outcome::Settled => failures = 0,
                Outcome::Pause(pause) => {
                    failures += 1;
                    count(line).await;
                    wait_out(line, pause).await;
                }
            },
            Ok(None) => {
                let due = until_due(line).await;
                tokio::select! {
                biased;
                            () = kept => {}
                            () = sleep(due.unwrap_or(Duration::MAX)), if due.is_some() => {}
                        }
            }
            Err(error) => {
                failures += 1;
                tracing::error!(%error, "the outbox cannot be read");
                sleep(backoff::after_failure(failures, line.clock.chance())).await;
            }
        }
    }
}

/// How long until an act that waits for its time can go.
async fn until_due(line: &Line) -> Option<Duration> {
    let at = line.cache.next_wakeup().await.ok().flatten()?;
    Some(Duration::try_from(at.duration_since(line.now())).unwrap_or_default())
}

/// Waits, unless the server is found again before.
async fn wait_out(line: &Line, pause: Duration) {
    let mut status = line.status().subscribe();
    let lost = !status.borrow_and_update().link.is_connected();
    tokio::select! {
        biased;
        () = sleep(pause) => {}
        _ = status.wait_for(|status| status.link.is_connected()), if lost => {}
    }
}

async fn deliver(line: &Line, item: &OutboxItem, failures: u32) -> Outcome {
    let span = tracing::info_span!(
        "operation",
        operation = %item.operation,
        kind = %item.kind,
        attempt = item.attempts,
        duration_ms = tracing::field::Empty,
    );
    let began = Instant::now();
    let outcome = attempt(line, item, failures).instrument(span.clone()).await;
    span.record(
        "duration_ms",
        u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    );
    outcome
}

async fn attempt(line: &Line, item: &OutboxItem, failures: u32) -> Outcome {
    let write = write_of(item);
    if !line.confirmed(item.operation)
        && let Some(why) = sense::asks(write.kind, &write.act, item.acted_at, line.now())
    {
        tracing::info!("the act came too late to be sent unasked");
        settle(line, item, Settlement::Parked(why)).await;
        return Outcome::Settled;
    }
    line.count_request();
    let began = Instant::now();
    let answer = line.backend.push(&write).await;
    let pause = match &answer {
        Ok(_) => {
            line.note(Happening::Sent { took: began.elapsed() });
            Duration::ZERO
        }
        Err(error) => {
            line.note(Happening::Failed(error.code()));
            tracing::warn!(code = error.code(), "the act was not confirmed");
            line.hold(error);
            line.heed(error);
            link::retry_in(error, failures + 1, line.clock.chance()).unwrap_or_default()
        }
    };
    let (settlement, waits) = settlement(verdict(&write, answer, line.backend.abilities()), &write);
    let settlement = if line.backend.holds().desk_lists {
        with_task(settlement, item)
    } else {
        settlement
    };
    let held = settlement == Settlement::AuthHeld;
    settle(line, item, settlement).await;
    if held || waits {
        // The pulling task finds out how the link is, tells the windows, and so ends this pause.
        line.pull_now.notify_one();
    }
    if waits {
        Outcome::Pause(line.retry_after(pause))
    } else {
        Outcome::Settled
    }
}

/// The verdict in the cache's terms, and whether the sender has to wait before anything else goes.
fn settlement(verdict: Verdict, write: &Write) -> (Settlement, bool) {
    match verdict {
        Verdict::Done(receipt) => (Settlement::Done(receipt), false),
        Verdict::AlreadyGone => (Settlement::Gone, false),
        Verdict::Again => (Settlement::Again(AT_ONCE), true),
        Verdict::Unknown => (Settlement::Unknown(AT_ONCE), true),
        Verdict::MayHaveArrived => {
            let sentence = "It may have arrived. Look how it stands at the clinic, then send or discard it.";
            (Settlement::Parked(sentence.to_owned()), false)
        }
        Verdict::AuthHeld => (Settlement::AuthHeld, false),
        Verdict::Conflict(problem) => (
            Settlement::Conflict(conflict_sentence(write, problem.is_some()), problem),
            false,
        ),
        Verdict::Parked(sentence) => (Settlement::Parked(sentence), false),
    }
}

/// A booking that lost its slot becomes a task too.
fn with_task(settlement: Settlement, item: &OutboxItem) -> Settlement {
    let task = item
        .intent
        .row()
        .and_then(|row| lost::task(item.operation, row, item.base_version.is_some()));
    match (settlement, task) {
        (Settlement::Conflict(reason, Some(problem)), Some(task)) if problem.slot.is_some() => {
            Settlement::LostSlot(reason, problem, Box::new(task))
        }
        (settlement, _) => settlement,
    }
}

fn conflict_sentence(write: &Write, answered: bool) -> String {
    let sentence = match (&write.act, answered) {
        (_, false) => "This is no longer there: somebody removed it in the meantime.",
        (Act::Step(_), true) => "The appointment has moved on in the meantime. See how it stands now.",
        (_, true) => "Somebody else was faster. See how it is now, and choose again.",
    };
    sentence.to_owned()
}

/// Records what became of an act. A full disk may have room again: until it is recorded, nothing else is sent, because the
/// act would stay marked as being sent.
async fn settle(line: &Line, item: &OutboxItem, settlement: Settlement) {
    let mut failures = 0;
    while let Err(error) = line.cache.settle(item.operation, settlement.clone()).await {
        failures += 1;
        tracing::error!(%error, failures, "the server's answer could not be kept");
        sleep(backoff::after_failure(failures, line.clock.chance())).await;
    }
}

/// Tells the windows how many acts wait.
async fn count(line: &Line) {
    let Ok(waiting) = line.cache.waiting().await else {
        return;
    };
    let needs_you = |item: &&OutboxItem| matches!(item.state, OutboxState::Conflict | OutboxState::Parked);
    let need_you = u32::try_from(waiting.iter().filter(needs_you).count()).unwrap_or(u32::MAX);
    let waiting = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
    line.status().send_if_modified(|status| {
        let changed = (status.waiting, status.need_you) != (waiting, need_you);
        (status.waiting, status.need_you) = (waiting, need_you);
        changed
    });
}
