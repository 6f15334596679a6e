//! What the pages are rendered from: the live snapshot and the series behind it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::live::Snapshot;
use crate::{MeterId, Quality};

/// Means of a day's quarter-hours; `None` where nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayProfile {
    /// When the first quarter-hour begins.
    pub start: Option<DateTime<Utc>>,
    /// Mean power in kW per quarter-hour; shorter than a day while it lasts.
    pub quarters: Vec<Option<f64>>,
    /// Quarter-hours whose energy is real but placed by estimate.
    pub estimated: Vec<usize>,
}

/// A small line of the last 24 hours, in quarter-hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sparkline {
    /// The meter.
    pub meter: MeterId,
    /// Mean kW per quarter-hour, oldest first.
    pub points: Vec<Option<f64>>,
}

/// The overview page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OverviewPage {
    /// What is live.
    pub snapshot: Snapshot,
    /// Site input today.
    pub today: DayProfile,
    /// Site input yesterday, the whole day.
    pub yesterday: DayProfile,
    /// Loss of each node over the last 24 hours.
    pub loss_lines: Vec<Sparkline>,
    /// When each diesel generator ran today: first and last instant of each run.
    pub dg_runs: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The page of all meters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetersPage {
    /// What is live.
    pub snapshot: Snapshot,
    /// Power of each meter over the last 24 hours.
    pub power_lines: Vec<Sparkline>,
}

/// One value of a meter's newest reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelValue {
    /// JSON name of the field, such as `voltageL1`.
    pub field: String,
    /// The value.
    pub value: f64,
    /// Its unit; empty for a ratio.
    pub unit: String,
    /// How far it can be trusted.
    pub quality: Quality,
    /// When it was read.
    pub at: DateTime<Utc>,
}

/// One step of a power chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PowerSeries {
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Seconds of a step.
    pub step_seconds: u32,
    /// Steps with readings, in order.
    pub points: Vec<PowerPoint>,
    /// Stretches without readings that are longer than they should be.
    pub gaps: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// How many readings stand behind the points.
    pub readings: u64,
}

/// How a meter is connected, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionCard {
    /// The protocol, such as `Modbus TCP`.
    pub protocol: String,
    /// Where it is reached, such as `192.168.4.21:502 unit 3`.
    pub address: String,
    /// Seconds between polls.
    pub poll_seconds: f64,
}

/// The page of one meter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeterPage {
    /// What is live.
    pub snapshot: Snapshot,
    /// The meter.
    pub id: MeterId,
    /// Accuracy class in per cent.
    pub accuracy_class: Option<f64>,
    /// Rated power in kW.
    pub rated_power_kw: Option<f64>,
    /// Phases, as written.
    pub phase_type: Option<String>,
    /// Where it hangs.
    pub location: Option<String>,
    /// How it is connected; none for one fed by the API or SQL.
    pub connection: Option<ConnectionCard>,
    /// Values of the newest reading, in the order of the fields.
    pub channels: Vec<ChannelValue>,
    /// Power over the last 24 hours.
    pub power: PowerSeries,
    /// Its share of its parent's energy today, per cent.
    pub share_of_parent_percent: Option<f64>,
}
