//! What a meter is billed for a month.
//!
//! [`bill`] is a pure function of [`Inputs`]: what was metered, the versions of the tariff that hold in
//! the month, and the settled trades. The rules, in the order in which they are applied:
//!
//! - The energy of a month is the sum of its intervals, to the milliwatt-hour.
//! - A consumer pays the grid for what it consumed less what it bought from neighbours, and them for
//!   that. A prosumer is also credited with what it produced less what it sold, and earns from that.
//! - Trades state no hour of delivery, so bought energy leaves every interval of the month in the same
//!   proportion, and sold energy likewise: the mix of times of day stays as it was metered. Demand is
//!   taken of what the meter drew, whoever sold it.
//! - The month is cut where other terms begin, and each piece is priced by itself
//!   ([`charge`](crate::bills::tariff::charge)): its own netting and demand, monthly charges by days, and blocks whose
//!   bounds are its days' share of the month's, unless they go on from version to version.
//! - Tax is on what the grid charges, or on that less what it credits; never on trades: one sum for each rate.
//! - What an earlier month was billed too much or too little for, as an actual reading has shown since, is a
//!   line of its own: a difference of two bills, which have their tax in them.
//! - Every line is rounded half to even to the currency's minor unit; the bill is the sum of its lines.
//!
//! Where no price asks for the time of day, days stand in for quarter-hours ([`Terms::needs_quarters`]
//! tells): the same rules give the same bill from a hundredth of the rows.
//!
//! [`Terms::needs_quarters`]: crate::bills::tariff::Terms::needs_quarters

mod address;
mod compute;
mod concern;
mod correction;
mod credit;
mod estimate;
mod explain;
mod grid;
mod left_out;
mod names;
mod party;
mod priced;
pub mod refusal;
mod rule;
mod run;
pub mod settlement;
mod summary;
pub mod tariff;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use address::BillAddress;
pub use compute::bill;
pub use concern::{Beside, Concern, Doubt, SettledOn};
pub use correction::Correction;
pub use credit::{credit_note, taken_back};
pub use estimate::{GapQuarter, Guessed, estimated};
pub use explain::{LineInterval, intervals};
pub use grid::month_kwh;
pub use left_out::LeftOut;
pub use names::{DayName, LineName, MonthName, Narrowing};
pub use party::Party;
pub use priced::Unpriced;
pub use rule::LineRule;
pub use run::{LeftOutMeter, Run, RunDetail, RunId, RunState};
pub use summary::{BillState, BillSummary, BilledNow};

use crate::bills::settlement::Settled;
use crate::bills::tariff::{MonthShare, TariffId, Terms};
use crate::month::Month;
use crate::stored::{stored, words};
use crate::{MeterId, Quality};

words!(
    /// Whether a meter is billed as one that only draws energy.
    Side {
        /// It draws energy.
        Consumer = "consumer",
        /// It draws and delivers energy.
        Prosumer = "prosumer",
    }
);

/// Days of a month that are priced by the same terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    /// The version, the first of those that follow each other with the same terms; none where the
    /// site's flat price holds, or none at all.
    pub id: Option<TariffId>,
    /// Its name.
    pub name: String,
    /// First day on which the version holds, on the site's clock.
    pub valid_from: Option<NaiveDate>,
    /// The first day priced by it.
    pub from: NaiveDate,
    /// The first day after.
    pub to: NaiveDate,
    /// Its terms; the bounds of their blocks are those of its days.
    pub terms: Terms,
    /// The days that the bounds of its blocks are for, where they are a part of the month's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<MonthShare>,
}

impl Piece {
    /// Adds days to those of a month. Where the same tariff goes on with the same terms, they belong to
    /// the piece before: into how many versions it was written says nothing of what is to be paid.
    pub fn join(pieces: &mut Vec<Self>, next: Self) {
        match pieces.last_mut() {
            Some(last)
                if last.to == next.from && last.name == next.name && last.terms == next.terms =>
            {
                last.to = next.to;
            }
            _ => pieces.push(next),
        }
    }
}

/// What was metered in a day or a quarter-hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// When it begins, on the site's clock.
    pub start: NaiveDateTime,
    /// Drawn, kWh.
    pub import: f64,
    /// Delivered, kWh.
    pub export: f64,
    /// Share of it backed by readings, 0 to 1.
    pub coverage: f64,
    /// kWh of both whose place is a guess.
    pub estimated: f64,
}

/// What a bill is computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inputs {
    pub meter: MeterId,
    pub month: Month,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// As what it is billed.
    pub side: Side,
    /// The days of the month on which the meter was there, by what prices them, in order. Of a running
    /// month, its days so far.
    pub pieces: Vec<Piece>,
    /// Dates of the month that the site's clock leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<NaiveDate>,
    /// What was metered, in order of time: quarter-hours where the tariff asks for them, else days.
    pub series: Vec<Point>,
    /// Share of the time of these days that is backed by readings, 0 to 1; of a running month, of its
    /// time so far.
    pub coverage: f64,
    /// kWh, drawn and delivered, that gaps carry across a change of price, the end of a demand interval
    /// or an end of the month: which side of it they belong to is a guess.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub estimated: f64,
    /// Trades of the meter in the month, settled.
    pub trades: Vec<Settled>,
    /// Corrections of bills of earlier months, by month.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
}

stored!(json Inputs);

fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Inputs {
    /// Whether every day has a tariff or a price.
    pub fn has_price(&self) -> bool {
        self.pieces.iter().all(|piece| piece.id.is_some() || !piece.terms.energy.is_empty())
    }
}

/// A bill, or the draft of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    /// As what the meter is billed.
    pub side: Side,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// kWh drawn.
    pub consumed: Decimal,
    /// kWh delivered; 0 for a consumer.
    pub produced: Decimal,
    /// kWh bought from neighbours, as settled.
    pub bought: Decimal,
    /// kWh sold to neighbours, as settled.
    pub sold: Decimal,
    /// kWh that were agreed and do not count.
    pub unsettled: Decimal,
    /// kWh charged by the grid: consumed less bought.
    pub grid_used: Decimal,
    /// kWh credited by the grid: produced less sold.
    pub grid_exported: Decimal,
    /// What a kWh from the grid costs; under several prices the month's average.
    pub grid_rate: Decimal,
    /// What a kWh into the grid earns; under several prices the month's average.
    pub grid_credit_rate: Decimal,
    /// Paid to neighbours.
    pub p2p_cost: Decimal,
    /// Earned from neighbours.
    pub p2p_earning: Decimal,
    /// What is charged and credited; their amounts add up to `amountDue`.
    pub lines: Vec<BillLine>,
    /// To be paid; a refund where negative.
    pub amount_due: Decimal,
    /// kWh from the grid that no line of the tariff prices.
    pub unpriced_import: Decimal,
    /// kWh into the grid that no line of the tariff prices.
    pub unpriced_export: Decimal,
    /// When a tariff lacks a price, of the directions that it prices at other times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpriced: Vec<Unpriced>,
    /// Share of the month's time, or of the part of it in which the meter was there, that is backed by
    /// readings, 0 to 1.
    pub coverage: f64,
    /// kWh, drawn and delivered, that gaps carry across a change of price, the end of a demand interval
    /// or an end of the month. What a gap carries otherwise is exact.
    pub estimated_kwh: f64,
    /// The days by what prices them.
    pub pieces: Vec<Piece>,
    /// Trades of the meter in the month, in the order in which they count.
    pub trades: Vec<BillTrade>,
    /// Corrections of bills of earlier months, whose estimates an actual reading has settled since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
}

stored!(json Bill);

/// A line of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BillLine {
    /// What it is for.
    #[serde(flatten)]
    pub kind: BillLineKind,
    /// In words, such as `Consumption, 16:00 to 21:00, Monday to Friday`; part by part [`Bill::name_of`] has it.
    pub name: String,
    /// Place of the bill's piece that it belongs to, a tax to the first that has its rate; none for trades and
    /// corrections.
    pub piece: Option<usize>,
    /// How much of it.
    pub quantity: Decimal,
    /// Of what: `kWh`, `kW`, `days`, `months`, or the currency.
    pub unit: String,
    /// For one of it; per cent for a tax. Of trades and corrections, the average.
    pub price: Decimal,
    /// To be paid, rounded half to even to the currency's minor unit; negative for a credit.
    pub amount: Decimal,
}

/// What a line of a bill is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum BillLineKind {
    /// Energy from the grid, by the energy line at this place of the tariff.
    Import {
        /// Place of the line in the tariff.
        line: usize,
    },
    /// Energy into the grid, by the energy line at this place of the tariff.
    Export {
        /// Place of the line in the tariff.
        line: usize,
    },
    /// The fixed charge per month.
    FixedPerMonth,
    /// The fixed charge per day.
    FixedPerDay,
    /// The month's highest demand.
    Demand,
    /// Tax on what `taxOn` says.
    Tax,
    /// Energy from neighbours.
    Bought,
    /// Energy to neighbours.
    Sold,
    /// A correction of the bill of an earlier month.
    Correction {
        /// The earlier month.
        month: Month,
    },
}

/// What the quantity of a line is stated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineUnit {
    /// Energy.
    Kwh,
    /// Power.
    Kw,
    Days,
    Months,
    /// The currency of the bill.
    Money,
}

impl BillLineKind {
    /// What its quantity is stated in.
    pub const fn unit(self) -> LineUnit {
        match self {
            Self::Import { .. }
            | Self::Export { .. }
            | Self::Bought
            | Self::Sold
            | Self::Correction { .. } => LineUnit::Kwh,
            Self::FixedPerMonth => LineUnit::Months,
            Self::FixedPerDay => LineUnit::Days,
            Self::Demand => LineUnit::Kw,
            Self::Tax => LineUnit::Money,
        }
    }
}

/// A trade as a bill shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BillTrade {
    /// Its UUID.
    pub id: String,
    /// When it was agreed.
    pub timestamp: DateTime<Utc>,
    /// Whether the meter bought; else it sold.
    pub bought: bool,
    /// The other meter.
    pub with: MeterId,
    /// kWh agreed.
    pub agreed: Decimal,
    /// kWh that count.
    pub settled: Decimal,
    /// For one kWh.
    pub price: Decimal,
    /// What it comes to, unrounded: positive if bought, negative if sold.
    pub amount: Decimal,
}

/// Who lets a bill be issued although too little of its month is backed by readings, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Who, by name.
    pub who: String,
    /// Why.
    pub reason: String,
}

stored!(json Override);

/// A quarter-hour as it was metered, to be explained; a day, where quarter-hours are not kept any more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuarterHour {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// The same on the site's clock, with what was metered.
    pub point: Point,
    /// The worst quality of its readings.
    pub quality: Quality,
}
