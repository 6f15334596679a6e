//! A bill in the words and fields of `GET /bill`.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::{Bill, LineInterval, Side};
use domain::meters::MeterAddress;
use domain::month::Month;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::BillView;
use super::draft::{of_computed_month, of_month};
use crate::{Core, Error, Principal};

/// A bill of one of two kinds, each with its own fields.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum SourceBill {
    /// Of a meter that only draws energy.
    Consumer(Consumer),
    /// Of one that also delivers energy.
    Prosumer(Prosumer),
}

/// The bill of a consumer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Consumer {
    /// kWh drawn.
    #[serde(rename = "total_consumed_kWh")]
    pub total_consumed_kwh: f64,
    /// kWh bought from neighbours.
    #[serde(rename = "p2p_kWh")]
    pub p2p_kwh: f64,
    /// kWh from the grid.
    #[serde(rename = "grid_units_used_kWh")]
    pub grid_units_used_kwh: f64,
    /// For a kWh from the grid; under several prices the month's average.
    pub grid_rate: f64,
    /// Paid to neighbours.
    pub p2p_cost: f64,
    /// To be paid.
    pub amount_due: f64,
}

/// The bill of a prosumer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Prosumer {
    /// kWh drawn.
    #[serde(rename = "total_consumed_kWh")]
    pub total_consumed_kwh: f64,
    /// kWh delivered.
    #[serde(rename = "total_produced_kWh")]
    pub total_produced_kwh: f64,
    /// kWh sold to neighbours.
    #[serde(rename = "p2p_kWh")]
    pub p2p_kwh: f64,
    /// kWh from the grid.
    #[serde(rename = "grid_units_used_kWh")]
    pub grid_units_used_kwh: f64,
    /// kWh into the grid.
    #[serde(rename = "grid_units_exported_kWh")]
    pub grid_units_exported_kwh: f64,
    /// To be paid; a refund where negative.
    pub amount_due: f64,
}

fn number(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

impl SourceBill {
    fn of(bill: &Bill) -> Self {
        match bill.side {
            Side::Consumer => Self::Consumer(Consumer {
                total_consumed_kwh: number(bill.consumed),
                p2p_kwh: number(bill.bought),
                grid_units_used_kwh: number(bill.grid_used),
                grid_rate: number(bill.grid_rate),
                p2p_cost: number(bill.p2p_cost),
                amount_due: number(bill.amount_due),
            }),
            Side::Prosumer => Self::Prosumer(Prosumer {
                total_consumed_kwh: number(bill.consumed),
                total_produced_kwh: number(bill.produced),
                p2p_kwh: number(bill.sold),
                grid_units_used_kwh: number(bill.grid_used),
                grid_units_exported_kwh: number(bill.grid_exported),
                amount_due: number(bill.amount_due),
            }),
        }
    }
}

/// The fields of a bill, and everything that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Detailed {
    /// The fields that are answered without `detail`.
    #[serde(flatten)]
    pub bill: SourceBill,
    /// Its UUID; null while it was never stored.
    pub id: Option<Uuid>,
    /// Id of the meter.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// The month.
    pub month: Month,
    /// When it was computed, on the clock of the site.
    pub generated_at: DateTime<Utc>,
    /// For a kWh into the grid; under several prices the month's average.
    pub grid_credit_rate: f64,
    /// Earned from neighbours.
    pub p2p_earning: f64,
    /// Of a consumer.
    #[serde(rename = "total_produced_kWh", skip_serializing_if = "Option::is_none")]
    pub total_produced_kwh: Option<f64>,
    /// Of a consumer.
    #[serde(rename = "grid_units_exported_kWh", skip_serializing_if = "Option::is_none")]
    pub grid_units_exported_kwh: Option<f64>,
    /// Of a prosumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid_rate: Option<f64>,
    /// Of a prosumer: paid to neighbours for what it bought itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p2p_cost: Option<f64>,
    /// Lines, tariff versions, trades, coverage and days.
    pub detail: BillView,
    /// The quarter-hours behind each line, in the order of `detail.lines`.
    pub intervals: Vec<Vec<LineInterval>>,
}

/// The bill of a meter's month, with exactly the fields of its kind. None of them says what is covered: a draft
/// whose energy is still being computed is refused.
pub async fn source_bill(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    month: Month,
) -> Result<SourceBill, Error> {
    Ok(SourceBill::of(&of_computed_month(core, who, meter, month).await?.view.bill))
}

/// The same with everything that it rests on.
pub async fn detailed(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    month: Month,
) -> Result<Detailed, Error> {
    let found = of_month(core, who, meter, month).await?;
    let bill = &found.view.bill;
    let prosumer = bill.side == Side::Prosumer;
    let of_consumer = |value: Decimal| (!prosumer).then(|| number(value));
    let of_prosumer = |value: Decimal| prosumer.then(|| number(value));
    let lines = bill.lines.iter();
    Ok(Detailed {
        bill: SourceBill::of(bill),
        id: found.view.id,
        meter_id: found.meter.id,
        meter_number: found.meter.number.clone(),
        month: found.view.month,
        generated_at: found.view.generated_at,
        grid_credit_rate: number(bill.grid_credit_rate),
        p2p_earning: number(bill.p2p_earning),
        total_produced_kwh: of_consumer(bill.produced),
        grid_units_exported_kwh: of_consumer(bill.grid_exported),
        grid_rate: of_prosumer(bill.grid_rate),
        p2p_cost: of_prosumer(bill.p2p_cost),
        intervals: lines.map(|line| found.intervals(line)).collect(),
        detail: found.view,
    })
}
