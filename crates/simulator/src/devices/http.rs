//! Meters that answer HTTP requests with JSON, each to its own token.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::document::Document;
use super::live::Live;

/// The meters by number: index and token.
#[derive(Debug)]
pub(super) struct HttpMeters {
    pub(super) live: Arc<Live>,
    pub(super) meters: BTreeMap<&'static str, (usize, String)>,
}

/// Path of a meter's document.
pub(super) fn path(number: &str) -> String {
    format!("/api/meters/{number}")
}

async fn document(
    State(meters): State<Arc<HttpMeters>>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Document>, StatusCode> {
    let (meter, token) = meters.meters.get(number.as_str()).ok_or(StatusCode::NOT_FOUND)?;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given.and_then(|value| value.strip_prefix("Bearer ")) != Some(token) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Json(meters.live.values(*meter).into()))
}

/// Serves the meters until `stop` is cancelled.
pub(super) async fn start(
    meters: HttpMeters,
    stop: CancellationToken,
) -> io::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let router = Router::new().route(&path("{number}"), get(document)).with_state(Arc::new(meters));
    let task = tokio::spawn(async move {
        // Dropped, not drained: a client that keeps its connection must not hold up the end.
        let served = stop.run_until_cancelled(axum::serve(listener, router).into_future()).await;
        if let Some(Err(error)) = served {
            tracing::error!(%error, %address, "the demo HTTP meters stopped");
        }
    });
    Ok((address, task))
}
