//! What a month costs.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Timelike as _, Utc, Weekday};
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

use crate::exact::{Exact, exact, ratio};
use crate::generate::next_month;
use crate::model::carbon::midnight;
use crate::model::flow::flow;
use crate::model::truth::Metered;
use crate::scenario::{Line, Tariff};

/// What a month costs, and why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bill {
    /// Drawn, kWh.
    pub consumed: Exact,
    /// Delivered, kWh.
    pub produced: Exact,
    /// What is to be paid before it is rounded, in cents, line by line; a credit is negative.
    pub lines: Vec<Exact>,
    /// Whether demand is charged where it is a matter of taste which demand is known.
    pub is_of_taste: bool,
}

impl Bill {
    /// What is to be paid, in cents, each line rounded half to even; none where one lies within a
    /// millionth of a half cent of where it would be rounded otherwise, or is a matter of taste.
    pub fn due(&self) -> Option<i64> {
        if self.is_of_taste { None } else { self.lines.iter().map(cents).sum() }
    }
}

/// Rounded half to even; none within a millionth of a half cent of a half.
pub(super) fn cents(amount: &Exact) -> Option<i64> {
    let down = amount.floor();
    let rest = amount - &down;
    let half = ratio(1, 2);
    let near = (&rest - &half).abs() < ratio(1, 2_000_000);
    if near && !amount.is_zero() {
        return None;
    }
    let rounded = if rest > half { down + ratio(1, 1) } else { down };
    rounded.to_integer().to_i64()
}

/// The bill of a meter for the month that begins on a day, at the versions of its tariff.
pub fn of_month(
    metered: &Metered,
    tariffs: &[Tariff],
    zone: chrono_tz::Tz,
    first: NaiveDate,
) -> Bill {
    let end = next_month(first);
    let (from, to) = (midnight(zone, first), midnight(zone, end));
    let energy = quarters(metered, from, to);
    let demand = |minutes| highest(&energy, minutes, zone);
    let sum = |of: fn(&Quarter) -> &Exact| energy.iter().map(of).sum::<Exact>();
    let (import, export) = (sum(|quarter| &quarter.import), sum(|quarter| &quarter.export));
    // A bill counts milliwatt-hours.
    let (consumed, produced) = (milliwatt_hours(&import), milliwatt_hours(&export));
    let mut bill = Bill { consumed, produced, lines: Vec::new(), is_of_taste: false };
    let mut taxes: Vec<(i64, Exact)> = Vec::new();
    for (place, tariff) in tariffs.iter().enumerate() {
        let begins = date(&tariff.from).max(first);
        let ends = tariffs.get(place + 1).map_or(end, |next| date(&next.from).min(end));
        if begins >= ends {
            continue;
        }
        let (used, fed) = if tariff.is_netted {
            let less = |a: &Exact, b: &Exact| if a > b { a - b } else { Exact::zero() };
            (less(&bill.consumed, &bill.produced), less(&bill.produced, &bill.consumed))
        } else {
            (bill.consumed.clone(), bill.produced.clone())
        };
        let charged_of = energy.iter().map(|quarter| Quarter {
            at: quarter.at,
            import: scaled(&quarter.import, &used, &import),
            export: scaled(&quarter.export, &fed, &export),
        });
        let charged_of: Vec<Quarter> = charged_of.collect();
        let mut lines = charged(tariff, (begins, ends), (first, end), &charged_of, zone);
        let of_month = ratio((ends - begins).num_days(), (end - first).num_days());
        let per_kw = ratio(tariff.demand_cents, 1);
        bill.is_of_taste |= tariff.demand_cents > 0 && metered.is_restless;
        lines.push(demand(tariff.demand_minutes) * per_kw * of_month);
        let rounded: Exact = lines.iter().map(round).sum();
        match taxes.iter_mut().find(|(percent, _)| *percent == tariff.tax_percent) {
            Some((_, sum)) => *sum += rounded,
            None => taxes.push((tariff.tax_percent, rounded)),
        }
        bill.lines.extend(lines);
    }
    for (percent, sum) in taxes {
        if sum.is_positive() {
            bill.lines.push(sum * ratio(percent, 100));
        }
    }
    bill
}

/// What passed in a quarter-hour, kWh.
#[derive(Debug, Clone)]
struct Quarter {
    at: DateTime<Utc>,
    import: Exact,
    export: Exact,
}

fn milliwatt_hours(kwh: &Exact) -> Exact {
    let million = ratio(1_000_000, 1);
    (kwh * &million).round() / million
}

