//! What came of it: the database against the ledger.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;
use sqlx::PgPool;
use tokio::time::sleep;

use crate::faults::Field;
use crate::ledger::Told;
use crate::plan::Meter;
use crate::site::Site;

/// Until everything that waits is stored and counted.
const COUNTED_WITHIN: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_secs(1);
/// What is asked is dated when the answer comes, which a storm delays.
const ASKED_TO_ANSWERED: TimeDelta = TimeDelta::seconds(15);
/// A kilowatt-hour is compared to so much.
const EXACT_KWH: f64 = 1e-6;
/// Memory may grow by so much from the middle third of a life to the last, in per cent.
const FLAT: f64 = 5.0;

/// A line of the table.
pub(crate) struct Finding {
    what: &'static str,
    found: String,
    wanted: Option<&'static str>,
    is_right: bool,
}

impl Finding {
    fn none(what: &'static str, found: &[String]) -> Self {
        let mut text = found.len().to_string();
        if !found.is_empty() {
            write!(text, ": {}", found.iter().take(5).cloned().collect::<Vec<_>>().join("; ")).ok();
        }
        Self { what, found: text, wanted: Some("0"), is_right: found.is_empty() }
    }

    fn told(what: &'static str, found: String) -> Self {
        Self { what, found, wanted: None, is_right: true }
    }

    pub(crate) fn is_right(&self) -> bool {
        self.is_right
    }
}

/// The findings as a table.
pub(crate) fn table(findings: &[Finding]) -> String {
    let mut text = String::from("| what | found | wanted |\n|---|---|---|\n");
    for finding in findings {
        let (found, wanted) = (&finding.found, finding.wanted.unwrap_or_default());
        writeln!(text, "| {} | {found} | {wanted} |", finding.what).ok();
    }
    text
}

/// What is stored of a meter: Wh and when.
type Rows = Vec<(i64, DateTime<Utc>)>;

pub(crate) async fn findings(site: &Site, field: &Field) -> Result<Vec<Finding>> {
    let pool = PgPool::connect(&site.url).await?;
    let meters = site.meters(&pool).await?;
    let begun = Instant::now();
    let (stored, missing, energy) = loop {
        let stored = stored(&pool, &meters).await?;
        let missing = missing(site, &stored);
        let energy = wrong_energy(site, &meters, &stored).await?;
        if (missing.is_empty() && energy.is_empty()) || begun.elapsed() > COUNTED_WITHIN {
            break (stored, missing, energy);
        }
        sleep(POLL).await;
    };
    pool.close().await;
    let log = std::fs::read_to_string(site.settings.log())?;
    let panics: Vec<String> =
        log.lines().filter(|line| line.contains("panicked")).map(str::to_owned).collect();
    let count: usize = stored.values().map(Vec::len).sum();
    let mut findings = vec![
        Finding::told("readings stored", count.to_string()),
        Finding::told("faults", field.count().to_string()),
        Finding::none("acknowledged and not stored", &missing),
        Finding::none("stored and never told, or at another time", &foreign(site, &stored)),
        Finding::none("stored twice", &twice(&stored)),
        Finding::none("meters whose energy is not what their register rose by", &energy),
        Finding::none("not taken from its source in the end", &left(site)),
        Finding::none("tasks that fell", &fallen(site).await?),
        Finding::none("panics", &panics),
        Finding::told("memory at most", format!("{} MB", site.memory.most() / 1_000)),
    ];
    if let Some(growth) = site.memory.growth() {
        findings.push(Finding {
            what: "memory, last third over middle third",
            found: format!("{growth:.1} %"),
            wanted: Some("at most 5 %"),
            is_right: growth <= FLAT,
        });
    }
    Ok(findings)
}

async fn stored(pool: &PgPool, meters: &BTreeMap<Meter, i64>) -> Result<BTreeMap<Meter, Rows>> {
    let mut stored = BTreeMap::new();
    for (meter, id) in meters {
        let rows: Vec<(DateTime<Utc>, f64)> = sqlx::query_as(
            "SELECT \"timestamp\", total_energy_kwh FROM meter_readings \
             WHERE meter_id = $1 AND total_energy_kwh IS NOT NULL ORDER BY \"timestamp\"",
        )
        .bind(id)
        .fetch_all(pool)
        .await?;
        stored.insert(*meter, rows.into_iter().map(|(at, kwh)| (watt_hours(kwh), at)).collect());
    }
    Ok(stored)
}

