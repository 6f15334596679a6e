//! What a month costs.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Utc};
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

use crate::exact::{Exact, ratio};
use crate::generate::next_month;
use crate::model::carbon::{count_days, midnight};
use crate::model::flow::flow;
use crate::model::truth::Metered;
use crate::scenario::{ALL_DAYS, Line, Tariff};

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

/// The bill of a meter for the month that begins on a day, at the versions of its tariff: each is a part of
/// its own.
pub fn of_month(
    metered: &Metered,
    tariffs: &[Tariff],
    zone: chrono_tz::Tz,
    first: NaiveDate,
) -> Bill {
    let end = next_month(first);
    let energy = quarters(metered, midnight(zone, first), midnight(zone, end));
    let (import, export) = sums(&energy);
    // A bill counts milliwatt-hours.
    let (consumed, produced) = (milliwatt_hours(&import), milliwatt_hours(&export));
    let energy = scaled(&energy, (&import, &consumed), (&export, &produced));
    let mut bill = Bill { consumed, produced, lines: Vec::new(), is_of_taste: false };
    let mut taxes: Vec<((i64, bool), Exact)> = Vec::new();
    let mut paid = (Exact::zero(), Exact::zero());
    for (place, tariff) in tariffs.iter().enumerate() {
        let begins = date(&tariff.from).max(first);
        let ends = tariffs.get(place + 1).map_or(end, |next| date(&next.from).min(end));
        if begins >= ends {
            continue;
        }
        let part = (midnight(zone, begins), midnight(zone, ends));
        let within = energy.iter().filter(|quarter| part.0 <= quarter.at && quarter.at < part.1);
        let within: Vec<Quarter> = within.cloned().collect();
        let days = count_days(zone, begins, ends);
        let of_month = ratio(days, count_days(zone, first, end));
        let (used, lines) = charged(tariff, &within, (&paid, &of_month), zone);
        paid = (paid.0 + used.0, paid.1 + used.1);
        bill.is_of_taste |= tariff.demand_cents > 0 && metered.is_restless;
        let demand = highest(&within, tariff.demand_minutes, zone);
        let supplied = [
            ratio(tariff.month_cents, 1) * &of_month,
            ratio(tariff.day_cents * days, 1),
            demand * ratio(tariff.demand_cents, 1) * &of_month,
        ];
        let lines: Vec<_> = supplied.map(|line| (false, line)).into_iter().chain(lines).collect();
        let is_taxed = |is_export: bool| tariff.taxes_balance || !is_export;
        let taxed = lines.iter().filter(|(is_export, _)| is_taxed(*is_export));
        let taxed: Exact = taxed.map(|(_, line)| round(line)).sum();
        let tax = (tariff.tax_percent, tariff.taxes_balance);
        match taxes.iter_mut().find(|(of, _)| *of == tax) {
            Some((_, sum)) => *sum += taxed,
            None => taxes.push((tax, taxed)),
        }
        bill.lines.extend(lines.into_iter().map(|(_, line)| line));
    }
    for ((percent, _), sum) in taxes {
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

fn sums(energy: &[Quarter]) -> (Exact, Exact) {
    let sum = |of: fn(&Quarter) -> &Exact| energy.iter().map(of).sum();
    (sum(|quarter| &quarter.import), sum(|quarter| &quarter.export))
}

/// Quarter-hours whose import and export are in all another amount, in proportion.
fn scaled(energy: &[Quarter], import: (&Exact, &Exact), export: (&Exact, &Exact)) -> Vec<Quarter> {
    let scale = |part: &Exact, (all, whole): (&Exact, &Exact)| {
        if all.is_zero() { Exact::zero() } else { part * whole / all }
    };
    let scaled = energy.iter().map(|quarter| Quarter {
        at: quarter.at,
        import: scale(&quarter.import, import),
        export: scale(&quarter.export, export),
    });
    scaled.collect()
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

/// The charge of the energy of a part of a month: the kWh that are charged for, and in cents line by line, with
/// whether it is export.
fn charged(
    tariff: &Tariff,
    energy: &[Quarter],
    (paid, of_month): (&(Exact, Exact), &Exact),
    zone: chrono_tz::Tz,
) -> ((Exact, Exact), Vec<(bool, Exact)>) {
    let (import, export) = sums(energy);
    let (used, fed) = if tariff.is_netted {
        let less = |a: &Exact, b: &Exact| if a > b { a - b } else { Exact::zero() };
        (less(&import, &export), less(&export, &import))
    } else {
        (import.clone(), export.clone())
    };
    let energy = scaled(energy, (&import, &used), (&export, &fed));
    // Blocks begin anew with their days' share of the bounds, or go on with those of a whole month.
    let ((mut drawn, mut delivered), bounds) = if tariff.continues {
        (paid.clone(), ratio(1, 1))
    } else {
        ((Exact::zero(), Exact::zero()), of_month.clone())
    };
    let mut kwh: Vec<Exact> = vec![Exact::zero(); tariff.lines.len()];
    for Quarter { at, import, export } in &energy {
        let local = at.with_timezone(&zone).naive_local();
        for (is_export, so_far, passed) in
            [(false, &mut drawn, import), (true, &mut delivered, export)]
        {
            let after = &*so_far + passed;
            for (place, line) in tariff.lines.iter().enumerate() {
                if line.is_export == is_export && wins(tariff, place, local) {
                    kwh[place] += in_block(line, &bounds, (so_far, &after));
                }
            }
            *so_far = after;
        }
    }
    let lines = tariff.lines.iter().zip(kwh).map(|(line, kwh)| {
        let sign = if line.is_export { -1 } else { 1 };
        (line.is_export, kwh * ratio(sign * line.price_mills, 10))
    });
    ((used, fed), lines.collect())
}

/// The energy between two states of a count that lies in a line's block, of whose bounds a share holds.
fn in_block(line: &Line, bounds: &Exact, (from, to): (&Exact, &Exact)) -> Exact {
    let Some((low, high)) = line.block else { return to - from };
    let bound = |kwh: i64| ratio(kwh, 1) * bounds;
    let begin = bound(low).max(from.clone());
    let end = high.map_or_else(|| to.clone(), |high| bound(high).min(to.clone()));
    if end > begin { end - begin } else { Exact::zero() }
}

/// Whether a line holds then, and none that comes before it does: of two, one with a time of day before one
/// with days; on a holiday one of a kind of day that comes earlier there.
pub(super) fn wins(tariff: &Tariff, place: usize, local: NaiveDateTime) -> bool {
    let line = &tariff.lines[place];
    let is_holiday = tariff.holidays.contains(&local.date().to_string());
    let day =
        if is_holiday { "holiday" } else { DAYS[local.weekday().num_days_from_monday() as usize] };
    let rank = |line: &Line| {
        let of_holiday = if is_holiday { on_holidays(line.days) } else { 0 };
        (of_holiday, line.times.is_some(), line.days != ALL_DAYS)
    };
    let beaten = tariff.lines.iter().any(|other| {
        other.is_export == line.is_export && rank(other) > rank(line) && holds(other, day, local)
    });
    holds(line, day, local) && !beaten
}

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The place of a line's days among those of which a holiday takes the first that there is: 4 for the first.
fn on_holidays(days: &[&str]) -> u8 {
    match days {
        _ if days.contains(&"holiday") => 4,
        _ if days.contains(&"sunday") => 3,
        ["weekend"] => 2,
        ["all"] => 1,
        _ => 0,
    }
}

fn holds(line: &Line, day: &str, local: NaiveDateTime) -> bool {
    let quarter = local.hour() * 4 + local.minute() / 15;
    let in_time = line.times.is_none_or(|(from, to)| {
        // A time that ends before it begins lies across midnight.
        if from < to { (from..to).contains(&quarter) } else { quarter >= from || quarter < to }
    });
    let is_weekend = ["saturday", "sunday"].contains(&day);
    let on_day = |word: &&str| match *word {
        "all" => true,
        "weekday" => !is_weekend,
        "weekend" => is_weekend,
        word => word == day,
    };
    // On a holiday the kinds of days compete.
    in_time && (day == "holiday" || line.days.iter().any(on_day))
}
