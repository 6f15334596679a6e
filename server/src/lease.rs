//! One process works on a database. Another one stands by: it says so, and takes over when the first is gone.

use std::net::TcpListener as Listener;
use std::panic::AssertUnwindSafe;
use std::process;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use acquisition::panic_message;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use chrono::{SecondsFormat, Utc};
use futures::FutureExt as _;
use storage::PgPool;
use storage::lease::{Asked, Holder, Lease};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::api::operations;
use crate::error::ApiError;
use crate::listen::{self, Limits};
use crate::start::StartError;

/// How often the lease is asked for, and looked after.
const EVERY: Duration = Duration::from_secs(2);
/// Postgres takes names of sessions up to this length, in bytes.
const LONGEST_NAME: usize = 63;

/// The lease of the database, held until it is given back.
pub(crate) struct Held {
    looking_after: JoinHandle<()>,
    end: CancellationToken,
    lost: Arc<OnceLock<Holder>>,
}

impl Held {
    /// Gives it back; an error where another process had taken it.
    pub(crate) async fn release(self) -> Result<(), StartError> {
        self.end.cancel();
        if let Err(error) = self.looking_after.await {
            tracing::error!("what looks after the lease ended badly: {error}");
        }
        self.lost.get().map_or(Ok(()), |holder| Err(StartError::Replaced(holder.name.clone())))
    }
}

/// Waits for the lease, and answers on the listener meanwhile that this process stands by. None where it is
/// stopped before. A lease that is lost to another process stops the program.
pub(crate) async fn wait(
    pool: &PgPool,
    listener: &TcpListener,
    stop: &CancellationToken,
) -> Result<Option<Held>, StartError> {
    let name = name();
    let mut standing_by: Option<(JoinHandle<()>, CancellationToken)> = None;
    let lease = loop {
        match Lease::ask(pool, &name).await {
            Ok(Asked::Held(lease)) => break Some(lease),
            Ok(Asked::By(holder)) if standing_by.is_none() => {
                tracing::info!(
                    "standing by: {} works on this database since {}",
                    holder.name,
                    holder.since
                );
                standing_by = Some(stand_by(listener, holder)?);
            }
            Ok(Asked::By(_) | Asked::HeldBefore) => {}
            Err(error) if standing_by.is_none() => return Err(error.into()),
            Err(error) => {
                tracing::warn!("the lease of the database could not be asked for: {error}");
            }
        }
        if !pause(stop).await {
            break None;
        }
    };
    if let Some((serving, until)) = standing_by {
        until.cancel();
        serving.await.ok();
    }
    Ok(lease.map(|lease| hold(lease, pool.clone(), name, stop.clone())))
}

/// Whether it goes on.
async fn pause(stop: &CancellationToken) -> bool {
    stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some()
}

fn hold(lease: Lease, pool: PgPool, name: String, stop: CancellationToken) -> Held {
    let (end, lost) = (CancellationToken::new(), Arc::<OnceLock<Holder>>::default());
    let until = stop.clone();
    let looking = look_after(lease, pool, name, end.clone(), stop, Arc::clone(&lost));
    let looking_after = tokio::spawn(async move {
        // With its session the lease is gone: another process may work on the database already.
        if let Err(panic) = AssertUnwindSafe(looking).catch_unwind().await {
            let cause = panic_message(panic.as_ref());
            tracing::error!("nobody looks after the lease any more, this process stops: {cause}");
            until.cancel();
        }
    });
    Held { looking_after, end, lost }
}

/// Holds the lease, asks for it again where its session ended, and stops the program where another process
/// was first.
async fn look_after(
    mut lease: Lease,
    pool: PgPool,
    name: String,
    end: CancellationToken,
    stop: CancellationToken,
    lost: Arc<OnceLock<Holder>>,
) {
    while pause(&end).await {
        let Err(error) = lease.hold().await else { continue };
        tracing::warn!("the session of the lease ended, it is asked for again: {error}");
        lease = loop {
            match Lease::ask(&pool, &name).await {
                Ok(Asked::Held(lease)) => break lease,
                Ok(Asked::By(holder)) => {
                    tracing::error!(
                        "{} works on this database now: this process stops",
                        holder.name
                    );
                    lost.set(holder).ok();
                    return stop.cancel();
                }
                Ok(Asked::HeldBefore) => {
                    tracing::debug!("the database has not seen the end of the last session yet");
                }
                Err(error) => tracing::debug!("the lease cannot be asked for yet: {error}"),
            }
            if !pause(&end).await {
                return;
            }
        };
    }
    lease.release().await;
}

/// Who this is, for others to name it. In containers, hosts and processes of one name are common: the moment
/// it began tells them apart.
fn name() -> String {
    let begun = Utc::now().timestamp_subsec_micros();
    let number = format!(", process {} ({begun:05x})", process::id());
    let mut name =
        format!("wattlens on {}", nix::unistd::gethostname().unwrap_or_default().display());
    while name.len() + number.len() > LONGEST_NAME {
        name.pop();
    }
    name + &number
}

/// Answers on a listener of its own that this process stands by.
fn stand_by(
    listener: &TcpListener,
    holder: Holder,
) -> Result<(JoinHandle<()>, CancellationToken), StartError> {
    let listener = copy(listener).map_err(StartError::Serve)?;
    let until = CancellationToken::new();
    let app = standing_by(holder);
    let ends = until.clone();
    let serving = tokio::spawn(async move {
        listen::serve(listener, app, Limits::default(), &ends).await;
    });
    Ok((serving, until))
}

fn copy(listener: &TcpListener) -> std::io::Result<TcpListener> {
    use std::os::fd::AsFd as _;
    let copy = Listener::from(listener.as_fd().try_clone_to_owned()?);
    TcpListener::from_std(copy)
}

fn standing_by(holder: Holder) -> Router {
    let refuse = move || {
        let refused = refusal(&holder);
        async move { refused }
    };
    Router::new().route("/healthz", get(operations::healthz)).fallback(refuse)
}

fn refusal(holder: &Holder) -> Response {
    let message = format!(
        "standing by: {} works on this database since {}; this process takes over when it is gone",
        holder.name,
        holder.since.to_rfc3339_opts(SecondsFormat::Secs, true)
    );
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "standing_by", message).into_response()
}
