//! Meters that are asked over HTTP, each at an address of its own.

use std::net::Ipv4Addr;

use axum::routing::get;
use axum::{Json, Router};
use benchmark::Result;
use tokio::net::TcpListener;

use crate::mixed::meter;

/// Answers the port.
pub(super) async fn start() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    let shown = || async { Json(meter::document(meter::now())) };
    let router = Router::new().route("/meters/{number}", get(shown));
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(port)
}
