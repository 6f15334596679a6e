//! The rules that a tariff keeps.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use thiserror::Error;

use super::refusal::TermsRefusal;
use super::times::Moment;
use super::{Direction, EnergyLine, Netting, Terms};

/// A field that a tariff cannot have so.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{message}")]
pub struct Invalid {
    /// Path of the field, such as `energy[2].price`.
    pub field: String,
    /// What is wrong and how to mend it.
    pub message: TermsRefusal,
}

/// Prices stay below this, so that no bill overflows.
const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
/// Digits of a price after the point.
const DIGITS: u32 = 10;

fn invalid(field: impl Into<String>, message: TermsRefusal) -> Invalid {
    Invalid { field: field.into(), message }
}

impl Terms {
    /// Whether the terms keep the rules: every line holds at some time, of no moment and block do two lines of equal
    /// rank speak, and a direction that has a price has one at each moment of a year and in each block.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn check(&self) -> Result<(), Invalid> {
        charge("fixedPerMonth", self.fixed_per_month)?;
        charge("fixedPerDay", self.fixed_per_day)?;
        charge("demandPerKw", self.demand_per_kw)?;
        charge("taxPercent", self.tax_percent)?;
        if self.tax_percent > Decimal::ONE_HUNDRED {
            return Err(invalid("taxPercent", TermsRefusal::Tax));
        }
        for (i, line) in self.energy.iter().enumerate() {
            line.check(i)?;
            if let Some(rival) = self.energy[..i].iter().find(|other| line.rivals(other)) {
                let [one, other] = [rival, line].map(|it| Box::new(it.name()));
                let refusal = TermsRefusal::Rivals { one, other };
                return Err(invalid(format!("energy[{i}]"), refusal));
            }
            if self.netting == Netting::Month && line.rank().0 {
                return Err(invalid(format!("energy[{i}]"), TermsRefusal::NettedTime));
            }
        }
        self.check_whole(Direction::Import)?;
        self.check_whole(Direction::Export)
    }

    /// Whether a direction has a price at each moment of a year and for any amount, or none at all.
    fn check_whole(&self, direction: Direction) -> Result<(), Invalid> {
        if !self.prices(direction) {
            return Ok(());
        }
        let bounds: BTreeSet<Decimal> = self.bounds(direction).chain([Decimal::ZERO]).collect();
        for moment in Moment::all() {
            let has_price = |above: &&Decimal| self.line_at(moment, direction, **above).is_none();
            if let Some(above) = bounds.iter().find(has_price) {
                let line = EnergyLine::at(direction, moment, *above);
                let message = TermsRefusal::Uncovered { what: Box::new(line.name()) };
                return Err(invalid("energy", message));
            }
        }
        Ok(())
    }
}

/// An amount that is charged, which is not negative.
fn charge(field: &str, amount: Decimal) -> Result<(), Invalid> {
    if amount.is_sign_negative() && !amount.is_zero() {
        return Err(invalid(field, TermsRefusal::Negative { price: amount }));
    }
    price(field, amount)
}

fn price(field: &str, price: Decimal) -> Result<(), Invalid> {
    if price.abs() > MOST || price.normalize().scale() > DIGITS {
        let refusal = TermsRefusal::NoPrice { price, most: MOST, digits: DIGITS };
        return Err(invalid(field, refusal));
    }
    Ok(())
}

impl EnergyLine {
    fn check(&self, i: usize) -> Result<(), Invalid> {
        let at = |field: &str| format!("energy[{i}].{field}");
        price(&at("price"), self.price)?;
        if self.to_kwh.is_some_and(|to| to <= self.from_kwh.unwrap_or_default()) {
            return Err(invalid(at("toKwh"), TermsRefusal::EmptyBlock));
        }
        for (field, month) in [("fromMonth", self.from_month), ("toMonth", self.to_month)] {
            if month.is_some_and(|month| !(1..=12).contains(&month)) {
                return Err(invalid(at(field), TermsRefusal::Month));
            }
        }
        if self.from_time.is_some() && self.from_time == self.to_time {
            return Err(invalid(at("toTime"), TermsRefusal::EmptyTime));
        }
        Ok(())
    }

    /// Whether both lines would speak for the same energy with equal right.
    fn rivals(&self, other: &Self) -> bool {
        let from = |line: &Self| line.from_kwh.unwrap_or_default();
        let begins_within = |line: &Self, of: &Self| of.to_kwh.is_none_or(|to| from(line) < to);
        self.direction == other.direction
            && self.rank() == other.rank()
            && self.meets(other)
            && begins_within(self, other)
            && begins_within(other, self)
    }
}
