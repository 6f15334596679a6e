//! A bill as files: its lines as a table, its usage as Green Button, its shape as a picture.

mod espi;
mod svg;

use domain::bills::{BillAddress, BillLine};
use domain::month::Month;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use schemars::JsonSchema;
use serde::Serialize;

use super::draft::found;
use crate::{Core, Error, Principal};

/// A line of a bill in a table.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineRow {
    /// Number of the bill; null for a draft.
    pub number: Option<String>,
    /// Number of the meter.
    pub meter_number: String,
    /// The month.
    pub month: Month,
    /// What the line is for; `Total` for the sum of the others.
    pub line: String,
    /// How much of it.
    pub quantity: Option<f64>,
    /// Of what.
    pub unit: Option<String>,
    /// For one of it; per cent for a tax.
    pub price: Option<f64>,
    /// To be paid; negative for a credit.
    pub amount: f64,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// Number of the bill that a credit note takes back; null for a bill.
    pub credits: Option<String>,
}

/// The lines of a bill and their sum, as a table.
pub async fn csv(core: &Core, who: &Principal, bill: &BillAddress) -> Result<Vec<LineRow>, Error> {
    let view = found(core, who, bill).await?.view;
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    let row = |line: Option<&BillLine>| LineRow {
        number: view.number.clone(),
        meter_number: view.meter_number.clone(),
        month: view.month,
        line: line.map_or("Total".to_owned(), |line| line.name.clone()),
        quantity: line.map(|line| number(line.quantity)),
        unit: line.map(|line| line.unit.clone()),
        price: line.map(|line| number(line.price)),
        amount: number(line.map_or(view.bill.amount_due, |line| line.amount)),
        currency: view.bill.currency.clone(),
        credits: view.credits.clone(),
    };
    let lines = view.bill.lines.iter().map(Some).chain([None]);
    Ok(lines.map(row).collect())
}

/// The usage behind a bill as Green Button: an Atom feed of the Energy Services Provider Interface
/// (NAESB REQ.21), with its quarter-hours as they stand now.
pub async fn espi(core: &Core, who: &Principal, bill: &BillAddress) -> Result<String, Error> {
    let found = found(core, who, bill).await?;
    let uuid = storage::meters::uuid_of(core.pool(), found.meter.id).await?;
    espi::feed(&found, uuid.unwrap_or_default()).map_err(|cause| {
        tracing::error!(%cause, "a feed could not be written");
        Error::Unavailable
    })
}

/// The days and the average day of a bill as a picture, to be shown and to be printed.
pub async fn svg(core: &Core, who: &Principal, bill: &BillAddress) -> Result<String, Error> {
    let found = found(core, who, bill).await?;
    svg::picture(&found.view).map_err(|cause| {
        tracing::error!(%cause, "a picture could not be drawn");
        Error::Unavailable
    })
}