/// A part of all, where the whole is another.
fn scaled(part: &Exact, whole: &Exact, all: &Exact) -> Exact {
    if all.is_zero() { Exact::zero() } else { part * whole / all }
}

/// The highest mean power of an interval of so many minutes of the clock, kW.
fn highest(energy: &[Quarter], minutes: u32, zone: chrono_tz::Tz) -> Exact {
    let mut of_interval: BTreeMap<DateTime<Utc>, Exact> = BTreeMap::new();
    for quarter in energy {
        let into = quarter.at.with_timezone(&zone).minute() % minutes;
        let start = quarter.at - TimeDelta::minutes(into.into());
        *of_interval.entry(start).or_default() += &quarter.import;
    }
    let highest = of_interval.into_values().max().unwrap_or_default();
    highest * ratio(60, minutes.into())
}

fn round(amount: &Exact) -> Exact {
    // Where that is not certain, the whole bill is not.
    cents(amount).map_or_else(Exact::zero, |cents| ratio(cents, 1))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

/// The quarter-hours of a month with what passed in them.
fn quarters(metered: &Metered, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Quarter> {
    let mut quarters = Vec::new();
    let mut at = from;
    while at < to {
        let next = at + TimeDelta::minutes(15);
        if let Some(flow) = flow(metered, (at, next)) {
            quarters.push(Quarter { at, import: flow.import, export: flow.export });
        }
        at = next;
    }
    quarters
}

/// What the days of a version are charged, in cents, line by line.
fn charged(
    tariff: &Tariff,
    (begins, ends): (NaiveDate, NaiveDate),
    (first, end): (NaiveDate, NaiveDate),
    energy: &[Quarter],
    zone: chrono_tz::Tz,
) -> Vec<Exact> {
    let days = (ends - begins).num_days();
    let of_month = ratio(days, (end - first).num_days());
    let mut lines =
        vec![ratio(tariff.month_cents, 1) * of_month, ratio(tariff.day_cents * days, 1)];
    let mut kwh: Vec<Exact> = vec![Exact::zero(); tariff.lines.len()];
    let (mut drawn, mut delivered) = (Exact::zero(), Exact::zero());
    for Quarter { at, import, export } in energy {
        let local = at.with_timezone(&zone).naive_local();
        let is_charged = (begins..ends).contains(&local.date());
        for (is_export, so_far, passed) in
            [(false, &mut drawn, import), (true, &mut delivered, export)]
        {
            let after = &*so_far + passed;
            for (place, line) in tariff.lines.iter().enumerate() {
                if line.is_export == is_export && is_charged && wins(tariff, place, local) {
                    kwh[place] += in_block(line, so_far, &after);
                }
            }
            *so_far = after;
        }
    }
    for (line, kwh) in tariff.lines.iter().zip(kwh) {
        let sign = if line.is_export { -1 } else { 1 };
        lines.push(kwh * ratio(sign * line.price_mills, 10));
    }
    lines
}

/// What of the energy between two states of the month's count lies in a line's block.
fn in_block(line: &Line, from: &Exact, to: &Exact) -> Exact {
    let Some((low, high)) = line.block else { return to - from };
    let low = exact(low as f64);
    let begin = if *from > low { from.clone() } else { low };
    let end = match high.map(|high| exact(high as f64)) {
        Some(high) if high < *to => high,
        _ => to.clone(),
    };
    if end > begin { end - begin } else { Exact::zero() }
}

/// Whether a line holds then, and none that is more specific does: times of day come before days.
pub(super) fn wins(tariff: &Tariff, place: usize, local: chrono::NaiveDateTime) -> bool {
    let line = &tariff.lines[place];
    let rank = |line: &Line| (line.times.is_some(), line.weekend.is_some());
    let beaten = tariff.lines.iter().any(|other| {
        other.is_export == line.is_export && rank(other) > rank(line) && holds(other, local)
    });
    holds(line, local) && !beaten
}

fn holds(line: &Line, local: chrono::NaiveDateTime) -> bool {
    let quarter = local.hour() * 4 + local.minute() / 15;
    let in_time = line.times.is_none_or(|(from, to)| {
        // A time that ends before it begins lies across midnight.
        if from < to { (from..to).contains(&quarter) } else { quarter >= from || quarter < to }
    });
    let is_weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
    in_time && line.weekend.is_none_or(|weekend| weekend == is_weekend)
}
