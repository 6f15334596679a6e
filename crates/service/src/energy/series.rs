//! Energy of meters step by step: quarter-hours, hours, days and months.
//!
//! Hours begin where the site's clock shows a full one, so that zones such as +05:30 have whole hours, and
//! where it is put by half of one; days and months are the site's own, of 23, 24 or 25 hours.

mod pieces;

use chrono::{DateTime, Datelike as _, Months, NaiveDate, TimeDelta, Utc};
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::sites::Site;
use domain::{MeterId, Quality};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::PgPool;
use storage::energy::{Counted, StepsQuery};

use crate::window::cut;
use crate::{Core, Error, energy};
pub(crate) use pieces::{Piece, pieces};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// The steps of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Quarter-hours.
    Quarter,
    Hour,
    /// Days of the site's clock.
    Day,
    /// Months of the site's clock.
    Month,
}

impl Resolution {
    /// Reads the word of the API.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "15m" => Some(Self::Quarter),
            "1h" => Some(Self::Hour),
            "1d" => Some(Self::Day),
            "1mo" => Some(Self::Month),
            _ => None,
        }
    }
}

/// A step of a meter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    /// Share of it that readings back, 0 to 1.
    pub(crate) coverage: f64,
    /// What the meter counted in it.
    pub(crate) counted: Counted,
}

impl Step {
    fn new(start: DateTime<Utc>, end: DateTime<Utc>, covered: f64, counted: Counted) -> Self {
        Self { start, end, coverage: covered.clamp(0.0, 1.0), counted }
    }
}

/// A step of one meter, as programs see it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IntervalView {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// Drawn by a load, or delivered by a meter that feeds its parent.
    pub import_kwh: f64,
    /// Returned by a load, or drawn by a meter that feeds its parent.
    pub export_kwh: f64,
    /// Reactive import.
    pub reactive_import_kvarh: f64,
    /// Reactive export.
    pub reactive_export_kvarh: f64,
    /// Litres by its own fuel counter; null where it has none.
    pub diesel_l: Option<f64>,
    /// Running time by its counter.
    pub runtime_hours: f64,
    /// How often power rose from nothing.
    pub starts: i64,
    /// Its highest quarter-hour: four times the import.
    pub max_demand_kw: Option<f64>,
    /// Lowest power sample.
    pub min_power_kw: Option<f64>,
    /// Highest power sample.
    pub max_power_kw: Option<f64>,
    /// Lowest phase voltage.
    pub min_voltage: Option<f64>,
    /// Mean phase voltage.
    pub mean_voltage: Option<f64>,
    /// Highest phase voltage.
    pub max_voltage: Option<f64>,
    /// kWh / root of (kWh² + kvarh²) of the import; null without reactive energy.
    pub power_factor: Option<f64>,
    /// Share of the step backed by readings, 0 to 1.
    pub coverage: f64,
    /// Energy that is real but whose place is a guess.
    pub estimated_kwh: f64,
    /// The worst quality in it.
    pub quality: Quality,
    /// What happened in it: reset, rollover, exchange, glitch, noise, quarantined, gap, corrected,
    /// derived, integrated.
    pub flags: Vec<String>,
    /// What it was computed from, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<energy::explain::Explain>,
}

impl From<Step> for IntervalView {
    fn from(step: Step) -> Self {
        let counted = step.counted;
        let reactive = counted.reactive_import_kvarh + counted.reactive_export_kvarh;
        let apparent = counted.import_kwh.hypot(reactive);
        Self {
            start: step.start,
            end: step.end,
            import_kwh: counted.import_kwh,
            export_kwh: counted.export_kwh,
            reactive_import_kvarh: counted.reactive_import_kvarh,
            reactive_export_kvarh: counted.reactive_export_kvarh,
            diesel_l: counted.diesel_l,
            runtime_hours: counted.runtime_s / 3600.0,
            starts: counted.starts,
            max_demand_kw: counted.max_demand_kw,
            min_power_kw: counted.power_kw.0,
            max_power_kw: counted.power_kw.1,
            min_voltage: counted.voltage.0,
            mean_voltage: counted.voltage.1,
            max_voltage: counted.voltage.2,
            power_factor: (reactive > 0.0).then(|| counted.import_kwh / apparent),
            coverage: step.coverage,
            estimated_kwh: counted.estimated_kwh,
            quality: counted.quality,
            flags: counted.flags.words().map(str::to_owned).collect(),
            explain: None,
        }
    }
}

