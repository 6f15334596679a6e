//! The page of all bills of a month.

pub mod bill;
pub mod my_energy;
pub mod trades;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::bills::view::bill::BilledMeter;
use crate::bills::{RunDetail, Side};
use crate::month::Month;
use crate::sites::Site;

/// The page of all bills of a month.
#[derive(Debug, Clone, PartialEq)]
pub struct BillsPage {
    pub site: Site,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    pub month: Month,
    /// Meters that can be billed, with their bills, in order of their numbers; issued ones, credit
    /// notes and drafts each have a row.
    pub rows: Vec<BillRow>,
    /// The newest run over the month.
    pub run: Option<RunDetail>,
    /// Bills with less coverage, 0 to 1, are not issued without a named override.
    pub least_coverage: f64,
}

/// A bill in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct BillRow {
    /// What the address of its page calls it.
    pub id: String,
    /// Its number; none of a draft.
    pub number: Option<String>,
    /// Where it stands.
    pub state: RowState,
    /// Whose it is.
    pub meter: BilledMeter,
    /// What it says; none where it was not computed yet.
    pub figures: Option<RowFigures>,
}

/// Where a bill of the list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Not computed yet.
    None,
    /// Follows the data.
    Draft,
    /// Never changes.
    Issued,
    /// Issued, and what it rests on has changed since.
    Stale,
    /// Issued, and taken back.
    Credited,
    /// Takes back another.
    CreditNote,
}

/// What a bill of the list says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowFigures {
    /// As what the meter is billed.
    pub side: Side,
    /// kWh drawn.
    pub consumed: Decimal,
    /// kWh delivered.
    pub produced: Decimal,
    /// Share of the month that is backed by readings, 0 to 1.
    pub coverage: f64,
    /// To be paid; a refund where negative.
    pub amount: Decimal,
}
