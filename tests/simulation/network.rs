//! The way between one desk and the server: the desk's own requests, handed to the server's own router in this process,
//! through the weather of the moment. Nothing is remade here of what either side does: the bytes are theirs.

use crate::time::{WorldTime, drawn};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode, header};
use deskbell_core::backend::{BackendError, Transport};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use std::time::Duration;
use tokio::time::sleep;
use tower::ServiceExt;

/// How long a desk waits for an answer: its own default.
const PATIENCE: Duration = Duration::from_secs(20);
/// Another machine's web page, as hotels show it.
const PAGE: &str = "<!doctype html><title>Welcome</title><p>Please accept our terms.";

/// The server's place: empty while it is down.
pub(crate) type Plug = Arc<RwLock<Option<Router>>>;

/// What the network is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything arrives within a blink.
    Calm,
    /// Any single fault, now and then.
    Rough,
    /// Nothing goes through, and open lines hang without a word.
    Away,
    /// A web page answers everything.
    Captive,
    /// The server refuses everything and says for how long.
    Overloaded,
    /// Nothing but failures of all kinds, and no word about how long.
    Hostile,
}

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Arrives,
    Late,
    /// The server answers, and the answer takes its time.
    AnswerLate,
    Refused,
    /// The server never sees it, and nobody says so.
    LostThere,
    /// The server does it, and the answer never comes.
    LostBack,
    /// The server does it, and the line is cut at once.
    Reset,
    /// Half of the answer comes.
    Truncated,
    /// It arrives twice, the second time later.
    Twice,
    Failure(u16),
    Paused(u16, u64),
    Html(u16),
}

/// One request as the network saw it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Since the beginning.
    pub(crate) at: Duration,
    pub(crate) method: String,
    /// Without ids and query.
    pub(crate) path: String,
    /// The act that it carries.
    pub(crate) operation: Option<String>,
    fate: Fate,
    /// The server, or somebody in its place, asked not to be asked from this instant until that.
    pub(crate) pause: Option<(Duration, Duration)>,
    status: Option<u16>,
}

impl Asked {
    /// Whether it is a pull that the server answered.
    pub(crate) fn is_answered_pull(&self) -> bool {
        self.path == "/v1/changes" && self.status == Some(200)
    }

    /// What a replay of the same seed must repeat.
    pub(crate) fn line(&self) -> String {
        let Self {
            at,
            method,
            path,
            fate,
            status,
            ..
        } = self;
        format!("{:>9} ms {method:>6} {path} {fate:?} {status:?}", at.as_millis())
    }
}

/// One desk's line to the server.
pub(crate) struct Wire {
    time: Arc<WorldTime>,
    plug: Plug,
    seed: u64,
    state: Mutex<State>,
}

struct State {
    weather: Weather,
    /// So many hints of a hundred are lost.
    hints_lost: u32,
    asked: Vec<Asked>,
}

