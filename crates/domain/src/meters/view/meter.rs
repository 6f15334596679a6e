//! The pages of one meter.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::alarms::view::AlarmRow;
use crate::energy::interval::Flags;
use crate::live::MeterLive;
use crate::losses::view::Chosen;
use crate::meters::Meter;
use crate::meters::register::Fall;
use crate::simulation::EventKind;
use crate::view::{Pairs, PeriodContext};
use crate::{Field, MeterId, Quality};

/// One value of a meter's newest reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelValue {
    pub field: Field,
    pub value: f64,
    /// How far it can be trusted.
    pub quality: Quality,
    /// When it was read.
    pub at: DateTime<Utc>,
}

/// One step of a power chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerPoint {
    /// When the step begins.
    pub start: DateTime<Utc>,
    /// Least power in kW.
    pub min_kw: f64,
    /// Mean power in kW.
    pub mean_kw: f64,
    /// Highest power in kW.
    pub max_kw: f64,
}

/// Power over a window, reduced for a chart. A stretch without readings has no points: it is a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerSeries {
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    pub step_seconds: u32,
    /// Steps with readings, in order.
    pub points: Vec<PowerPoint>,
    /// Stretches without readings that are longer than they should be.
    pub gaps: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// How many readings stand behind the points.
    pub readings: u64,
}

/// How a meter is connected, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionCard {
    /// The protocol, such as `Modbus TCP`.
    pub protocol: String,
    /// Where it is reached, such as `192.168.4.21:502 unit 3`.
    pub address: String,
    /// Seconds between polls.
    pub poll_seconds: f64,
}

/// The head of every page of a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterPage {
    /// Its site, and the period of the page.
    pub shown: PeriodContext,
    pub meter: Meter,
    /// The meters above it, from the root down.
    pub above: Vec<(MeterId, String)>,
    /// Its newest power and state.
    pub value: MeterLive,
    /// How it is connected; none for one fed by the API or SQL.
    pub connection: Option<ConnectionCard>,
    /// Its share of its parent's energy today, per cent.
    pub share_of_parent_percent: Option<f64>,
    /// What its energy cost since the site's midnight.
    pub cost_today: Option<Decimal>,
    /// Its loss now, kW, where it is a node of which that is known.
    pub loss_kw: Option<f64>,
    /// Whether others hang below it.
    pub is_node: bool,
    /// The demand under way, kW; none where it is not known.
    pub demand_kw: Option<f64>,
}

/// The newest values of a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterNow {
    /// Values of the newest reading, in the order of the fields.
    pub channels: Vec<ChannelValue>,
    /// Power over the last 24 hours.
    pub power: PowerSeries,
}

/// What a meter counted in the period, step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterPeriod {
    /// The period and its site.
    pub shown: PeriodContext,
    pub id: MeterId,
    pub name: String,
    /// Whether it delivers to its parent.
    pub feeds_parent: bool,
    /// The step of its register, kWh; none where that is not stated.
    pub step_kwh: Option<f64>,
    /// Energy of the period, kWh; none where nothing is known.
    pub import_kwh: Option<f64>,
    /// What it returned, kWh.
    pub export_kwh: f64,
    /// The period before, up to the same time, when that is compared with.
    pub before_kwh: Option<f64>,
    /// Share of that period backed by readings, 0 to 1.
    pub before_coverage: f64,
    /// Share of the period backed by readings, 0 to 1.
    pub coverage: f64,
    /// Energy that is real but whose place is a guess, kWh.
    pub estimated_kwh: f64,
    pub steps: Vec<EnergyStep>,
    /// The steps of the period before, when that is compared with.
    pub steps_before: Vec<EnergyStep>,
    /// What happened to its register.
    pub events: Vec<(DateTime<Utc>, Flags)>,
    /// The last readings that do not fit, and those that a person decided about, in order of time.
    pub outliers: Vec<OutlierRow>,
    /// How many there are before them.
    pub more_outliers: usize,
    /// Highest quarter-hour, kW, and when it began.
    pub peak: Option<(f64, DateTime<Utc>)>,
    /// The same of the period before, up to the same time, when that is compared with.
    pub peak_before: Option<(f64, DateTime<Utc>)>,
    /// Energy the other way in the period before, up to the same time, kWh.
    pub export_before_kwh: Option<f64>,
    /// Its open alarms, the gravest first, then the last ones that are over.
    pub alarms: Vec<AlarmRow>,
    /// What it reported of itself in the period, the newest first; what those below it reported, too.
    pub reported: Vec<ReportRow>,
}

