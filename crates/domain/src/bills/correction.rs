//! Estimates given back: what an earlier month comes to now, less what was billed for it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::grid::month_kwh;
use super::{Bill, is_usual};
use crate::month::Month;
use crate::stored::stored;

/// The difference between the issued bill of an earlier month that rested on estimates and what the month comes
/// to since an actual reading. Tax is in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    /// The earlier month.
    pub month: Month,
    /// Number of its bill.
    pub bill: String,
    /// kWh from the grid that it has more than was billed; less where negative.
    pub import: Decimal,
    /// kWh into the grid that it has more than was billed; less where negative.
    pub export: Decimal,
    /// kWh of the month, drawn and delivered, that are still estimated.
    pub estimated: Decimal,
    /// Amount of the month as it is computed now.
    pub recomputed: Decimal,
    /// Amount of its bill.
    pub billed: Decimal,
    /// Amount that bills issued since have corrected already.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub corrected: Decimal,
}

stored!(json Correction);

impl Correction {
    /// The rest to correct of a month's bill: as the month is computed now, with so many kWh estimated, less the bill
    /// and the corrections that later bills have `given`. None where it comes to the same amount.
    pub fn of(
        (month, number, billed): (Month, &str, &Bill),
        (now, estimated): (&Bill, f64),
        given: &[&Self],
    ) -> Option<Self> {
        let before = |kwh: fn(&Self) -> Decimal| given.iter().map(|one| kwh(one)).sum::<Decimal>();
        let import = now.grid_used - billed.grid_used - before(|one| one.import);
        let export = now.grid_exported - billed.grid_exported - before(|one| one.export);
        let correction = Self {
            month,
            bill: number.to_owned(),
            import: import.normalize(),
            export: export.normalize(),
            estimated: month_kwh(estimated),
            recomputed: now.amount_due,
            billed: billed.amount_due,
            corrected: before(Self::amount),
        };
        (!correction.amount().is_zero()).then_some(correction)
    }

    /// To be paid; given back where negative.
    pub fn amount(&self) -> Decimal {
        self.recomputed - self.billed - self.corrected
    }
}