#[expect(clippy::cast_possible_truncation, reason = "registers are far below 2^53 Wh")]
fn watt_hours(kwh: f64) -> i64 {
    (kwh * 1_000.0).round() as i64
}

fn missing(site: &Site, stored: &BTreeMap<Meter, Rows>) -> Vec<String> {
    let of_meter = |(meter, rows): (&Meter, &Rows)| {
        let is_missing =
            |told: &Told| told.acknowledged && !rows.iter().any(|(wh, _)| *wh == told.wh);
        let told = site.ledger.of(*meter).into_iter().filter(is_missing);
        told.map(|told| format!("S-{} {} Wh at {}", meter.0, told.wh, told.at)).collect::<Vec<_>>()
    };
    stored.iter().flat_map(of_meter).collect()
}

fn foreign(site: &Site, stored: &BTreeMap<Meter, Rows>) -> Vec<String> {
    let of_meter = |(meter, rows): (&Meter, &Rows)| {
        let told = site.ledger.of(*meter);
        let allowed = if meter.is_asked() { ASKED_TO_ANSWERED } else { TimeDelta::milliseconds(1) };
        let is_told = |(wh, at): &(i64, DateTime<Utc>)| {
            told.iter().any(|told| told.wh == *wh && (*at - told.at).abs() <= allowed)
        };
        let foreign = rows.iter().filter(|row| !is_told(row));
        foreign.map(|(wh, at)| format!("S-{} {wh} Wh at {at}", meter.0)).collect::<Vec<_>>()
    };
    stored.iter().flat_map(of_meter).collect()
}

fn twice(stored: &BTreeMap<Meter, Rows>) -> Vec<String> {
    let of_meter = |(meter, rows): (&Meter, &Rows)| {
        let again = |(n, (wh, _)): &(usize, &(i64, DateTime<Utc>))| {
            rows[..*n].iter().any(|(before, _)| before == wh)
        };
        let twice = rows.iter().enumerate().filter(again);
        twice.map(|(_, (wh, at))| format!("S-{} {wh} Wh at {at}", meter.0)).collect::<Vec<_>>()
    };
    stored.iter().flat_map(of_meter).collect()
}

/// Meters of which the tree says another energy than their registers.
async fn wrong_energy(
    site: &Site,
    meters: &BTreeMap<Meter, i64>,
    stored: &BTreeMap<Meter, Rows>,
) -> Result<Vec<String>> {
    let name = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let path = format!(
        "/api/Energy/meters/hierarchy?from={}&to={}",
        name(site.begun - TimeDelta::minutes(1)),
        name(Utc::now() + TimeDelta::minutes(1)),
    );
    let tree: Value = serde_json::from_str(&site.running()?.text(&path).await?)?;
    let nodes = tree["data"].as_array().cloned().unwrap_or_default();
    let energy: BTreeMap<i64, f64> = nodes
        .iter()
        .filter_map(|node| Some((node["id"].as_i64()?, node["energyKwh"].as_f64()?)))
        .collect();
    let mut wrong = Vec::new();
    for (meter, rows) in stored {
        let (Some((first, _)), Some((last, _))) = (rows.first(), rows.last()) else {
            wrong.push(format!("S-{} has no reading", meter.0));
            continue;
        };
        let risen = (last - first) as f64 / 1_000.0;
        let told = meters.get(meter).and_then(|id| energy.get(id)).copied();
        if told.is_none_or(|told| (told - risen).abs() > EXACT_KWH) {
            wrong.push(format!("S-{}: {told:?}, not {risen} kWh", meter.0));
        }
    }
    Ok(wrong)
}

fn left(site: &Site) -> Vec<String> {
    if site.not_taken == 0 { Vec::new() } else { vec![format!("{} readings", site.not_taken)] }
}

/// Tasks of the process that runs now which had to begin again.
async fn fallen(site: &Site) -> Result<Vec<String>> {
    let metrics = site.running()?.text("/metrics").await?;
    let fallen = metrics
        .lines()
        .filter(|line| line.starts_with("wattlens_task_restarts_total{") && !line.ends_with(" 0"));
    Ok(fallen.map(str::to_owned).collect())
}
