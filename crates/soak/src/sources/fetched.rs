//! Meters that are asked over HTTP, each at an address of its own. Some tell their power too, which is beyond a
//! limit for half a minute, then within it for as long.

use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::ledger::Ledger;
use crate::plan::Meter;

/// So many of them tell their power.
pub(crate) const WATCHED: usize = 8;
/// Above this power, in W, there is an alarm.
pub(crate) const LIMIT_W: f64 = 20_000.0;
/// For how long the power is high, and then low.
const STRETCH_SECONDS: i64 = 30;

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
    let now = Utc::now();
    let told = ledger.tell(Meter::fetched(n), now).ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    let mut answer = json!({"totalEnergyKwh": told.wh as f64 / 1_000.0});
    if n < WATCHED {
        answer["activePowerKw"] = power_kw(now).into();
    }
    Ok(Json(answer))
}

/// Never far below what the register rises by, up to 9 Wh in five seconds: a register that its own power contradicts is
/// believed only after a quarter of an hour.
fn power_kw(at: DateTime<Utc>) -> f64 {
    if at.timestamp().div_euclid(STRETCH_SECONDS) % 2 == 0 { 50.0 } else { 6.0 }
}

/// The rule that watches the power of a meter, by its id.
pub(crate) fn rule(meter: i64) -> Value {
    json!({"kind": "threshold", "meterId": meter, "channel": "ActivePower", "raise": LIMIT_W,
           "clear": LIMIT_W / 2.0, "delaySeconds": 0, "severity": "warning"})
}

/// `communication` of a meter behind a port.
pub(crate) fn communication(port: u16, n: usize) -> Value {
    json!({"url": format!("http://127.0.0.1:{port}/meters/{n}")})
}
