//! The page of all meters.

use serde::{Deserialize, Serialize};

use super::Sparkline;
use crate::MeterId;
use crate::balance::Verdict;
use crate::live::Snapshot;

/// The page of all meters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetersPage {
    /// What is live.
    pub snapshot: Snapshot,
    /// Power of each meter over the last 24 hours.
    pub power_lines: Vec<Sparkline>,
    /// What each meter counted in the period, in no order.
    pub counted: Vec<Counted>,
    /// The name of the period over its column, such as `Today` or `9 to 15 Nov`.
    pub period: String,
}

/// What a meter counted in the period of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// The meter.
    pub meter: MeterId,
    /// Its energy in kWh; none where nothing is known.
    pub kwh: Option<f64>,
    /// Litres of a generator.
    pub litres: Option<f64>,
    /// Carbon in kg: of the grid and of diesel, negative where solar energy avoided it.
    pub carbon_kg: Option<f64>,
    /// Share of the period backed by readings, 0 to 1.
    pub coverage: f64,
    /// Its loss where meters hang below it.
    pub loss: Option<CountedLoss>,
}

/// The loss of a node in the period of the page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CountedLoss {
    /// kWh; none where a meter that is needed is unknown.
    pub kwh: Option<f64>,
    /// The same as a percentage of what went in.
    pub percent: Option<f64>,
    /// What it says.
    pub verdict: Verdict,
    /// Whether it is a large part of all losses.
    pub is_major: bool,
}
