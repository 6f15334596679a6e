//! Energy of meters step by step: quarter-hours, hours, days and months.
//!
//! Hours begin where the site's clock shows a full one, so that zones such as +05:30 have whole hours, and
//! where it is put by half of one; days and months are the site's own (see [`domain::sites::clock`]).

mod pieces;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::energy::window::Window;
use domain::energy::{QUARTER, is_whole};
pub use domain::period::Step as Resolution;
use domain::sites::Site;
use domain::{MeterId, Quality};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::PgPool;
use storage::energy::{Counted, DateUnit, StepsQuery};

use super::parts::changed_days;
use crate::operation::clock;
use crate::window::cut;
use crate::{Core, Error, energy};
pub(crate) use pieces::{Piece, pieces, within};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// Reads the word of the API.
pub(crate) fn resolution(word: &str) -> Option<Resolution> {
    match word {
        "15m" => Some(Resolution::Quarter),
        "1h" => Some(Resolution::Hour),
        "1d" => Some(Resolution::Day),
        "1mo" => Some(Resolution::Month),
        _ => None,
    }
}

/// A step of a meter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    /// Whether it is only the part of a step that lies in a window.
    pub(crate) is_partial: bool,
    /// Share of it that readings back, 0 to 1.
    pub(crate) coverage: f64,
    /// Share of it whose energy is counted: that, and what lies in gaps between two readings.
    pub(crate) backed: f64,
    /// What the meter counted in it.
    pub(crate) counted: Counted,
}

impl Step {
    fn new<T>(from: DateTime<Utc>, to: DateTime<Utc>, step: storage::energy::Step<T>) -> Self {
        let share = |seconds: f64| (seconds / (to - from).as_seconds_f64()).clamp(0.0, 1.0);
        let (coverage, backed) = (share(step.covered_s), share(step.backed_s));
        Self { start: from, end: to, is_partial: false, coverage, backed, counted: step.counted }
    }

    /// Whether it has all the energy that passed in it, of a quarter-hour.
    pub(crate) fn is_whole(&self) -> bool {
        is_whole(self.backed)
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
    /// Whether it is only the part of a step that lies in the window.
    pub partial: bool,
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
            partial: step.is_partial,
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
    computed(service, site, meters, window, resolution, limit).await
}

/// The same, as far as they are computed by now.
pub(crate) async fn computed(
    service: &Core,
    site: &Site,
    meters: &[MeterId],
    window: Window,
    resolution: Resolution,
    limit: u32,
) -> Result<Vec<Step>, Error> {
    let pool = service.pool();
    let window = Window {
        from: site.step_from(resolution, window.from),
        to: site.step_from(resolution, window.to),
    };
    let Window { from, to } = window;
    let unit = match resolution {
        Resolution::Quarter => {
            let asked = StepsQuery { meters, from, to, limit };
            let steps = storage::energy::steps(pool, asked, 15, DateTime::UNIX_EPOCH).await?;
            let place = |step: storage::energy::Step<DateTime<Utc>>| {
                Step::new(step.start, step.start + QUARTER, step)
            };
            return Ok(steps.into_iter().map(place).collect());
        }
        Resolution::Hour => return hours(pool, site, meters, window, limit).await,
        Resolution::Day => DateUnit::Day,
        Resolution::Month => DateUnit::Month,
    };
    let (from, to) = (site.date_at(from), site.date_at(to));
    // Nothing is known of days to come, and a window without an end has too many of them.
    let end = to.min(site.date_at(clock::now(service, site)) + Days::new(2));
    let changed = changed_days(site, from..end);
    let asked = StepsQuery { meters, from, to, limit };
    let steps = storage::energy::dated(pool, asked, unit, &changed).await?;
    let place = |step: storage::energy::Step<NaiveDate>| {
        let start = site.day_start(step.start);
        Step::new(start, site.step_end(resolution, start), step)
    };
    Ok(steps.into_iter().map(place).collect())
}

/// The hours of a window that begins and ends with one.
async fn hours(
    pool: &PgPool,
    site: &Site,
    meters: &[MeterId],
    window: Window,
    limit: u32,
) -> Result<Vec<Step>, Error> {
    let mut hours = Vec::new();
    for Window { from, to } in of_one_clock(site, window) {
        let origin = DateTime::UNIX_EPOCH - site.part_of_hour(from);
        let asked = StepsQuery { meters, from, to, limit };
        let place = |step: storage::energy::Step<DateTime<Utc>>| {
            let (start, end) = (step.start.max(from), (step.start + HOUR).min(to));
            Step::new(start, end, step)
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
    cut(window, cuts)
}

/// The part of a window that whole steps fill: from the first that begins in it to the end of the last
/// that ends in it. It ends before it begins where no step begins or ends in the window.
pub(crate) fn whole(site: &Site, window: Window, resolution: Resolution) -> Window {
    Window {
        from: site.step_from(resolution, window.from),
        to: site.step_start(resolution, window.to),
    }
}
