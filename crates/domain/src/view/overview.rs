//! The overview page.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Sparkline;
use crate::live::Snapshot;

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
