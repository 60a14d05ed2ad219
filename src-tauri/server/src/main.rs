//! `deskbell-server`: the clinic server as a program of its own.

use clap::{Parser, Subcommand};
use deskbell_clinic::wire::OpenSession;
use deskbell_clinic::{DeviceId, Role, StaffId};
use deskbell_server::{BackupKey, Backups, Config, NewUser, Server, ServerError, Tls};
use jiff::civil::Time;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// The clinic server of Deskbell.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up an empty clinic.
    Init {
        /// The folder of its database.
        #[arg(long)]
        data: PathBuf,
        /// The clinic's name.
        #[arg(long)]
        name: String,
        /// Its time zone, such as Asia/Manila.
        #[arg(long)]
        zone: String,
        /// Its currency, such as PHP.
        #[arg(long, default_value = "PHP")]
        currency: String,
    },
    /// Give a person an account; the password is read from standard input. An existing login gets the new role and
    /// password.
    AddUser {
        /// The folder of the database.
        #[arg(long)]
        data: PathBuf,
        /// Sign-in name.
        #[arg(long)]
        login: String,
        /// operator, therapist, driver or admin.
        #[arg(long)]
        role: Role,
        /// The person's name; the sign-in name when left out.
        #[arg(long)]
        name: Option<String>,
        /// The id of the staff member they are.
        #[arg(long)]
        staff: Option<StaffId>,
    },
    /// Take a person's access back, as from a stolen computer: each desk where they are signed in erases what it holds of
    /// theirs when it next asks for anything. They may sign in again with their password. The server may run meanwhile.
    Revoke {
        /// The folder of the database.
        #[arg(long)]
        data: PathBuf,
        /// Sign-in name.
        #[arg(long)]
        login: String,
        /// Only the desk of this id, as `sessions` names it.
        #[arg(long)]
        device: Option<DeviceId>,
    },
    /// Say who is signed in where: sign-in name, desk's id, when, and what the desk calls itself, a line each. The server may
    /// run meanwhile.
    Sessions {
        /// The folder of the database.
        #[arg(long)]
        data: PathBuf,
    },
    /// Set up the sample clinic, with invented people around the present day.
    Sample {
        /// The folder of its database.
        #[arg(long)]
        data: PathBuf,
        /// The same seed on the same day gives the same clinic.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Write a copy of the whole database; a server may run meanwhile.
    Backup {
        /// The folder of the database.
        #[arg(long)]
        data: PathBuf,
        /// The file to write; it must not exist yet.
        #[arg(long)]
        to: PathBuf,
        /// The file of a key to encrypt it with, made when it is not there. Keep it elsewhere than the copy.
        #[arg(long)]
        backup_key: Option<PathBuf>,
    },
    /// Set the database back to a copy. Stop the server first; what is there now is kept beside it as
    /// clinic.db.before-restore.
    Restore {
        /// The folder of the database.
        #[arg(long)]
        data: PathBuf,
        /// The copy.
        #[arg(long)]
        from: PathBuf,
        /// The file of the key that it was encrypted with.
        #[arg(long)]
        backup_key: Option<PathBuf>,
    },
    /// Serve the clinic until told to stop.
    Serve {
        /// The folder of the database.
        #[arg(long)]
        data: PathBuf,
        /// Where to listen, such as 127.0.0.1:7400; beyond this computer the line is protected by TLS.
        #[arg(long)]
        listen: SocketAddr,
        /// Send no hints: desks poll.
        #[arg(long)]
        no_hints: bool,
        /// A certificate (PEM); without one the server makes its own.
        #[arg(long, requires = "key")]
        cert: Option<PathBuf>,
        /// The certificate's private key (PEM).
        #[arg(long, requires = "cert")]
        key: Option<PathBuf>,
        /// Make an encrypted copy every night into this folder.
        #[arg(long, requires = "backup_key")]
        backups: Option<PathBuf>,
        /// The file of those copies' key, made when it is not there. Keep a copy of it away from this computer.
        #[arg(long, requires = "backups")]
        backup_key: Option<PathBuf>,
        /// When the night's copy is made, by the clinic's clock.
        #[arg(long, default_value = "03:30")]
        backup_at: Time,
        /// How many copies are kept.
        #[arg(long, default_value_t = 14)]
        backups_kept: usize,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .init();
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "deskbell-server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), ServerError> {
    match command {
        Command::Init {
            data,
            name,
            zone,
            currency,
        } => {
            let server = open(data).await?;
            server.init(&name, &zone, &currency).await?;
            server.store().close().await;
            Ok(())
        }
        Command::AddUser {
            data,
            login,
            role,
            name,
            staff,
        } => {
            let password = read_password()?;
            let server = open(data).await?;
            let name = name.unwrap_or_else(|| login.clone());
            server
                .add_user(NewUser {
                    login,
                    name,
                    password,
                    role,
                    staff,
                })
                .await?;
            server.store().close().await;
            Ok(())
        }
        Command::Revoke { data, login, device } => {
            let server = open(data).await?;
            let revoked = server.revoke(&login, device).await?;
            server.store().close().await;
            tracing::info!(revoked, "sessions were taken back");
            Ok(())
        }
        Command::Sessions { data } => {
            let server = open(data).await?;
            let sessions = server.sessions().await?;
            server.store().close().await;
            print_sessions(&sessions)
        }
        Command::Sample { data, seed } => {
            let server = open(data).await?;
            server.sample(seed).await?;
            server.store().close().await;
            Ok(())
        }
        Command::Backup { data, to, backup_key } => {
            let key = backup_key.as_deref().map(BackupKey::read_or_make).transpose()?;
            let server = open(data).await?;
            server.back_up(to, key).await?;
            server.store().close().await;
            Ok(())
        }
        Command::Restore { data, from, backup_key } => {
            let key = backup_key.as_deref().map(BackupKey::read).transpose()?;
            let server = Server::restore(at(data), from, key).await?;
            server.store().close().await;
            Ok(())
        }
        Command::Serve {
            data,
            listen,
            no_hints,
            cert,
            key,
            backups,
            backup_key,
            backup_at,
            backups_kept,
        } => {
            let tls = match (cert, key) {
                (Some(certificate), Some(key)) => Tls::Files { certificate, key },
                _ if listen.ip().is_loopback() => Tls::Off,
                _ => Tls::SelfSigned,
            };
            let mut config = Config::new(data, listen);
            config.hints = !no_hints;
            config.tls = tls;
            config.backups = backups.zip(backup_key).map(|(folder, key)| Backups {
                folder,
                key,
                at: backup_at,
                keep: backups_kept,
            });
            serve(config).await
        }
    }
}

fn print_sessions(sessions: &[OpenSession]) -> Result<(), ServerError> {
    let mut output = std::io::stdout().lock();
    for one in sessions {
        let desk = one.desk_name.as_deref().unwrap_or("-");
        writeln!(output, "{}\t{}\t{}\t{desk}", one.login, one.device_id, one.since)
            .map_err(|error| ServerError::Refused(format!("standard output is closed: {error}")))?;
    }
    Ok(())
}

async fn open(data: PathBuf) -> Result<Server, ServerError> {
    Server::open(at(data)).await
}

/// Settings of a command that does not listen.
fn at(data: PathBuf) -> Config {
    Config::new(data, SocketAddr::from(([127, 0, 0, 1], 0)))
}

async fn serve(config: Config) -> Result<(), ServerError> {
    // Asked for before the line that says it is ready: whoever waits for that line may stop it at once.
    let stopped =
        stop_signal().map_err(|error| ServerError::Refused(format!("signals cannot be received: {error}")))?;
    let running = Server::open(config).await?.start().await?;
    if let Some(fingerprint) = running.fingerprint() {
        tracing::info!(
            fingerprint,
            "the certificate's SHA-256: desks show it before they trust this server"
        );
    }
    let mut output = std::io::stdout();
    writeln!(output, "listening on {}", running.url())
        .and_then(|()| output.flush())
        .map_err(|error| ServerError::Refused(format!("standard output is closed: {error}")))?;
    stopped.await;
    running.shutdown().await;
    Ok(())
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to be told, it runs until it is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

fn read_password() -> Result<String, ServerError> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| ServerError::Refused(format!("no password on standard input: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
