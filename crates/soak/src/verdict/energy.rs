//! What the tree says against what the registers rose by.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use super::Rows;
use crate::plan::Meter;
use crate::site::Site;

/// A kilowatt-hour is compared to so much.
const EXACT_KWH: f64 = 1e-6;

/// Meters of which the tree says another energy than their registers.
pub(super) async fn wrong(
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
        let Some(risen) = risen(rows) else {
            wrong.push(format!("S-{} has no reading", meter.0));
            continue;
        };
        let told = meters.get(meter).and_then(|id| energy.get(id)).copied();
        if told.is_none_or(|told| (told - risen).abs() > EXACT_KWH) {
            wrong.push(format!("S-{}: {told:?}, not {risen} kWh", meter.0));
        }
    }
    Ok(wrong)
}

/// What the register of a meter rose by, in kWh; none where nothing is stored.
pub(super) fn risen(rows: &Rows) -> Option<f64> {
    let ((first, _), (last, _)) = (rows.first()?, rows.last()?);
    Some((last - first) as f64 / 1_000.0)
}
