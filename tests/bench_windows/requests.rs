//! How much a desk asks the server, with one window and with three: a window must never add a request.
//!
//! Both desks run side by side, each through a counting relay of its own, without hints. Their intervals are all set to
//! the shortest there is: else which window has the keyboard would decide how often a desk asks, and a run of minutes
//! would have too few requests to compare.

use crate::figures::Figures;
use crate::support::driver::{App, Launch};
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// How long requests are counted: about 40 of each desk.
const COUNTED: Duration = Duration::from_secs(120);
/// Every interval is spread by a tenth, so 40 of them may lie so many requests apart.
const SPREAD: u32 = 2;

const SETTINGS: &str = "[sync]
hints = false
[sync.intervals]
desk_active = { shortest = 3, longest = 3 }
desk_idle = { shortest = 3, longest = 3 }
therapist_active = { shortest = 3, longest = 3 }
therapist_idle = { shortest = 3, longest = 3 }
hidden = { shortest = 3, longest = 3 }
closed = { shortest = 3, longest = 3 }
";

/// Counts for both desks over the same minutes.
pub(crate) async fn measure(figures: &mut Figures) {
    let server = ClinicServer::sample("bench-requests", Hints::Off).await;
    let (one, three) = (
        Asking::start("bench-one-window", &server, "operator").await,
        Asking::start("bench-three-windows", &server, "operator,scheduling,therapist").await,
    );
    let begun = (one.requests(), three.requests());
    tokio::time::sleep(COUNTED).await;
    let (with_one, with_three) = (one.requests() - begun.0, three.requests() - begun.1);
    assert!(with_one > 0, "a desk without hints asks");

    let an_hour = |count: u32| f64::from(count) * 3600.0 / COUNTED.as_secs_f64();
    figures.value(
        "requests per hour at the shortest interval, one window",
        "1/h",
        an_hour(with_one),
        None,
    );
    figures.value(
        "requests per hour at the shortest interval, three windows",
        "1/h",
        an_hour(with_three),
        None,
    );
    let ratio = f64::from(with_three) / f64::from(with_one);
    let holds = with_three <= with_one + SPREAD;
    figures.value(
        "requests per hour, three windows against one",
        "x",
        ratio,
        Some((1.0, holds)),
    );
}

/// A desk whose requests are counted.
struct Asking {
    count: Arc<AtomicU32>,
    // The application goes before the workstation that it runs on.
    _app: App,
    _workstation: Workstation,
}

impl Asking {
    async fn start(name: &str, server: &ClinicServer, windows: &str) -> Self {
        let upstream = server
            .url()
            .trim_start_matches("http://")
            .parse()
            .expect("the server's address");
        let (relay, count) = counting_relay(upstream);
        let workstation = Workstation::new(name).await;
        let profile = workstation.data_dir().join("default");
        std::fs::create_dir_all(&profile).expect("the workstation's folder can be written");
        std::fs::write(profile.join("settings.toml"), SETTINGS).expect("the workstation's folder can be written");
        let launch = Launch::default()
            .argument("--server")
            .argument(&format!("http://{relay}"));
        let app = workstation.start(launch.open(windows).user("olivia")).await;
        for page in windows.split(',') {
            let window = app.window(page).await;
            window.painted().await;
            window
                .wait_for("[data-testid=\"sync-pill\"][data-state=\"polling\"]")
                .await;
        }
        Self {
            count,
            _app: app,
            _workstation: workstation,
        }
    }

    fn requests(&self) -> u32 {
        self.count.load(Ordering::Relaxed)
    }
}

/// Passes bytes on to `upstream` and back, and counts the requests among them. Its threads end with their connections,
/// the listening one with this program.
fn counting_relay(upstream: SocketAddr) -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback gives a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    let count = Arc::new(AtomicU32::new(0));
    let counting = Arc::clone(&count);
    thread::spawn(move || {
        for desk in listener.incoming().flatten() {
            // A server that is gone is what the desk would have met without us: its connection is closed.
            let Ok(server) = TcpStream::connect(upstream) else {
                continue;
            };
            let (Ok(desk_writes), Ok(server_writes)) = (desk.try_clone(), server.try_clone()) else {
                continue;
            };
            let count = Arc::clone(&counting);
            thread::spawn(move || {
                pass(desk, server_writes, |bytes| {
                    count.fetch_add(requests_in(bytes), Ordering::Relaxed);
                });
            });
            thread::spawn(move || pass(server, desk_writes, |_| ()));
        }
    });
    (address, count)
}

fn pass(mut from: TcpStream, mut to: TcpStream, seen: impl Fn(&[u8])) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        seen(&bytes[..read]);
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// How many requests begin in these bytes. A request line is written in one piece and fits one.
fn requests_in(bytes: &[u8]) -> u32 {
    let ending: &[u8] = b" HTTP/1.1\r\n";
    let found = bytes.windows(ending.len()).filter(|window| *window == ending).count();
    u32::try_from(found).expect("a few")
}
