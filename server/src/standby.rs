//! What a process does while another one works on the database: it answers that it stands by, and names the
//! other.

use std::net::TcpListener as Listener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use chrono::SecondsFormat;
use domain::operation::request::RequestRefusal;
use parking_lot::Mutex;
use storage::operation::lease::Holder;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::api::health;
use crate::error::ApiError;
use crate::listen::tls::Certificate;
use crate::listen::{self, Limits};
use crate::start::StartError;

/// How often it is asked whether the other process is gone, and looked after what this one holds.
const EVERY: Duration = Duration::from_secs(2);

/// Whether it goes on after a while, or is stopped.
pub(crate) async fn pause(stop: &CancellationToken) -> bool {
    stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some()
}

/// A process on its way to serve, which stands by where it has to.
pub(crate) struct StandBy<'a> {
    listener: &'a TcpListener,
    certificate: Option<&'a Arc<Certificate>>,
    stop: &'a CancellationToken,
    answering: Option<Answering>,
}

/// Answers until it is dropped.
struct Answering {
    behind: Arc<Mutex<Holder>>,
    serving: JoinHandle<()>,
    until: DropGuard,
}

impl<'a> StandBy<'a> {
    /// One that will serve on a listener, until it is stopped.
    pub(crate) fn new(
        listener: &'a TcpListener,
        certificate: Option<&'a Arc<Certificate>>,
        stop: &'a CancellationToken,
    ) -> Self {
        Self { listener, certificate, stop, answering: None }
    }

    /// What stops it.
    pub(crate) fn stop(&self) -> &CancellationToken {
        self.stop
    }

    /// Whether it stands by.
    pub(crate) fn is_waiting(&self) -> bool {
        self.answering.is_some()
    }

    /// Waits for another process to be gone, and says so to everybody who asks. False where it is stopped.
    pub(crate) async fn behind(&mut self, holder: Holder) -> Result<bool, StartError> {
        let known = self.answering.as_ref().map(|answering| &answering.behind);
        if known.is_none_or(|known| known.lock().name != holder.name) {
            tracing::info!("standing by: {} works on this database", holder.name);
        }
        match known {
            Some(known) => *known.lock() = holder,
            None => {
                self.answering = Some(answer(self.listener, self.certificate.cloned(), holder)?);
            }
        }
        Ok(self.pause().await)
    }

    /// Whether it goes on after a while, or is stopped.
    pub(crate) async fn pause(&self) -> bool {
        pause(self.stop).await
    }

    /// Ends what it answers: this process is the one that works now, or stops.
    pub(crate) async fn end(self) {
        if let Some(Answering { serving, until, .. }) = self.answering {
            drop(until);
            serving.await.ok();
        }
    }
}

/// Answers on a listener of its own that this process stands by.
fn answer(
    listener: &TcpListener,
    certificate: Option<Arc<Certificate>>,
    holder: Holder,
) -> Result<Answering, StartError> {
    let listener = copy(listener).map_err(StartError::Serve)?;
    let behind = Arc::new(Mutex::new(holder));
    let until = CancellationToken::new();
    let (app, ends) = (standing_by(Arc::clone(&behind)), until.clone());
    let serving = tokio::spawn(async move {
        listen::serve(listener, app, Limits::default(), certificate, &ends).await;
    });
    Ok(Answering { behind, serving, until: until.drop_guard() })
}

fn copy(listener: &TcpListener) -> std::io::Result<TcpListener> {
    use std::os::fd::AsFd as _;
    let copy = Listener::from(listener.as_fd().try_clone_to_owned()?);
    TcpListener::from_std(copy)
}

fn standing_by(behind: Arc<Mutex<Holder>>) -> Router {
    let refuse = move || {
        let refused = refusal(&behind.lock());
        async move { refused }
    };
    Router::new().route("/healthz", get(health::healthz)).fallback(refuse)
}

fn refusal(holder: &Holder) -> Response {
    let message = RequestRefusal::StandingBy {
        holder: holder.name.clone(),
        since: holder.since.to_rfc3339_opts(SecondsFormat::Secs, true),
    };
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "standing_by", message).into_response()
}
