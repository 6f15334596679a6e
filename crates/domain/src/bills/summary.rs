//! A bill in a list.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::Side;
use crate::MeterId;
use crate::month::Month;
use crate::stored::words;

words!(
    /// The state of a bill.
    BillState {
        /// It follows the data.
        Draft = "draft",
        /// It never changes.
        Issued = "issued",
        /// It was issued, and a credit note takes it back.
        Credited = "credited",
        /// It takes another one back.
        CreditNote = "creditNote",
    }
);

/// A bill in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct BillSummary {
    /// Its UUID.
    pub id: Uuid,
    /// Its number; null for a draft.
    pub number: Option<String>,
    /// Its state.
    pub state: BillState,
    /// Id of the meter.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// The month.
    pub month: Month,
    /// As what the meter is billed.
    pub side: Side,
    /// kWh drawn.
    pub consumed: Decimal,
    /// kWh delivered.
    pub produced: Decimal,
    /// To be paid; a refund where negative.
    pub amount_due: Decimal,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// Share of the month that readings back, 0 to 1.
    pub coverage: f64,
    /// kWh whose place is a guess.
    pub estimated_kwh: f64,
    /// When it was computed, on the clock of the site.
    pub generated_at: DateTime<Utc>,
    /// When it was issued, on the clock of the site.
    pub issued_at: Option<DateTime<Utc>>,
    /// Whether what it rests on has changed since it was issued; null in a list of more than 1,000
    /// issued bills, and for drafts and credit notes.
    #[cfg_attr(feature = "sqlx", sqlx(default))]
    pub changed: Option<bool>,
    /// Number of the bill that a credit note takes back.
    pub credits: Option<String>,
    /// Number of the credit note that takes it back.
    pub credited_by: Option<String>,
    /// SHA-256 of what it was computed from.
    #[serde(skip)]
    pub digest: String,
}

/// A month as it would be billed now, beside its issued bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledNow {
    /// SHA-256 of the inputs, as an issued bill has it.
    pub digest: String,
    /// To be paid less what later bills correct, where they do.
    pub due: Option<Decimal>,
}

impl BilledNow {
    /// Whether the issued bill would be another one.
    pub fn differs(&self, issued: &BillSummary) -> bool {
        self.digest != issued.digest && self.due != Some(issued.amount_due)
    }
}
