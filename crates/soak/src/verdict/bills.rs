//! What the bill of the month under way says against what the registers rose by.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use super::{Rows, energy};
use crate::plan::Meter;
use crate::site::Site;

/// A bill tells energy to a tenth of a watt-hour.
const EXACT_KWH: f64 = 1e-4;

pub(super) async fn wrong(
    site: &Site,
    meters: &BTreeMap<Meter, i64>,
    stored: &BTreeMap<Meter, Rows>,
) -> Result<Vec<String>> {
    let (mut wrong, month) = (Vec::new(), site.begun.format("%Y-%m"));
    for (meter, id) in meters {
        let path = format!("/bill?meter_id={id}&month={month}&site=default");
        let bill: Value = serde_json::from_str(&site.running()?.text(&path).await?)?;
        let billed = bill["total_consumed_kWh"].as_f64();
        let risen = stored.get(meter).and_then(energy::risen);
        let agree =
            billed.zip(risen).is_some_and(|(billed, risen)| (billed - risen).abs() <= EXACT_KWH);
        if !agree {
            wrong.push(format!("S-{}: {billed:?}, not {risen:?} kWh", meter.0));
        }
    }
    Ok(wrong)
}