/// The steps of meters that begin in a window, by time and meter. A step of which nothing is known is
/// absent: a gap.
pub(crate) async fn load(
    service: &Core,
    site: &Site,
    meters: &[MeterId],
    window: Window,
    resolution: Resolution,
    limit: u32,
) -> Result<Vec<Step>, Error> {
    energy::caught_up(service, site, meters, window).await?;
    let pool = service.pool();
    match resolution {
        Resolution::Quarter => {
            let (from, to) = (ceil(window.from), ceil(window.to));
            let asked = StepsQuery { meters, from, to, limit };
            let steps = storage::energy::steps(pool, asked, 15, DateTime::UNIX_EPOCH).await?;
            let place = |step: storage::energy::Step<DateTime<Utc>>| {
                Step::new(step.start, step.start + QUARTER, step.covered, step.counted)
            };
            Ok(steps.into_iter().map(place).collect())
        }
        Resolution::Hour => hours(pool, site, meters, window, limit).await,
        Resolution::Day => {
            let (from, to) = (first_day(site, window.from), first_day(site, window.to));
            let days = storage::energy::days(pool, StepsQuery { meters, from, to, limit }).await?;
            let place = |step: storage::energy::Step<NaiveDate>| {
                let (start, end) = (site.day_start(step.start), site.day_start(next(step.start)));
                Step::new(start, end, step.covered, step.counted)
            };
            Ok(days.into_iter().map(place).collect())
        }
        Resolution::Month => {
            let (from, to) = (first_month(site, window.from), first_month(site, window.to));
            let months =
                storage::energy::months(pool, StepsQuery { meters, from, to, limit }).await?;
            let place = |step: storage::energy::Step<NaiveDate>| {
                let month = step.start;
                let after = month + Months::new(1);
                let covered = step.covered / (after - month).num_days() as f64;
                Step::new(site.day_start(month), site.day_start(after), covered, step.counted)
            };
            Ok(months.into_iter().map(place).collect())
        }
    }
}

/// The hours that begin in a window.
async fn hours(
    pool: &PgPool,
    site: &Site,
    meters: &[MeterId],
    window: Window,
    limit: u32,
) -> Result<Vec<Step>, Error> {
    let window = Window { from: from_hour(site, window.from), to: from_hour(site, window.to) };
    let mut hours = Vec::new();
    for Window { from, to } in of_one_clock(site, window) {
        let origin = DateTime::UNIX_EPOCH - site.part_of_hour(from);
        let asked = StepsQuery { meters, from, to, limit };
        let place = |step: storage::energy::Step<DateTime<Utc>>| {
            let (start, end) = (step.start.max(from), (step.start + HOUR).min(to));
            let quarters = (end - start).as_seconds_f64() / QUARTER.as_seconds_f64();
            Step::new(start, end, step.covered / quarters, step.counted)
        };
        hours.extend(storage::energy::steps(pool, asked, 60, origin).await?.into_iter().map(place));
    }
    hours.truncate(limit.try_into().unwrap_or(usize::MAX));
    Ok(hours)
}

/// A window cut where the site's clock is put by a part of an hour.
fn of_one_clock(site: &Site, window: Window) -> Vec<Window> {
    let mut cuts = Vec::new();
    let mut at = window.from;
    while at < window.to {
        let later = (at + TimeDelta::days(1)).min(window.to);
        if site.part_of_hour(at) != site.part_of_hour(later) {
            let hours = std::iter::successors(Some(at), |at| Some(site.hour_end(*at)));
            let is_put = |hour: &DateTime<Utc>| site.part_of_hour(*hour) != site.part_of_hour(at);
            cuts.extend(hours.take_while(|hour| *hour < window.to).find(is_put));
        }
        at = later;
    }
    cut(window, &cuts)
}

/// The part of a window that whole steps fill: from the first that begins in it to the end of the last
/// that ends in it. It ends before it begins where no step begins or ends in the window.
pub(crate) fn whole(site: &Site, window: Window, resolution: Resolution) -> Window {
    let last = site.date_at(window.to);
    match resolution {
        Resolution::Quarter => {
            Window { from: ceil(window.from), to: floor(window.to, QUARTER).unwrap_or(window.to) }
        }
        Resolution::Hour => {
            Window { from: from_hour(site, window.from), to: site.hour_start(window.to) }
        }
        Resolution::Day => {
            Window { from: site.day_start(first_day(site, window.from)), to: site.day_start(last) }
        }
        Resolution::Month => Window {
            from: site.day_start(first_month(site, window.from)),
            to: site.day_start(last.with_day(1).unwrap_or(last)),
        },
    }
}

/// The first hour that begins at an instant or later.
fn from_hour(site: &Site, at: DateTime<Utc>) -> DateTime<Utc> {
    if site.hour_start(at) == at { at } else { site.hour_end(at) }
}

/// The first quarter-hour that begins at an instant or later.
fn ceil(at: DateTime<Utc>) -> DateTime<Utc> {
    floor(at, QUARTER).map_or(at, |start| if start < at { start + QUARTER } else { start })
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

/// The first day that begins at an instant or later.
fn first_day(site: &Site, at: DateTime<Utc>) -> NaiveDate {
    let day = site.date_at(at);
    if site.day_start(day) == at { day } else { next(day) }
}

fn first_month(site: &Site, at: DateTime<Utc>) -> NaiveDate {
    let day = first_day(site, at);
    if day.day() == 1 { day } else { day.with_day(1).unwrap_or(day) + Months::new(1) }
}
