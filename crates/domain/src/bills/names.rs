//! What the lines of a bill are called.

use rust_decimal::Decimal;

use crate::bills::tariff::{Days, DemandInterval, Direction, EnergyLine};

/// Digits after the point of a block's bound: those of a share of a month would fill the line.
const BOUND_DIGITS: u32 = 3;

/// A line of energy in words, such as `Consumption, 16:00 to 21:00, weekdays`.
pub(super) fn energy(line: &EnergyLine) -> String {
    let mut name = match line.direction {
        Direction::Import => "Consumption",
        Direction::Export => "Export credit",
    }
    .to_owned();
    let mut add = |words: &str| {
        name.push_str(", ");
        name.push_str(words);
    };
    if line.from_time.is_some() || line.to_time.is_some() {
        let (from, to) = (line.from_time, line.to_time);
        let from = from.map_or("00:00".to_owned(), String::from);
        add(&format!("{from} to {}", to.map_or("24:00".to_owned(), String::from)));
    }
    match line.days {
        Days::All => {}
        Days::Weekday => add("weekdays"),
        Days::Weekend => add("weekends"),
        Days::Holiday => add("holidays"),
    }
    match (line.from_month, line.to_month) {
        (None, None) => {}
        (from, to) if from == to => add(month(from.unwrap_or(1))),
        (from, to) => add(&format!("{} to {}", month(from.unwrap_or(1)), month(to.unwrap_or(12)))),
    }
    let bound = |kwh: Decimal| kwh.round_dp(BOUND_DIGITS).normalize();
    match (line.from_kwh.filter(|from| !from.is_zero()).map(bound), line.to_kwh.map(bound)) {
        (None, None) => {}
        (None, Some(to)) => add(&format!("up to {to} kWh")),
        (Some(from), None) => add(&format!("above {from} kWh")),
        (Some(from), Some(to)) => add(&format!("{from} to {to} kWh")),
    }
    name
}

/// A line of demand in words.
pub(super) fn demand(interval: DemandInterval) -> &'static str {
    match interval {
        DemandInterval::Quarter => "Demand, highest quarter-hour",
        DemandInterval::Half => "Demand, highest half-hour",
        DemandInterval::Hour => "Demand, highest hour",
    }
}

fn month(number: u8) -> &'static str {
    chrono::Month::try_from(number).map_or("", |month| month.name())
}

/// So many trades, in words.
pub(super) fn trades(what: &str, count: usize) -> String {
    match count {
        1 => format!("{what}, 1 trade"),
        count => format!("{what}, {count} trades"),
    }
}
