//! What came of it: the database against the ledger.

mod alarms;
mod bills;
mod energy;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use tokio::time::sleep;

use crate::faults::{Field, LEAP};
use crate::ledger::Told;
use crate::plan::Meter;
use crate::site::Site;

/// Until everything that waits is stored and counted.
const COUNTED_WITHIN: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_secs(1);
/// What is asked is dated when the answer comes, which a storm delays.
const ASKED_TO_ANSWERED: TimeDelta = TimeDelta::seconds(15);
/// What a meter published that does not say when may wait for the program that long, and came as much earlier
/// at most as a clock that was ahead was not noticed yet to be right again.
const WAITS: TimeDelta = TimeDelta::minutes(3);
/// A meter that is asked every few seconds, over a connection that may have to be made anew, is heard within this.
const ASKED_WITHIN: TimeDelta = TimeDelta::seconds(75);
/// A clock is seen to be another one so long after it is.
const SEEN_AFTER: TimeDelta = TimeDelta::seconds(3);
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
    // Bills rest on quarter-hours that are stored, a moment after the tree has them.
    let (stored, missing, energy, bills) = loop {
        let stored = stored(&pool, &meters).await?;
        let missing = missing(site, &stored);
        let energy = energy::wrong(site, &meters, &stored).await?;
        let bills = bills::wrong(site, &meters, &stored).await?;
        let is_right = missing.is_empty() && energy.is_empty() && bills.is_empty();
        if is_right || begun.elapsed() > COUNTED_WITHIN {
            break (stored, missing, energy, bills);
        }
        sleep(POLL).await;
    };
    let alarms = alarms::missing(&pool, &meters, field).await?;
    pool.close().await;
    let log = std::fs::read_to_string(site.settings.log())?;
    let panics: Vec<String> =
        log.lines().filter(|line| line.contains("panicked")).map(str::to_owned).collect();
    let count: usize = stored.values().map(Vec::len).sum();
    let mut findings = vec![
        Finding::told("readings stored", count.to_string()),
        Finding::told("faults", field.count().to_string()),
        Finding::none("acknowledged and not stored", &missing),
        Finding::none("stored and never told, or at another time", &foreign(site, field, &stored)),
        Finding::none("stored twice", &twice(field, &stored)),
        Finding::none("dated later than now", &ahead(&stored)),
        Finding::none("meters whose energy is not what their register rose by", &energy),
        Finding::none("bills that say another energy", &bills),
        Finding::none("beyond a limit without an alarm", &alarms),
        Finding::none("not taken from its source in the end", &left(site)),
        Finding::none("asked no more in the end", &forgotten(&stored)),
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

/// What a clock that was ahead has dated, and nobody has dated anew since.
fn ahead(stored: &BTreeMap<Meter, Rows>) -> Vec<String> {
    let now = Utc::now();
    let rows = stored.iter().flat_map(|(meter, rows)| rows.iter().map(move |row| (meter, row)));
    let late = rows.filter(|(_, (_, at))| *at > now);
    late.map(|(meter, (wh, at))| format!("S-{} {wh} Wh at {at}", meter.0)).collect()
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

fn foreign(site: &Site, field: &Field, stored: &BTreeMap<Meter, Rows>) -> Vec<String> {
    let of_meter = |(meter, rows): (&Meter, &Rows)| {
        let told = site.ledger.of(*meter);
        let is_told = |(wh, at): &(i64, DateTime<Utc>)| {
            told.iter().any(|told| told.wh == *wh && is_dated(*meter, told, *at, field))
        };
        let foreign = rows.iter().filter(|row| !is_told(row));
        foreign.map(|(wh, at)| format!("S-{} {wh} Wh at {at}", meter.0)).collect::<Vec<_>>()
    };
    stored.iter().flat_map(of_meter).collect()
}

/// Whether what a meter told can be of a time.
fn is_dated(meter: Meter, told: &Told, at: DateTime<Utc>, field: &Field) -> bool {
    let allowed = if meter.is_asked() {
        ASKED_TO_ANSWERED
    } else if meter.is_timeless() {
        WAITS
    } else {
        TimeDelta::milliseconds(1)
    };
    let is_near = |at: DateTime<Utc>| (at - told.at).abs() <= allowed;
    let by_the_programs_clock = meter.is_asked() || meter.is_timeless();
    let leapt = || {
        let at = at - LEAP;
        let mut leaps = field.leapt();
        leaps.any(|leap| (leap.start..leap.end + SEEN_AFTER).contains(&at)) && is_near(at)
    };
    is_near(at) || (by_the_programs_clock && leapt())
}

fn twice(field: &Field, stored: &BTreeMap<Meter, Rows>) -> Vec<String> {
    // What was stored and not acknowledged when the program was killed comes again, and says no more of when.
    let is_excused = |meter: Meter, first: DateTime<Utc>, second: DateTime<Utc>| {
        meter.is_timeless()
            && field.killed().any(|killed| first < killed.end && second > killed.start)
    };
    let of_meter = |(meter, rows): (&Meter, &Rows)| {
        let again = |(n, (wh, at)): &(usize, &(i64, DateTime<Utc>))| {
            let before = rows[..*n].iter().find(|(before, _)| before == wh);
            before.is_some_and(|(_, first)| !is_excused(*meter, *first, *at))
        };
        let twice = rows.iter().enumerate().filter(again);
        twice.map(|(_, (wh, at))| format!("S-{} {wh} Wh at {at}", meter.0)).collect::<Vec<_>>()
    };
    stored.iter().flat_map(of_meter).collect()
}

fn left(site: &Site) -> Vec<String> {
    if site.not_taken == 0 { Vec::new() } else { vec![format!("{} readings", site.not_taken)] }
}

/// Meters that others went on without: nothing is acknowledged to those that are asked, so that nobody else would
/// miss them.
fn forgotten(stored: &BTreeMap<Meter, Rows>) -> Vec<String> {
    let last = |rows: &Rows| rows.iter().map(|(_, at)| *at).max();
    let newest = stored.values().filter_map(last).max();
    let is_late =
        |rows: &Rows| newest.is_some_and(|at| last(rows).is_none_or(|own| at - own > ASKED_WITHIN));
    let late = stored.iter().filter(|(meter, rows)| meter.is_asked() && is_late(rows));
    late.map(|(meter, rows)| format!("S-{} after {:?}", meter.0, last(rows))).collect()
}

/// Tasks of the process that runs now which had to begin again.
async fn fallen(site: &Site) -> Result<Vec<String>> {
    let metrics = site.running()?.text("/metrics").await?;
    let fallen = metrics
        .lines()
        .filter(|line| line.starts_with("wattlens_task_restarts_total{") && !line.ends_with(" 0"));
    Ok(fallen.map(str::to_owned).collect())
}
