//! What a series of quarter-hours costs.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::{Direction, Netting, Quarter, TaxOn, Terms, demand};
use crate::bills::BillLineKind;
use crate::figures::unsigned_zero;
use crate::month::Month;
use crate::sites::minor_digits;

/// A line of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeLine {
    pub kind: BillLineKind,
    /// How much of it.
    pub quantity: Decimal,
    /// For one of it; per cent for a tax.
    pub price: Decimal,
    /// What is to be paid, rounded half to even to the currency's minor unit.
    pub amount: Decimal,
}

/// What is charged before tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    pub lines: Vec<ChargeLine>,
    /// The sum of the lines that are taxed, whichever of them are.
    pub taxed: Decimal,
}

/// Some days of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonthShare {
    pub days: usize,
    /// The days of the whole month.
    pub of: usize,
}

impl MonthShare {
    /// The share of dates of one month; `left_out` are dates that the clock leaves out, which are no days.
    pub fn of(dates: &Range<NaiveDate>, left_out: &[NaiveDate]) -> Self {
        let count = |dates: &Range<NaiveDate>| {
            let dates = dates.start.iter_days().take_while(|day| *day < dates.end);
            dates.filter(|day| !left_out.contains(day)).count()
        };
        Self { days: count(dates), of: count(&Month::of(dates.start).days()) }
    }
}

/// Prices days of a month by one version of a tariff, without tax: that is on the sum of all versions ([`taxes`]).
/// `quarters` are those of the days, `parts` what the lines price of them ([`parts`]).
pub fn charge(
    terms: &Terms,
    currency: &str,
    share: MonthShare,
    quarters: &[Quarter],
    parts: &[Part],
) -> Charge {
    let digits = minor_digits(currency);
    let line = |kind, quantity: Decimal, price: Decimal, sign: Decimal| ChargeLine {
        kind,
        quantity,
        price,
        amount: round(sign * quantity * price, digits),
    };
    // Divided last: a thirtieth has no end, and half a cent would fall short of itself.
    let (count, of) = (Decimal::from(share.days), Decimal::from(share.of));
    let share = |whole: Decimal| whole * count / of;
    let (plus, minus) = (Decimal::ONE, Decimal::NEGATIVE_ONE);
    let mut lines = vec![
        ChargeLine {
            kind: BillLineKind::FixedPerMonth,
            quantity: share(plus),
            price: terms.fixed_per_month,
            amount: round(share(terms.fixed_per_month), digits),
        },
        line(BillLineKind::FixedPerDay, count, terms.fixed_per_day, plus),
    ];
    let mut by_line: BTreeMap<usize, Decimal> = BTreeMap::new();
    for part in parts {
        if let Some(place) = part.line {
            *by_line.entry(place).or_default() += part.kwh;
        }
    }
    for (place, kwh) in by_line {
        let energy = &terms.energy[place];
        lines.push(match energy.direction {
            Direction::Import => {
                line(BillLineKind::Import { line: place }, kwh, energy.price, plus)
            }
            Direction::Export => {
                line(BillLineKind::Export { line: place }, kwh, energy.price, minus)
            }
        });
    }
    if let Some(kw) = demand::highest(quarters, terms.demand_interval) {
        let amount = round(share(kw * terms.demand_per_kw), digits);
        let (kind, price) = (BillLineKind::Demand, terms.demand_per_kw);
        lines.push(ChargeLine { kind, quantity: kw, price, amount });
    }
    lines.retain(|line| !line.price.is_zero() && !line.quantity.is_zero());
    let is_taxed = |line: &&ChargeLine| {
        terms.tax_on == TaxOn::Balance || !matches!(line.kind, BillLineKind::Export { .. })
    };
    Charge { taxed: lines.iter().filter(is_taxed).map(|line| line.amount).sum(), lines }
}

