//! Opening the database, setting it up, and serving it until told to stop.

mod line;

use crate::api::limits::Meter;
use crate::app::{App, Settings};
use crate::password::{self, Passwords};
use crate::store::account::Enrolment;
use crate::store::{Author, Store, StoreError, meta, row};
use crate::{Config, api, backup, sample, tls};
use axum::Router;
use axum_server::Handle;
use clinic::{Clinic, Kind, Role, StaffId};
use deskbell_clinic as clinic;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long open requests have to end when the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// How often what is too old is forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(6 * 3600);

/// The database's name in its folder.
pub(crate) const FILE: &str = "clinic.db";

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another program listens there.
    #[error("{0} is taken by another program; stop that program or choose another port")]
    PortTaken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {why}")]
    CannotListen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        why: String,
    },
    /// Plain http beyond this computer.
    #[error("{0} can be reached from other computers, so it needs TLS; plain http is for 127.0.0.1 only")]
    PlainHttp(SocketAddr),
    /// The certificate or its key.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
    /// What was asked for cannot be.
    #[error("{0}")]
    Refused(String),
}

/// A person to be given an account.
#[derive(Clone)]
pub struct NewUser {
    /// Sign-in name; an existing one gets this role and password, and its sessions end.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Their password.
    pub password: String,
    /// What they may do.
    pub role: Role,
    /// The staff member they are.
    pub staff: Option<StaffId>,
}

/// An opened database, ready to be set up or served.
pub struct Server {
    config: Config,
    store: Store,
}

impl Server {
    /// Opens the database `clinic.db` in the configured folder, and makes it when there is none.
    ///
    /// # Errors
    /// When the file cannot be opened, is not a database or has another key; the sentence names the file.
    pub async fn open(config: Config) -> Result<Self, ServerError> {
        let path = config.data_dir.join(FILE);
        let store = Store::open(path, config.key.clone(), config.clock.clone()).await?;
        Ok(Self { config, store })
    }

    /// Tells every desk that the past is another one: for a database that was put back by other means.
    ///
    /// # Errors
    /// When there is no clinic in it, or the database fails.
    pub async fn begin_epoch(&self) -> Result<(), ServerError> {
        self.store
            .write(Author::default(), |writing| Ok(writing.begin_epoch()?))
            .await
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether there is a clinic in the database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_set_up(&self) -> Result<bool, ServerError> {
        Ok(self.store.read(|connection| meta::is_set_up(connection)).await?)
    }

    /// Sets up an empty clinic.
    ///
    /// # Errors
    /// When there is one already, or the database fails.
    pub async fn init(&self, name: &str, zone: &str, currency: &str) -> Result<(), ServerError> {
        clinic::Calendar::new(zone, vec![]).map_err(|error| ServerError::Refused(error.to_string()))?;
        if self.is_set_up().await? {
            return Err(ServerError::Refused("this database has a clinic already".into()));
        }
        let clinic = Clinic {
            id: Uuid::now_v7().into(),
            name: name.to_owned(),
            zone: zone.to_owned(),
            opening_hours: vec![],
            currency: currency.to_owned(),
        };
        self.store
            .write(Author::default(), move |writing| writing.set_up(clinic))
            .await?;
        Ok(())
    }

    /// Fills an empty database with the sample clinic: invented people around the present day, the same for the same
    /// seed and time.
    ///
    /// # Errors
    /// When there is a clinic already, or the database fails.
    pub async fn sample(&self, seed: u64) -> Result<(), ServerError> {
        if self.is_set_up().await? {
            return Err(ServerError::Refused("this database has a clinic already".into()));
        }
        sample::fill(&self.store, seed, self.store.clock().now()).await
    }

    /// Gives a person an account.
    ///
    /// # Errors
    /// When the name or password is empty, there is no such staff member or clinic, or the database fails.
    pub async fn add_user(&self, user: NewUser) -> Result<(), ServerError> {
        if user.login.trim().is_empty() || user.password.is_empty() {
            return Err(ServerError::Refused("a login and a password must not be empty".into()));
        }
        if user.role == Role::Therapist && user.staff.is_none() {
            return Err(ServerError::Refused(
                "a therapist's account needs the staff member it belongs to".into(),
            ));
        }
        let password_hash = hash(user.password).await?;
        self.store
            .write(Author::default(), move |writing| {
                meta::get(writing.reading())?;
                if let Some(staff) = user.staff
                    && row::read(writing.reading(), Kind::Staff, staff.uuid())?.is_none()
                {
                    return Err(ServerError::Refused(format!("there is no staff member {staff}")));
                }
                writing.enrol(&Enrolment {
                    id: Uuid::now_v7().into(),
                    login: user.login.trim().to_owned(),
                    name: user.name,
                    password_hash,
                    role: user.role,
                    staff: user.staff,
                })?;
                Ok(())
            })
            .await
    }

    /// Gives an account another role. Its sessions go on with the new one; what it may see is sent anew.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub async fn set_role(&self, login: &str, role: Role, staff: Option<StaffId>) -> Result<(), ServerError> {
        set_role(&self.store, login, role, staff).await
    }