impl MeterPeriod {
    /// The steps beside those of the period before.
    pub fn pairs(&self) -> Pairs<'_, EnergyStep> {
        self.shown.pair(&self.steps, &self.steps_before, |step| step.from)
    }
}

/// A value of a reading that does not fit, or that a person decided about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutlierRow {
    pub at: DateTime<Utc>,
    pub field: Field,
    /// In the unit of its field.
    pub value: f64,
    /// `Outlier`, `Accepted` or `Rejected`.
    pub reading: Reading,
}

/// Something that a meter reported of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// Number of the meter.
    pub number: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: EventKind,
}

/// Energy of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnergyStep {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Energy, kWh; none where nothing is known.
    pub kwh: Option<f64>,
    /// The part of it whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
    /// What happened in it.
    pub flags: Flags,
}

/// The register of a meter as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterPage {
    /// The period and its site.
    pub shown: PeriodContext,
    pub id: MeterId,
    pub name: String,
    /// The column that is read.
    pub field: String,
    /// The step of the register, kWh; none where that is not stated.
    pub step_kwh: Option<f64>,
    /// Register by time, thinned for a line; a new run begins where it fell or stood still in a gap.
    pub runs: Vec<Vec<(DateTime<Utc>, f64)>>,
    /// Readings that something can be said about, in order.
    pub rows: Vec<RegisterRow>,
    /// How many outliers more there are than stand among the rows.
    pub more_outliers: usize,
    /// Energy by the rows, kWh.
    pub counted_kwh: f64,
    /// Energy by the intervals, kWh, and how many they are.
    pub intervals: (f64, usize),
    /// Whether some of these are not computed yet.
    pub is_behind: bool,
    /// Why a fall is a reset and not a rollover, or the other way about: the question, and what answers it.
    pub why: Option<(Fall, Fall)>,
}

/// A reading of the register and what it was taken for.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterRow {
    /// When.
    pub at: DateTime<Utc>,
    /// The register, kWh.
    pub register_kwh: f64,
    /// Difference to the row before, kWh.
    pub difference_kwh: Option<f64>,
    /// What was counted, kWh.
    pub counted_kwh: Option<f64>,
    /// What it is.
    pub reading: Reading,
    /// More about it, such as a duration.
    pub detail: String,
}

/// What a reading of a register was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The first of the period.
    Start,
    /// The last before silence.
    BeforeGap,
    /// The first after it.
    AfterGap,
    /// The last before the register fell or jumped.
    BeforeFall,
    /// Set back; counted from zero.
    Reset,
    /// Passed its largest figure.
    Rollover,
    /// Another meter.
    Exchange,
    /// It does not fit the register; left out.
    Outlier,
    /// A person said that it does not count, whether it fits or not.
    Rejected,
    /// A person said that it counts, though it does not fit.
    Accepted,
    /// Too large a step to be true; not counted until accepted.
    Quarantined,
    /// Corrected by a person.
    Corrected,
    /// The newest, or the last of the period.
    End,
}

impl Reading {
    /// Whether the register goes on from where it stood before.
    pub const fn is_left_out(self) -> bool {
        matches!(self, Self::Outlier | Self::Rejected)
    }
}

/// What hangs below a meter, with its balance over the period.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildrenPage {
    /// The period and its site.
    pub shown: PeriodContext,
    /// The balance; none where nothing hangs below.
    pub node: Option<Chosen>,
    /// The same in the period before, when that is compared with.
    pub node_before: Option<Chosen>,
}
