//! Doubts about a draft, for somebody to look at before it is issued.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Bill, Inputs};
use crate::message::{Message, messages};

messages! {
    /// A doubt about a draft.
    pub enum Doubt in "bill_doubt" {
        Unpriced { kwh: Decimal, from: String } =>
            "{kwh} kWh have no price, the first from {from} on: add a price to the tariff, 0 where \
             nothing is charged or paid",
        Coverage { percent: String } =>
            "only {percent} % of the month is covered by readings: enter the missing ones",
        Estimated { kwh: String } =>
            "{kwh} kWh lie in gaps between readings or rest on an estimated reading: enter an actual reading if you \
             have one",
        NoImportPrice { kwh: Decimal } =>
            "{kwh} kWh of import are not on this bill: the tariff has no import price",
        NoHolidays { tariff: String, year: i32 } =>
            "{tariff} lists holidays, and none of {year}: enter those of the year",
        Question => "1 reading waits for a decision and does not count",
        Questions { count: usize } =>
            "{count} readings wait for a decision and do not count",
        TariffEnds { tariff: String, on: NaiveDate } =>
            "{tariff} ends, and nothing prices energy from {on} on: enter its next version",
    }
}

/// The page on which a doubt can be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SettledOn {
    /// The tariffs of the site.
    Tariffs,
    /// The readings of the meter.
    Readings,
    /// The decisions of people about readings of the meter.
    Corrections,
}

/// A doubt about a draft, and where it can be settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Concern {
    #[serde(flatten)]
    pub doubt: Message,
    pub settled_on: SettledOn,
}

impl From<Doubt> for Concern {
    fn from(doubt: Doubt) -> Self {
        let settled_on = match doubt {
            Doubt::Unpriced { .. }
            | Doubt::NoImportPrice { .. }
            | Doubt::NoHolidays { .. }
            | Doubt::TariffEnds { .. } => SettledOn::Tariffs,
            Doubt::Coverage { .. } | Doubt::Estimated { .. } => SettledOn::Readings,
            Doubt::Question | Doubt::Questions { .. } => SettledOn::Corrections,
        };
        Self { doubt: doubt.into(), settled_on }
    }
}

/// Facts about a draft besides its inputs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// Readings of the month that wait for a decision.
    pub questions: usize,
    /// The tariff after whose last version nothing prices energy, and from when on.
    pub tariff_ends: Option<(String, NaiveDate)>,
}

impl Beside {
    /// The doubts about a draft; `needed` is the share of a month that readings must back.
    pub fn concerns(&self, inputs: &Inputs, bill: &Bill, needed: f64) -> Vec<Concern> {
        let unpriced = bill.unpriced.first().map(|first| Doubt::Unpriced {
            kwh: bill.unpriced.iter().map(|time| time.kwh).sum(),
            from: first.from.format("%Y-%m-%d %H:%M").to_string(),
        });
        let coverage = (inputs.coverage < needed)
            .then(|| Doubt::Coverage { percent: format!("{:.1}", inputs.coverage * 100.0) });
        let no_import_price = (bill.unpriced.is_empty() && !bill.unpriced_import.is_zero())
            .then(|| Doubt::NoImportPrice { kwh: bill.unpriced_import.normalize() });
        let no_holidays = inputs.pieces.iter().find_map(|piece| {
            let year = piece.from.year();
            let holidays = &piece.terms.holidays;
            let lacks = !holidays.is_empty() && holidays.iter().all(|day| day.year() != year);
            lacks.then(|| Doubt::NoHolidays { tariff: piece.name.clone(), year })
        });
        // A gap within the month ends with a reading, so that its kWh are in this bill whenever they flowed.
        let last = inputs.series.iter().rev().map(|point| point.estimated);
        let estimated = last.take_while(|kwh| *kwh > 0.0).sum::<f64>().max(inputs.estimated);
        let estimated =
            (estimated >= 0.05).then(|| Doubt::Estimated { kwh: format!("{estimated:.1}") });
        let questions = match self.questions {
            0 => None,
            1 => Some(Doubt::Question),
            count => Some(Doubt::Questions { count }),
        };
        let ends = self.tariff_ends.clone();
        let ends = ends.map(|(tariff, on)| Doubt::TariffEnds { tariff, on });
        let doubts = [unpriced, no_import_price, no_holidays, coverage, estimated, questions, ends];
        doubts.into_iter().flatten().map(Concern::from).collect()
    }
}