    /// Begins to answer within this process, without a socket.
    ///
    /// # Errors
    /// When no clinic was set up.
    pub async fn start_unplugged(self) -> Result<Unplugged, ServerError> {
        let Self { config, store } = self;
        store.read(|connection| meta::get(connection).map(|_| ())).await?;
        let app = app(&config, store.clone());
        let stopping = app.stopping.clone();
        tokio::spawn(tidy(app.clone()));
        Ok(Unplugged {
            router: api::router(app),
            store,
            stopping,
        })
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// When no clinic was set up, the port is taken, the address would carry plain http beyond this computer, or the
    /// certificate cannot be used.
    pub async fn start(self) -> Result<Running, ServerError> {
        let Self { config, store } = self;
        store.read(|connection| meta::get(connection).map(|_| ())).await?;
        let listener = line::listen(config.listen)?;
        let address = listener
            .local_addr()
            .map_err(|error| line::cannot_listen(config.listen, &error))?;
        let certificate = tls::prepare(&config.tls, &config.data_dir, address).await?;
        let app = app(&config, store.clone());
        let stopping = app.stopping.clone();
        tokio::spawn(tidy(app.clone()));
        let limits = config.limits;
        if let Some(backups) = config.backups.clone() {
            tokio::spawn(backup::keep_making(config, backups, store.clone(), stopping.clone()));
        }
        let handle = Handle::new();
        let (fingerprint, certificate) = certificate
            .map(|certificate| (certificate.fingerprint, certificate.config))
            .unzip();
        let router = api::router(app);
        let serving = line::answer(listener, address, certificate, router, handle.clone(), limits)?;
        Ok(Running {
            address,
            fingerprint,
            store,
            handle,
            stopping,
            serving,
        })
    }
}

fn app(config: &Config, store: Store) -> App {
    App {
        passwords: Passwords::new(),
        meter: Arc::new(Meter::new(
            config.limits,
            // On the loopback everybody has the same address.
            !config.listen.ip().is_loopback(),
            store.clock().clone(),
        )),
        store,
        settings: Arc::new(Settings {
            hints: config.hints,
            heartbeat: config.heartbeat,
            access_lifetime: config.access_lifetime,
            refresh_lifetime: config.refresh_lifetime,
        }),
        stopping: CancellationToken::new(),
    }
}

/// A server without a socket: requests are handed to it within the process.
pub struct Unplugged {
    router: Router,
    store: Store,
    stopping: CancellationToken,
}

impl Unplugged {
    /// What answers requests, exactly as over a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Gives an account another role; open lines are told.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub async fn set_role(&self, login: &str, role: Role, staff: Option<StaffId>) -> Result<(), ServerError> {
        set_role(&self.store, login, role, staff).await
    }

    /// Ends open lines and closes the database.
    pub async fn shutdown(self) {
        self.stopping.cancel();
        self.store.close().await;
    }
}

/// A server that listens.
pub struct Running {
    address: SocketAddr,
    fingerprint: Option<String>,
    store: Store,
    handle: Handle<SocketAddr>,
    stopping: CancellationToken,
    serving: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where it listens, with the port it was given.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as clients write it.
    pub fn url(&self) -> String {
        let scheme = if self.fingerprint.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The certificate's SHA-256, in pairs of hexadecimal digits; none over plain http.
    pub fn fingerprint(&self) -> Option<&str> {
        self.fingerprint.as_deref()
    }

    /// Gives an account another role while the server runs; lines that are open are told.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub async fn set_role(&self, login: &str, role: Role, staff: Option<StaffId>) -> Result<(), ServerError> {
        set_role(&self.store, login, role, staff).await
    }

    /// Lets open requests end, at most 5 seconds, and closes the database.
    pub async fn shutdown(self) {
        self.stopping.cancel();
        self.handle.graceful_shutdown(Some(GRACE));
        if let Ok(Err(error)) = self.serving.await {
            tracing::warn!(%error, "the server ended with an error");
        }
        self.store.close().await;
    }
}

async fn set_role(store: &Store, login: &str, role: Role, staff: Option<StaffId>) -> Result<(), ServerError> {
    let login = login.to_owned();
    store
        .write(Author::default(), move |writing| {
            let Some((account, _)) = crate::store::account::by_login(writing.reading(), &login)? else {
                return Err(ServerError::Refused(format!("there is no account “{login}”")));
            };
            Ok(writing.set_role(account.id, role, staff)?)
        })
        .await
}

/// Runs what would hold up the runtime on a thread of the blocking pool.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ServerError> + Send + 'static,
) -> Result<T, ServerError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ServerError::Refused("the work was broken off".into()))?
}

/// A password's hash, made on a thread of the blocking pool.
pub(crate) async fn hash(password: String) -> Result<String, ServerError> {
    tokio::task::spawn_blocking(move || password::hash(&password))
        .await
        .map_err(|_| ServerError::Refused("the password could not be hashed".into()))?
        .map_err(|error| ServerError::Refused(format!("the password could not be hashed: {error}")))
}

/// Forgets what nobody can ask for any more, at the start and now and then.
async fn tidy(app: App) {
    let mut every = tokio::time::interval(TIDY_EVERY);
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            _ = every.tick() => {}
        }
        app.meter.tidy();
        let tidied = app
            .store
            .write(Author::default(), |writing| {
                writing.prune_changes()?;
                writing.prune_answers()?;
                writing.prune_sessions()
            })
            .await;
        if let Err(error) = tidied {
            tracing::warn!(%error, "old changes could not be forgotten");
        }
    }
}
