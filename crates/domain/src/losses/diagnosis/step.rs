//! Lasting steps of a node's loss.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::losses::finding::Finding;

/// Quarter-hours on each side that make a step lasting.
const LASTING: usize = 4;
/// Share of the variance of the loss that a step must explain.
const EXPLAINED: f64 = 0.6;

/// The loss rose or fell at an instant and stayed so, as when a load begins that no meter sees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// When it stepped.
    pub at: DateTime<Utc>,
    /// By how much, kW; below zero where the loss fell.
    pub power_kw: f64,
}

impl Step {
    /// As people read it, with the time as the site's clock shows it, such as `06:30`.
    pub fn finding(&self, at: String) -> Finding {
        let power = format!("{:.1}", self.power_kw.abs());
        if self.power_kw < 0.0 { Finding::Fell { power, at } } else { Finding::Rose { power, at } }
    }
}

/// The step that explains most of a loss's changes: time, loss and error in kW by quarter-hour.
pub fn of(losses: &[(DateTime<Utc>, f64, f64)]) -> Option<Step> {
    let mean = |part: &[(DateTime<Utc>, f64, f64)]| {
        part.iter().map(|(_, kw, _)| kw).sum::<f64>() / part.len() as f64
    };
    let squares = |part: &[(DateTime<Utc>, f64, f64)]| {
        let mean = mean(part);
        part.iter().map(|(_, kw, _)| (kw - mean).powi(2)).sum::<f64>()
    };
    let splits = LASTING..(losses.len() + 1).saturating_sub(LASTING);
    let left = |i: usize| squares(&losses[..i]) + squares(&losses[i..]);
    let at = splits.min_by(|&a, &b| left(a).total_cmp(&left(b)))?;
    let (before, after) = losses.split_at(at);
    let power_kw = mean(after) - mean(before);
    let error = losses.iter().map(|(_, _, error)| error).sum::<f64>() / losses.len() as f64;
    let clear = power_kw.abs() > 2.0 * error && left(at) < (1.0 - EXPLAINED) * squares(losses);
    clear.then(|| Step { at: after[0].0, power_kw })
}
