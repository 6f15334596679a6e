//! What a series of quarter-hours costs.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use super::{Direction, Netting, Quarter, Terms, demand};
use crate::figures::unsigned_zero;
use crate::sites::minor_digits;

/// What a line charges for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum LineKind {
    /// The fixed charge per month; its quantity is months.
    FixedPerMonth,
    /// The fixed charge per day; its quantity is days.
    FixedPerDay,
    /// Energy drawn, by the energy line at this place; its quantity is kWh.
    Import {
        /// Place of the line in the tariff.
        line: usize,
    },
    /// Energy delivered: a credit, so its amount is negative.
    Export {
        /// Place of the line in the tariff.
        line: usize,
    },
    /// The highest demand of a month; its quantity is kW.
    Demand {
        /// First day of the month.
        month: NaiveDate,
    },
    /// Tax on what versions of one rate charge; its quantity is the amount that is taxed.
    Tax,
}

/// A line of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChargeLine {
    /// What it is for.
    #[serde(flatten)]
    pub kind: LineKind,
    /// How much of it.
    pub quantity: Decimal,
    /// For one of it; per cent for a tax.
    pub price: Decimal,
    /// What is to be paid, rounded half to even to the currency's minor unit.
    pub amount: Decimal,
}

/// What is charged before tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// What for.
    pub lines: Vec<ChargeLine>,
    /// The sum of the lines; negative where credits are more.
    pub total: Decimal,
    /// kWh drawn that no line of the tariff prices.
    pub unpriced_import: Decimal,
    /// kWh delivered that no line of the tariff prices.
    pub unpriced_export: Decimal,
}

/// Prices the days of `period` by one version of a tariff, without tax: that is on the sum of all
/// versions ([`taxes`]).
///
/// `quarters` stand in order of time and should be those of the whole months that the period touches:
/// what lies outside the period fills blocks, sets demand and is netted, but is not charged.
pub fn charge(
    terms: &Terms,
    currency: &str,
    period: &Range<NaiveDate>,
    quarters: &[Quarter],
) -> Charge {
    let digits = minor_digits(currency);
    let line = |kind, quantity: Decimal, price: Decimal, sign: Decimal| ChargeLine {
        kind,
        quantity,
        price,
        amount: round(sign * quantity * price, digits),
    };
    let (plus, minus) = (Decimal::ONE, Decimal::NEGATIVE_ONE);
    let shares = months(period);
    let of_month = shares.values().map(|days| days.of(terms.fixed_per_month)).sum();
    let mut lines = vec![
        ChargeLine {
            kind: LineKind::FixedPerMonth,
            quantity: shares.values().map(|days| days.of(plus)).sum(),
            price: terms.fixed_per_month,
            amount: round(of_month, digits),
        },
        line(LineKind::FixedPerDay, days(period).into(), terms.fixed_per_day, plus),
    ];
    let priced = priced(terms, period, quarters);
    for (place, kwh) in priced.by_line {
        let energy = &terms.energy[place];
        lines.push(match energy.direction {
            Direction::Import => line(LineKind::Import { line: place }, kwh, energy.price, plus),
            Direction::Export => line(LineKind::Export { line: place }, kwh, energy.price, minus),
        });
    }
    for (month, days) in &shares {
        let Some(kw) = demand::highest(*month, quarters, terms.demand_interval) else { continue };
        let kind = LineKind::Demand { month: *month };
        let amount = round(days.of(kw * terms.demand_per_kw), digits);
        lines.push(ChargeLine { kind, quantity: kw, price: terms.demand_per_kw, amount });
    }
    lines.retain(|line| !line.price.is_zero() && !line.quantity.is_zero());
    Charge {
        total: lines.iter().map(|line| line.amount).sum(),
        lines,
        unpriced_import: priced.unpriced_import,
        unpriced_export: priced.unpriced_export,
    }
}

/// Tax on what versions of a tariff charge less what they credit, each given with its rate in per
/// cent: one line for each rate, of its sum, rounded once and never below zero.
pub fn taxes(
    charged: impl IntoIterator<Item = (Decimal, Decimal)>,
    currency: &str,
) -> Vec<ChargeLine> {
    let mut by_rate: BTreeMap<Decimal, Decimal> = BTreeMap::new();
    for (rate, amount) in charged {
        *by_rate.entry(rate.normalize()).or_default() += amount;
    }
    by_rate.retain(|rate, amount| !rate.is_zero() && *amount > Decimal::ZERO);
    let line = |(price, quantity): (Decimal, Decimal)| ChargeLine {
        kind: LineKind::Tax,
        quantity,
        price,
        amount: round(quantity * price / Decimal::ONE_HUNDRED, minor_digits(currency)),
    };
    by_rate.into_iter().map(line).collect()
}