/// Tax on what versions of a tariff charge: one line for each rate, of its sum, rounded once. On a balance it is never
/// below zero. Each with the place of the first version that it is of.
pub fn taxes<'a>(
    charged: impl IntoIterator<Item = (&'a Terms, Decimal)>,
    currency: &str,
) -> Vec<(usize, ChargeLine)> {
    let mut by_rate: BTreeMap<(Decimal, TaxOn), (usize, Decimal)> = BTreeMap::new();
    for (place, (terms, amount)) in charged.into_iter().enumerate() {
        let rate = (terms.tax_percent.normalize(), terms.tax_on);
        by_rate.entry(rate).or_insert((place, Decimal::ZERO)).1 += amount;
    }
    by_rate.retain(|(rate, on), (_, amount)| {
        let is_due = *on == TaxOn::Supply || *amount > Decimal::ZERO;
        is_due && !rate.is_zero() && !amount.is_zero()
    });
    let line = |((price, _), (place, quantity))| {
        let amount = round(quantity * price / Decimal::ONE_HUNDRED, minor_digits(currency));
        (place, ChargeLine { kind: BillLineKind::Tax, quantity, price, amount })
    };
    by_rate.into_iter().map(line).collect()
}

/// An amount as it is paid: half to even, to so many digits; nothing has no sign.
pub fn round(amount: Decimal, digits: u32) -> Decimal {
    let mut rounded = amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(digits);
    unsigned_zero(rounded)
}

/// Energy of a quarter-hour, or a part of it, with the line that prices it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Place of the quarter-hour.
    pub quarter: usize,
    /// Which way.
    pub direction: Direction,
    /// Place of the line in the tariff; none where no line prices it.
    pub line: Option<usize>,
    pub kwh: Decimal,
}

/// Parts each quarter-hour by the lines that price it. Energy that the terms net is netted, and blocks begin after what was charged
/// `before`: kWh drawn and delivered.
pub fn parts(terms: &Terms, quarters: &[Quarter], before: (Decimal, Decimal)) -> Vec<Part> {
    let left = (terms.netting == Netting::Month).then(|| netted(terms, quarters));
    let (mut import, mut export) = before;
    let mut parts = Vec::new();
    for (place, quarter) in left.as_deref().unwrap_or(quarters).iter().enumerate() {
        let moment = terms.moment(quarter.start);
        let directions = [
            (Direction::Import, &mut import, quarter.import),
            (Direction::Export, &mut export, quarter.export),
        ];
        for (direction, so_far, energy) in directions {
            let end = *so_far + energy;
            while *so_far < end {
                let bound = terms.next_bound(direction, *so_far).map_or(end, |b| b.min(end));
                let line = terms.line_at(moment, direction, *so_far).map(|(line, _)| line);
                parts.push(Part { quarter: place, direction, line, kwh: bound - *so_far });
                *so_far = bound;
            }
        }
    }
    parts
}

/// Sets export against import.
fn netted(terms: &Terms, quarters: &[Quarter]) -> Vec<Quarter> {
    let (charged, credited) = terms.left(passed(quarters));
    spread(quarters, charged, credited)
}

/// The energy that quarter-hours drew and delivered together.
fn passed(quarters: &[Quarter]) -> (Decimal, Decimal) {
    let sum = |of: fn(&Quarter) -> Decimal| quarters.iter().map(of).sum();
    (sum(|quarter| quarter.import), sum(|quarter| quarter.export))
}

/// The quarter-hours with so much energy drawn and delivered together: each keeps its share.
pub(crate) fn spread(quarters: &[Quarter], drawn: Decimal, delivered: Decimal) -> Vec<Quarter> {
    let (import, export) = passed(quarters);
    let (mut of_import, mut of_export) = (Share::new(import, drawn), Share::new(export, delivered));
    let left = |quarter: &Quarter| Quarter {
        import: of_import.of(quarter.import),
        export: of_export.of(quarter.export),
        ..*quarter
    };
    quarters.iter().map(left).collect()
}

/// Hands out a part of a total piece by piece, so that the pieces add up to it exactly.
pub(crate) struct Share {
    total: Decimal,
    part: Decimal,
    seen: Decimal,
    given: Decimal,
}

impl Share {
    pub(crate) fn new(total: Decimal, part: Decimal) -> Self {
        let zero = Decimal::ZERO;
        Self { total, part: part.max(zero), seen: zero, given: zero }
    }

    pub(crate) fn of(&mut self, piece: Decimal) -> Decimal {
        self.seen += piece;
        let up_to_here = if self.seen == self.total {
            self.part
        } else {
            (self.seen / self.total * self.part).round_dp(super::KWH_DIGITS)
        };
        let now = up_to_here - self.given;
        self.given = up_to_here;
        now
    }
}
