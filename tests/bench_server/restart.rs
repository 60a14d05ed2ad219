//! The server is killed (SIGKILL) while acts come in, and started again on what the disk has. Whoever acted does what a
//! desk does: it sends the same act with the same key until it is answered.

use crate::desk::{Answers, LightDesk, Way};
use crate::figures::Figures;
use crate::held::act;
use crate::support::account::Account;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use deskbell_clinic::Kind;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Acts before, during and after.
const ACTS: usize = 300;
/// Acts at the same time.
const CLERKS: usize = 6;
/// Until all desks have all again: their back-off is a minute at most.
const BOUND: Duration = Duration::from_secs(120);

pub(crate) async fn measure(figures: &mut Figures, desks: usize) {
    let mut server = ClinicServer::sample("bench-restart", Hints::On).await;
    let olivia = Arc::new(server.sign_in("olivia").await);
    let (answers, stop) = (Answers::default(), CancellationToken::new());
    let mut working = vec![];
    for _ in 0..desks {
        let desk = LightDesk::open(&server.url(), &olivia.session().access_token, answers.clone()).await;
        working.push(tokio::spawn(desk.work(Way::Hints, stop.clone())));
    }
    let before = olivia.rows(Kind::Client).await.len();
    let done = Arc::new(AtomicUsize::new(0));
    let clerks: Vec<_> = (0..CLERKS)
        .map(|_| tokio::spawn(clerk(olivia.clone(), done.clone(), ACTS / CLERKS)))
        .collect();
    eventually("a third of the acts", BOUND, async || {
        (done.load(Ordering::SeqCst) >= ACTS / 3).then_some(())
    })
    .await;
    server.kill();
    server.start().await;
    let back = Instant::now();

    let mut kept = vec![];
    for clerk in clerks {
        kept.extend(clerk.await.expect("no clerk panics"));
    }
    let truth: HashMap<Uuid, u32> = (olivia.changes().await.into_iter())
        .map(|change| (change.id, change.version))
        .collect();
    let rows = olivia.rows(Kind::Client).await;
    let lost = kept.iter().filter(|id| !rows.contains_key(*id)).count();
    let doubled = rows.len() - before - (kept.len() - lost) + rows.values().filter(|(version, _)| *version > 1).count();

    // A desk that is level asks nothing; so the answers' number stands still once all are.
    let mut last = (0, Instant::now());
    eventually("desks that are quiet again", BOUND, async || {
        let now = answers.lock().expect("no desk panics").len();
        if now != last.0 {
            last = (now, Instant::now());
        }
        // Longer than any back-off after so few failures.
        (last.1.elapsed() > Duration::from_secs(20)).then_some(())
    })
    .await;
    stop.cancel();
    let mut behind = 0;
    for desk in working {
        let desk = desk.await.expect("no desk panics");
        behind += usize::from(truth.iter().any(|(id, version)| desk.rows.get(id) != Some(version)));
    }
    let judged = |count: usize| Some((0.0, count == 0));
    figures.value("killed under load: acts", "acts", kept.len() as f64, None);
    figures.value("killed under load: acts lost", "acts", lost as f64, judged(lost));
    figures.value(
        "killed under load: acts doubled",
        "acts",
        doubled as f64,
        judged(doubled),
    );
    figures.value("killed under load: desks", "desks", desks as f64, None);
    figures.value(
        "killed under load: desks that lack a row",
        "desks",
        behind as f64,
        judged(behind),
    );
    figures.value(
        "killed under load: start to the last desk's last answer",
        "s",
        (last.1 - back).as_secs_f64(),
        None,
    );
}

/// Acts, each until it is answered, and answers their ids.
async fn clerk(account: Arc<Account>, done: Arc<AtomicUsize>, acts: usize) -> Vec<Uuid> {
    let mut kept = vec![];
    for _ in 0..acts {
        let ((id, row), key) = (act(), Uuid::now_v7());
        while !account.put_new_under(key, Kind::Client, id, &row).await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        kept.push(id);
        done.fetch_add(1, Ordering::SeqCst);
    }
    kept
}