impl Wire {
    pub(crate) fn new(time: &Arc<WorldTime>, plug: &Plug, seed: u64) -> Arc<Self> {
        Arc::new(Self {
            time: time.clone(),
            plug: plug.clone(),
            seed,
            state: Mutex::new(State {
                weather: Weather::Calm,
                hints_lost: 0,
                asked: vec![],
            }),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics holding it")
    }

    pub(crate) fn set_weather(&self, weather: Weather) {
        self.state().weather = weather;
    }

    pub(crate) fn lose_hints(&self, of_a_hundred: u32) {
        self.state().hints_lost = of_a_hundred;
    }

    /// The desk's process ends, and with it what it was told: a pause is not kept over a start.
    pub(crate) fn forget_pauses(&self) {
        let now = self.time.elapsed();
        let mut state = self.state();
        for (_, until) in state.asked.iter_mut().filter_map(|asked| asked.pause.as_mut()) {
            *until = (*until).min(now);
        }
    }

    /// Everything that was asked so far, oldest first.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }

    async fn carry_one(self: Arc<Self>, request: reqwest::Request) -> Result<reqwest::Response, BackendError> {
        let request = Parcel::of(&request);
        let (index, fate, wait) = {
            let at = self.time.elapsed();
            let mut state = self.state();
            let mut rng = drawn(self.seed, at, &format!("{} {}", request.method, request.place()));
            let fate = draw(state.weather, &request, &mut rng);
            let wait = Duration::from_millis(rng.random_range(2..40));
            let pause = match fate {
                Fate::Paused(_, seconds) => Some((at + wait, at + wait + Duration::from_secs(seconds))),
                _ => None,
            };
            state.asked.push(Asked {
                at,
                method: request.method.to_string(),
                path: request.place(),
                operation: request.operation(),
                fate,
                pause,
                status: None,
            });
            (state.asked.len() - 1, fate, wait)
        };
        let answer = tokio::time::timeout(PATIENCE, self.clone().meet(fate, wait, request)).await;
        let answer = answer.unwrap_or(Err(BackendError::Timeout { sent: true }));
        let status = answer.as_ref().ok().map(|answer| answer.status().as_u16());
        self.state().asked[index].status = status;
        answer
    }

    async fn meet(
        self: Arc<Self>,
        fate: Fate,
        wait: Duration,
        parcel: Parcel,
    ) -> Result<reqwest::Response, BackendError> {
        let long = wait * 300;
        match fate {
            Fate::Refused => {
                sleep(wait).await;
                Err(BackendError::Unreachable)
            }
            Fate::LostThere => {
                sleep(PATIENCE).await;
                Err(BackendError::Timeout { sent: true })
            }
            Fate::Failure(status) => Ok(plain(wait, status, "text/plain", "no", None).await),
            Fate::Html(status) => Ok(plain(wait, status, "text/html", PAGE, None).await),
            Fate::Paused(status, seconds) => Ok(plain(wait, status, "application/json", "{}", Some(seconds)).await),
            Fate::Arrives | Fate::Late | Fate::AnswerLate | Fate::Twice => {
                sleep(if fate == Fate::Late { long } else { wait }).await;
                if fate == Fate::Twice {
                    let (copy, this) = (parcel.clone(), self.clone());
                    tokio::spawn(async move {
                        sleep(long).await;
                        drop(this.ask(copy).await);
                    });
                }
                let answer = self.ask(parcel).await.ok_or(BackendError::Unreachable)?;
                if fate == Fate::AnswerLate {
                    sleep(long).await;
                }
                Ok(self.deliver(answer).await)
            }
            Fate::LostBack | Fate::Reset | Fate::Truncated => {
                sleep(wait).await;
                let answer = self.ask(parcel).await.ok_or(BackendError::Unreachable)?;
                match fate {
                    Fate::Truncated => Ok(halved(answer).await),
                    Fate::LostBack => {
                        sleep(PATIENCE).await;
                        Err(BackendError::Timeout { sent: true })
                    }
                    _ => Err(BackendError::Timeout { sent: true }),
                }
            }
        }
    }

    async fn ask(&self, parcel: Parcel) -> Option<Response<Body>> {
        let router = self.plug.read().expect("nothing panics holding it").clone()?;
        let Ok(answer) = router.oneshot(parcel.request()).await;
        Some(answer)
    }

    /// The answer as it is; a line of hints goes through the weather as long as it lives.
    async fn deliver(self: Arc<Self>, answer: Response<Body>) -> reqwest::Response {
        let (parts, body) = answer.into_parts();
        if parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_none_or(|kind| kind != "text/event-stream")
        {
            return whole(parts, body).await;
        }
        let events = body.into_data_stream().filter_map(move |piece| {
            let passes = self.lets_through(piece.as_ref().ok());
            futures_util::future::ready(passes.then_some(piece))
        });
        reqwest::Response::from(Response::from_parts(parts, reqwest::Body::wrap_stream(events)))
    }
}

impl Wire {
    /// Whether a piece of an open line arrives now. Away, nothing does and the line stays open: half dead.
    fn lets_through(&self, piece: Option<&Bytes>) -> bool {
        let mut rng = drawn(self.seed, self.time.elapsed(), "hint");
        let state = self.state();
        let is_hint = piece.is_some_and(|bytes| bytes.starts_with(b"event: hint"));
        let lost = match state.weather {
            Weather::Calm => state.hints_lost,
            Weather::Rough => state.hints_lost.max(20),
            _ => 100,
        };
        if state.weather != Weather::Calm && lost == 100 {
            return false;
        }
        !(is_hint && rng.random_range(0..100) < lost)
    }
}

fn draw(weather: Weather, parcel: &Parcel, rng: &mut StdRng) -> Fate {
    let signs = parcel.path.starts_with("/v1/session");
    match weather {
        Weather::Calm => Fate::Arrives,
        Weather::Away => Fate::Refused,
        Weather::Captive => Fate::Html(200),
        Weather::Overloaded => Fate::Paused(*[429, 503].choose(rng).expect("two"), rng.random_range(5..90)),
        Weather::Hostile => [
            Fate::Refused,
            Fate::LostThere,
            Fate::Failure(500),
            Fate::Html(502),
            Fate::Html(200),
            Fate::Truncated,
            Fate::Reset,
            Fate::Failure(429),
        ]
        .choose(rng)
        .copied()
        .expect("eight"),
        Weather::Rough => match rng.random_range(0..100) {
            0..7 => Fate::Refused,
            7..10 => Fate::LostThere,
            10..15 => Fate::LostBack,
            15..22 => Fate::Reset,
            22..27 => Fate::Truncated,
            // Nothing between a desk and its server repeats a sign-in, and a token shown twice ends its session.
            27..35 if !signs => Fate::Twice,
            35..45 => Fate::Late,
            45..50 => Fate::AnswerLate,
            50..54 => Fate::Failure(500),
            54..56 => Fate::Html(502),
            56..58 => Fate::Html(200),
            58..62 => Fate::Paused(429, rng.random_range(1..40)),
            _ => Fate::Arrives,
        },
    }
}

impl Transport for Socket {
    fn carry(&self, request: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, BackendError>> {
        self.0.clone().carry_one(request).boxed()
    }
}

/// A wire that a desk can hold.
pub(crate) struct Socket(pub(crate) Arc<Wire>);

/// A request that can be sent more than once.
#[derive(Clone)]
struct Parcel {
    method: reqwest::Method,
    path: String,
    headers: reqwest::header::HeaderMap,
    body: Bytes,
}

impl Parcel {
    fn of(request: &reqwest::Request) -> Self {
        let url = request.url();
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Self {
            method: request.method().clone(),
            path,
            headers: request.headers().clone(),
            body: request
                .body()
                .and_then(reqwest::Body::as_bytes)
                .map(Bytes::copy_from_slice)
                .unwrap_or_default(),
        }
    }

    fn place(&self) -> String {
        let bare = self.path.split('?').next().unwrap_or_default();
        let ids = |part: &&str| part.len() < 36;
        bare.split('/').filter(ids).collect::<Vec<_>>().join("/")
    }

    fn operation(&self) -> Option<String> {
        Some(self.headers.get("idempotency-key")?.to_str().ok()?.to_owned())
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().expect("a path of the API");
        *request.headers_mut() = self.headers;
        request
    }
}

async fn plain(wait: Duration, status: u16, kind: &str, body: &'static str, pause: Option<u64>) -> reqwest::Response {
    sleep(wait).await;
    let mut answer = Response::builder().status(status).header(header::CONTENT_TYPE, kind);
    if let Some(seconds) = pause {
        answer = answer.header(header::RETRY_AFTER, seconds);
    }
    answer.body(body).expect("a plain answer").into()
}

async fn whole(parts: axum::http::response::Parts, body: Body) -> reqwest::Response {
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    Response::from_parts(parts, bytes).into()
}

/// The head and half of the body, then the end of the line.
async fn halved(answer: Response<Body>) -> reqwest::Response {
    let (parts, body) = answer.into_parts();
    if parts.status == StatusCode::OK
        && parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|t| t == "text/event-stream")
    {
        let nothing = stream::empty::<Result<Bytes, Infallible>>();
        return Response::from_parts(parts, reqwest::Body::wrap_stream(nothing)).into();
    }
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = bytes.slice(..bytes.len() / 2);
    let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let pieces = stream::iter([Ok(half), Err(cut)]);
    Response::from_parts(parts, reqwest::Body::wrap_stream(pieces)).into()
}