/// An amount as it is paid: half to even, to so many digits; nothing has no sign.
pub(crate) fn round(amount: Decimal, digits: u32) -> Decimal {
    let mut rounded = amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(digits);
    unsigned_zero(rounded)
}

fn days(period: &Range<NaiveDate>) -> i64 {
    (period.end - period.start).num_days().max(0)
}

/// Some days of a month.
#[derive(Clone, Copy)]
struct Days {
    count: i64,
    of: u8,
}

impl Days {
    /// Their part of what a whole month costs. Divided last: a thirtieth has no end, and half a cent would
    /// fall short of itself.
    fn of(self, whole: Decimal) -> Decimal {
        whole * Decimal::from(self.count) / Decimal::from(self.of)
    }
}

/// The months of a period by their first day, each with the days of it that lie in the period.
fn months(period: &Range<NaiveDate>) -> BTreeMap<NaiveDate, Days> {
    let mut counted: BTreeMap<NaiveDate, Days> = BTreeMap::new();
    for day in period.start.iter_days().take_while(|day| *day < period.end) {
        let first = day.with_day(1).unwrap_or(day);
        counted.entry(first).or_insert(Days { count: 0, of: first.num_days_in_month() }).count += 1;
    }
    counted
}

/// Energy by the place of the line that prices it.
#[derive(Default)]
struct Priced {
    by_line: BTreeMap<usize, Decimal>,
    unpriced_import: Decimal,
    unpriced_export: Decimal,
}

fn priced(terms: &Terms, period: &Range<NaiveDate>, quarters: &[Quarter]) -> Priced {
    let mut priced = Priced::default();
    metered(terms, period, quarters, |part| match (part.line, part.direction) {
        (Some(place), _) => *priced.by_line.entry(place).or_default() += part.kwh,
        (None, Direction::Import) => priced.unpriced_import += part.kwh,
        (None, Direction::Export) => priced.unpriced_export += part.kwh,
    });
    priced
}

/// Energy of a quarter-hour, or a part of it, with the line that prices it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which of the quarter-hours.
    pub quarter: usize,
    /// Which way.
    pub direction: Direction,
    /// Place of the line in the tariff; none where no line prices it.
    pub line: Option<usize>,
    /// kWh.
    pub kwh: Decimal,
}

/// Which line prices what of each quarter-hour: what [`charge`] adds up.
pub fn parts(terms: &Terms, period: &Range<NaiveDate>, quarters: &[Quarter]) -> Vec<Part> {
    let mut parts = Vec::new();
    metered(terms, period, quarters, |part| parts.push(part));
    parts
}

/// Nets the quarter-hours where the terms say so, splits the energy of each at the bounds of blocks,
/// counted by month and direction, and hands out what lies in the period.
fn metered(
    terms: &Terms,
    period: &Range<NaiveDate>,
    quarters: &[Quarter],
    mut each: impl FnMut(Part),
) {
    let left = (terms.netting == Netting::Month).then(|| netted(quarters));
    let mut month = None;
    let (mut import, mut export) = (Decimal::ZERO, Decimal::ZERO);
    for (place, quarter) in left.as_deref().unwrap_or(quarters).iter().enumerate() {
        if month.replace(quarter.month()) != Some(quarter.month()) {
            (import, export) = (Decimal::ZERO, Decimal::ZERO);
        }
        let moment = terms.moment(quarter.start);
        let charged = period.contains(&quarter.start.date());
        let directions = [
            (Direction::Import, &mut import, quarter.import),
            (Direction::Export, &mut export, quarter.export),
        ];
        for (direction, so_far, energy) in directions {
            let end = *so_far + energy;
            while *so_far < end {
                let bound = terms.next_bound(direction, *so_far).map_or(end, |b| b.min(end));
                if charged {
                    let line = terms.line_at(moment, direction, *so_far).map(|(line, _)| line);
                    each(Part { quarter: place, direction, line, kwh: bound - *so_far });
                }
                *so_far = bound;
            }
        }
    }
}

/// Sets each month's export against its import. What is left of either is spread over the
/// quarter-hours in the proportion in which they had it.
fn netted(quarters: &[Quarter]) -> Vec<Quarter> {
    let mut left = Vec::with_capacity(quarters.len());
    for month in quarters.chunk_by(|a, b| a.month() == b.month()) {
        let import: Decimal = month.iter().map(|quarter| quarter.import).sum();
        let export: Decimal = month.iter().map(|quarter| quarter.export).sum();
        let of_import = Share::new(import, import - export);
        let of_export = Share::new(export, export - import);
        let mut shares = (of_import, of_export);
        left.extend(month.iter().map(|quarter| Quarter {
            import: shares.0.of(quarter.import),
            export: shares.1.of(quarter.export),
            ..*quarter
        }));
    }
    left
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
