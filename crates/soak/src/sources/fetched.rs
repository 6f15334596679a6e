//! Meters that are asked over HTTP, each at an address of its own.

use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use chrono::Utc;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::ledger::Ledger;
use crate::plan::Meter;

/// Opens them and answers where.
pub(crate) async fn start(ledger: Ledger) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/meters/{n}", get(shown)).with_state(ledger);
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(address)
}

async fn shown(
    State(ledger): State<Ledger>,
    Path(n): Path<usize>,
) -> Result<Json<Value>, StatusCode> {
    let told = ledger.tell(Meter::fetched(n), Utc::now()).ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(Json(json!({"totalEnergyKwh": told.wh as f64 / 1_000.0})))
}

/// `communication` of a meter behind a port.
pub(crate) fn communication(port: u16, n: usize) -> Value {
    json!({"url": format!("http://127.0.0.1:{port}/meters/{n}")})
}
