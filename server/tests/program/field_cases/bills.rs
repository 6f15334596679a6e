//! Bills of a month that was metered.

use std::time::Duration;

use field_cases::{Bill, Input, Quarter, Right};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::time::{Instant, sleep};

use super::{CLIENT, PATIENCE, Program, kept_since, play_all, send, slug};

/// A bill of a month is drawn up anew each time, and keeps the rollup from what it waits for.
const ASKED_EVERY: Duration = Duration::from_secs(1);
/// A register is read at each of so many quarter-hours, and wherever the load changes.
const READ_EVERY: usize = 4;
const FIRST_KWH: f64 = 1000.0;

/// A register at the beginning of each quarter-hour that it was read at, and at the end of the month.
fn readings(quarters: &[Quarter]) -> Vec<Value> {
    let exports = quarters.iter().any(|quarter| quarter.export_kwh > 0.0);
    let (mut import, mut export) = (FIRST_KWH, FIRST_KWH);
    let reading = |at, import: f64, export: f64| {
        let rounded = |kwh: f64| (kwh * 1e9).round() / 1e9;
        let mut reading = json!({"timestamp": at, "energyImportKwh": rounded(import)});
        if exports {
            reading["energyExportKwh"] = rounded(export).into();
        }
        reading
    };
    let load = |quarter: &Quarter| [quarter.import_kwh, quarter.export_kwh].map(f64::to_bits);
    let mut all = Vec::new();
    for (place, quarter) in quarters.iter().enumerate() {
        let has_changed = place > 0 && load(&quarters[place - 1]) != load(quarter);
        if place % READ_EVERY == 0 || has_changed {
            all.push(reading(quarter.at, import, export));
        }
        import += quarter.import_kwh;
        export += quarter.export_kwh;
    }
    let end = quarters.last().unwrap().at + Duration::from_mins(15);
    all.push(reading(end, import, export));
    all
}

/// More than a meter draws or delivers at any time, kW.
fn rated(quarters: &[Quarter]) -> f64 {
    let highest = |most: f64, quarter: &Quarter| most.max(quarter.import_kwh + quarter.export_kwh);
    (quarters.iter().fold(0.0, highest) * 8.0).max(10.0)
}

/// Makes a meter with these quarter-hours and answers its id.
async fn meter(program: &Program, site: &str, number: &str, quarters: &[Quarter]) -> i64 {
    let body = json!({"meterNumber": number, "meterName": number, "meterType": "Household",
        "importRegister": "import", "ratedPowerKw": rated(quarters)});
    let path = format!("/api/Energy/meters?site={site}");
    let made = send(program, Method::POST, &path, &body).await;
    let path = format!("/api/Energy/meters/{number}/readings?site={site}");
    send(program, Method::POST, &path, &json!(readings(quarters))).await;
    made["id"].as_i64().unwrap()
}

/// The versions of the tariff as they are sent.
fn versions(site: &str, bill: &Bill) -> Vec<Value> {
    let versions = bill.tariff.iter().zip(bill.validity().unwrap());
    let version = |(version, (_, to)): (&serde_json::Map<String, Value>, _)| {
        let mut version = Value::from(version.clone());
        version["name"] = "Tariff".into();
        version["site"] = site.into();
        version["validTo"] = json!(to);
        version
    };
    versions.map(version).collect()
}

async fn answer(
    program: &Program,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> (u16, Value) {
    let client = CLIENT.with(Clone::clone);
    program.send(&client, method, path, body).await.unwrap()
}

async fn refused(program: &Program, versions: &[Value], code: &str) -> Result<(), String> {
    for version in versions {
        let (status, answer) = answer(program, Method::POST, "/api/tariffs", Some(version)).await;
        if status == 422 && answer["error"]["code"] == code {
            return Ok(());
        }
    }
    Err(format!("not refused as {code}"))
}

async fn trades(program: &Program, site: &str, bill: &Bill, meter_id: i64) {
    let quarters = bill.quarters();
    for (number, trade) in bill.trades.iter().enumerate() {
        let share = |kwh: f64| kwh / f64::from(u32::try_from(quarters.len()).unwrap());
        let (import_kwh, export_kwh) = (share(trade.sold), share(trade.bought));
        let neighbour: Vec<Quarter> =
            quarters.iter().map(|of| Quarter { import_kwh, export_kwh, ..*of }).collect();
        let neighbour = meter(program, site, &format!("NEIGHBOUR-{number}"), &neighbour).await;
        let is_bought = trade.bought > 0.0;
        let (buyer, seller) = if is_bought { (meter_id, neighbour) } else { (neighbour, meter_id) };
        let body = json!({"buyer_meter_id": buyer, "seller_meter_id": seller,
            "units_kWh": trade.bought.max(trade.sold), "price_per_kWh": trade.price,
            "timestamp": quarters[quarters.len() / 2].at});
        send(program, Method::POST, "/p2p-trade", &body).await;
    }
}

fn is_right(bill: &Value, right: &Right) -> bool {
    let lines = bill["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_there = |line: &field_cases::Line| {
        let kwh = |of: &Value| of["quantity"].as_str().and_then(|kwh| kwh.parse::<f64>().ok());
        lines.iter().any(|of| {
            of["piece"] == line.version
                && of["line"] == line.line
                && of["amount"] == line.amount
                && kwh(of).is_some_and(|kwh| (kwh - line.kwh).abs() < 1e-5)
        })
    };
    let due = right.amount_due.as_deref();
    let is_priced = bill["unpriced"].as_array().is_none_or(Vec::is_empty);
    is_priced && bill["amountDue"].as_str() == due && right.lines.iter().all(is_there)
}

pub(super) async fn play(
    program: &Program,
    name: &str,
    bill: &Bill,
    right: &Right,
) -> Result<(), String> {
    let site = slug(name);
    let body = json!({"slug": site, "name": name, "timeZone": bill.zone.name(),
        "currency": bill.currency, "retention": kept_since(bill.month)});
    send(program, Method::POST, "/api/sites", &body).await;
    let versions = versions(&site, bill);
    if let Some(code) = &right.refused {
        return refused(program, &versions, code).await.map_err(|is| format!("{name}: {is}"));
    }
    for version in versions {
        send(program, Method::POST, "/api/tariffs", &version).await;
    }
    let meter_id = meter(program, &site, "METER", &bill.quarters()).await;
    trades(program, &site, bill, meter_id).await;
    let month = bill.month.format("%Y-%m");
    let path = format!("/api/bill?meter_id={meter_id}&month={month}&detail=true");
    let begun = Instant::now();
    loop {
        let (_, answer) = answer(program, Method::GET, &path, None).await;
        let is = &answer["detail"];
        if is_right(is, right) {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            let (due, lines) = (&is["amountDue"], &is["lines"]);
            return Err(format!("{name}: {due}, {lines}; right {right:?}"));
        }
        sleep(ASKED_EVERY).await;
    }
}

#[sqlx::test(migrations = false)]
async fn bills_from_the_field_come_to_what_is_right(pool: PgPool) {
    let month = |input: &Input| match input {
        Input::Bill(bill) => Some(bill.month),
        _ => None,
    };
    play_all(&pool, month).await;
}
