//! What a figure was computed from.

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::carbon::Factor;
use domain::energy::register_history::HistorySample;
use domain::energy::window::Bracket;
use domain::meters::Meter;
use schemars::JsonSchema;
use serde::Serialize;

use crate::energy::Counted;

/// What a figure was computed from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explain {
    /// The formula in words and signs.
    pub formula: String,
    /// The meters whose registers it rests on.
    pub readings: Vec<Registers>,
    /// The factors it was counted with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<UsedFactor>,
    /// The price that costs were counted with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff: Option<UsedTariff>,
}

/// Where the registers of a meter stood around the ends of a window.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registers {
    /// The meter.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// The reading at the beginning or before it.
    pub from_before: Option<RegisterReading>,
    /// The reading at the beginning or after it.
    pub from_after: Option<RegisterReading>,
    /// The reading at the end or before it.
    pub to_before: Option<RegisterReading>,
    /// The reading at the end or after it.
    pub to_after: Option<RegisterReading>,
    /// What it counted: import, kWh.
    pub import_kwh: Option<f64>,
    /// What it counted: export, kWh.
    pub export_kwh: Option<f64>,
    /// The part that is real but whose place is a guess, kWh.
    pub uncertain_kwh: f64,
    /// What happened to its registers in the window.
    pub flags: Vec<String>,
}

impl Registers {
    /// Leaves out the readings of times that are not to be seen.
    pub(crate) fn keep(&mut self, is_seen: impl Fn(DateTime<Utc>) -> bool) {
        let all =
            [&mut self.from_before, &mut self.from_after, &mut self.to_before, &mut self.to_after];
        for reading in all {
            *reading = reading.take().filter(|reading| is_seen(reading.timestamp));
        }
    }
}

/// Registers as they were read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterReading {
    /// When.
    pub timestamp: DateTime<Utc>,
    /// Total register, kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_energy_kwh: Option<f64>,
    /// Import register, kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_import_kwh: Option<f64>,
    /// Export register, kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_export_kwh: Option<f64>,
}

/// A factor with its version.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsedFactor {
    /// `grid`, `diesel`, `solar` or `sfc`.
    pub kind: String,
    /// The meter it is for; null for the whole site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter_id: Option<MeterId>,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Where the value comes from.
    pub source: String,
    /// First day it holds, on the site's clock; null for a built-in one.
    pub valid_from: Option<NaiveDate>,
}

/// The price that a cost was counted with.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsedTariff {
    /// The meter whose own tariff it is; absent where it is that of the site at its boundary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter_id: Option<MeterId>,
    /// The tariff's name; null for the price per kWh of the site.
    pub name: Option<String>,
    /// First day of its version, on the site's clock.
    pub valid_from: Option<NaiveDate>,
    /// The price per kWh as a decimal string, where it is one for the whole window; else each
    /// quarter-hour has its own.
    pub price: Option<rust_decimal::Decimal>,
}

impl From<&Factor> for UsedFactor {
    fn from(factor: &Factor) -> Self {
        Self {
            kind: factor.kind.as_str().to_owned(),
            meter_id: factor.meter,
            value: factor.value,
            unit: factor.unit().to_owned(),
            source: factor.source.clone(),
            valid_from: factor.valid_from,
        }
    }
}

impl Registers {
    pub(crate) fn of(meter: &Meter, counted: Option<&Counted>) -> Self {
        let known = counted.and_then(|counted| counted.known);
        let at = |bracket: fn(&Counted) -> Bracket| counted.map(bracket).unwrap_or_default();
        let (start, end) = (at(|counted| counted.start), at(|counted| counted.end));
        Self {
            meter_id: meter.id,
            meter_number: meter.number.clone(),
            from_before: start.before.map(reading),
            from_after: start.after.map(reading),
            to_before: end.before.map(reading),
            to_after: end.after.map(reading),
            import_kwh: known.map(|known| known.energy.import.0),
            export_kwh: known.map(|known| known.energy.export.0),
            uncertain_kwh: known.map_or(0.0, |known| known.energy.uncertain.0),
            flags: counted.map_or_else(Vec::new, |counted| {
                counted.flags.words().map(str::to_owned).collect()
            }),
        }
    }
}

fn reading(sample: HistorySample) -> RegisterReading {
    RegisterReading {
        timestamp: sample.at,
        total_energy_kwh: sample.total_kwh,
        energy_import_kwh: sample.import_kwh,
        energy_export_kwh: sample.export_kwh,
    }
}
