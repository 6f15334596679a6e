//! Energy of meters step by step: quarter-hours, hours, days and months.
//!
//! Hours begin where the site's clock shows a full one, so that zones such as +05:30 have whole hours;
//! days and months are the site's own, of 23, 24 or 25 hours.

mod pieces;

use chrono::{
    DateTime, Datelike as _, Months, NaiveDate, Offset as _, TimeDelta, TimeZone as _, Utc,
};
use domain::energy::QUARTER;
use domain::energy::interval::Flags;
use domain::energy::window::Window;
use domain::sites::Site;
use domain::{MeterId, Quality};
use schemars::JsonSchema;
use serde::Serialize;
use storage::energy::StepsQuery;

use crate::operation::clock;
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

/// What a meter counted in a step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) meter: MeterId,
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    pub(crate) import_kwh: f64,
    pub(crate) export_kwh: f64,
    pub(crate) reactive_import_kvarh: f64,
    pub(crate) reactive_export_kvarh: f64,
    pub(crate) diesel_l: Option<f64>,
    pub(crate) runtime_s: f64,
    pub(crate) starts: i64,
    pub(crate) max_demand_kw: Option<f64>,
    pub(crate) power_kw: (Option<f64>, Option<f64>),
    pub(crate) voltage: (Option<f64>, Option<f64>, Option<f64>),
    pub(crate) coverage: f64,
    pub(crate) estimated_kwh: f64,
    pub(crate) quality: Quality,
    pub(crate) flags: Flags,
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
        let reactive = step.reactive_import_kvarh + step.reactive_export_kvarh;
        let apparent = step.import_kwh.hypot(reactive);
        Self {
            start: step.start,
            end: step.end,
            import_kwh: step.import_kwh,
            export_kwh: step.export_kwh,
            reactive_import_kvarh: step.reactive_import_kvarh,
            reactive_export_kvarh: step.reactive_export_kvarh,
            diesel_l: step.diesel_l,
            runtime_hours: step.runtime_s / 3600.0,
            starts: step.starts,
            max_demand_kw: step.max_demand_kw,
            min_power_kw: step.power_kw.0,
            max_power_kw: step.power_kw.1,
            min_voltage: step.voltage.0,
            mean_voltage: step.voltage.1,
            max_voltage: step.voltage.2,
            power_factor: (reactive > 0.0).then(|| step.import_kwh / apparent),
            coverage: step.coverage,
            estimated_kwh: step.estimated_kwh,
            quality: step.quality,
            flags: step.flags.words().map(str::to_owned).collect(),
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
        Resolution::Quarter | Resolution::Hour => {
            let length = if resolution == Resolution::Hour { HOUR } else { QUARTER };
            let origin = full_hour(site, window.to.min(clock::now(service, site)));
            let (from, to) = (ceil(window.from, origin, length), ceil(window.to, origin, length));
            let asked = StepsQuery { meters, from, to, limit };
            let minutes = i32::try_from(length.num_minutes()).unwrap_or(15);
            let steps = storage::energy::steps(pool, asked, minutes, origin).await?;
            let quarters = length.as_seconds_f64() / QUARTER.as_seconds_f64();
            Ok(steps
                .into_iter()
                .map(|step| {
                    let (start, covered) = (step.start, step.covered / quarters);
                    placed(&step, start, start + length, covered)
                })
                .collect())
        }
        Resolution::Day => {
            let (from, to) = (first_day(site, window.from), first_day(site, window.to));
            let days = storage::energy::days(pool, StepsQuery { meters, from, to, limit }).await?;
            let place = |step: storage::energy::Step<NaiveDate>| {
                let (day, covered) = (step.start, step.covered);
                placed(&step, site.day_start(day), site.day_start(next(day)), covered)
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
                placed(&step, site.day_start(month), site.day_start(after), covered)
            };
            Ok(months.into_iter().map(place).collect())
        }
    }
}

fn placed<T>(
    step: &storage::energy::Step<T>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    coverage: f64,
) -> Step {
    Step {
        meter: step.meter,
        start,
        end,
        import_kwh: step.import_kwh,
        export_kwh: step.export_kwh,
        reactive_import_kvarh: step.reactive_import_kvarh,
        reactive_export_kvarh: step.reactive_export_kvarh,
        diesel_l: step.diesel_l,
        runtime_s: step.runtime_s,
        starts: step.starts,
        max_demand_kw: step.max_demand_kw,
        power_kw: step.power_kw,
        voltage: step.voltage,
        coverage: coverage.clamp(0.0, 1.0),
        estimated_kwh: step.estimated_kwh,
        quality: step.quality,
        flags: step.flags,
    }
}

/// The part of a window that whole steps fill: from the first that begins in it to the end of the last
/// that ends in it. It ends before it begins where no step begins or ends in the window.
pub(crate) fn whole(site: &Site, window: Window, resolution: Resolution) -> Window {
    let last = site.date_at(window.to);
    match resolution {
        Resolution::Quarter | Resolution::Hour => {
            let length = if resolution == Resolution::Hour { HOUR } else { QUARTER };
            let origin = full_hour(site, window.to);
            let after = ceil(window.to, origin, length);
            let to = if after == window.to { after } else { after - length };
            Window { from: ceil(window.from, origin, length), to }
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

/// An instant at which the site's clock shows a full hour, by its offset at another.
fn full_hour(site: &Site, at: DateTime<Utc>) -> DateTime<Utc> {
    let offset = site.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    DateTime::UNIX_EPOCH - TimeDelta::seconds(i64::from(offset.rem_euclid(3600)))
}

/// The first step that begins at an instant or later.
fn ceil(at: DateTime<Utc>, origin: DateTime<Utc>, length: TimeDelta) -> DateTime<Utc> {
    let step = length.num_microseconds().unwrap_or(i64::MAX);
    let since = (at - origin).num_microseconds().unwrap_or(0);
    origin + TimeDelta::microseconds((since + step - 1).div_euclid(step).saturating_mul(step))
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
