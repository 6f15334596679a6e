//! A month of sparse readings of two houses, and what they pay for it.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::{Kind, Range};
use crate::model::carbon::midnight;
use crate::scenario::{ALL_DAYS, Event, Line, Meter, Reading, Scenario, Tariff};

/// Zones and months that are interesting in them.
const MONTHS: &[(Tz, &str)] = &[
    (Tz::UTC, "2026-02-01"),
    (Tz::Asia__Kolkata, "2026-04-01"),
    (Tz::Asia__Kathmandu, "2025-12-01"),
    (Tz::Europe__Berlin, "2026-03-01"),
    (Tz::Europe__Berlin, "2025-10-01"),
    (Tz::America__New_York, "2025-11-01"),
];

/// Those with days of 23.5 and 24.5 hours, and such as begin at one o'clock or have two midnights.
const ODD: &[(Tz, &str)] = &[
    (Tz::Australia__Lord_Howe, "2025-10-01"),
    (Tz::Australia__Lord_Howe, "2026-04-01"),
    (Tz::America__Havana, "2026-03-01"),
    (Tz::America__Havana, "2025-11-01"),
];

pub(super) fn scenario(random: &mut StdRng, seed: u64, range: &Range) -> Scenario {
    let is_odd = range.has(Kind::OddClock) && random.random_bool(0.4);
    let months = if is_odd { ODD } else { MONTHS };
    let &(zone, first) = months.choose(random).unwrap_or(&MONTHS[0]);
    let first: NaiveDate = first.parse().unwrap_or_default();
    let meters = vec![house(random), house(random)];
    let mut events = Vec::new();
    for (place, meter) in meters.iter().enumerate() {
        let export = random.random_bool(0.5);
        events.extend(readings(random, (zone, first), (place, meter), export));
    }
    events.push(Event::Settle);
    let end = next_month(first);
    Scenario {
        seed,
        zone: zone.name().to_owned(),
        price: Some("0.25".to_owned()),
        tariffs: tariffs(random, range, first),
        months: vec![first],
        meters,
        events,
        windows: vec![(midnight(zone, first), midnight(zone, end))],
    }
}

/// The first day of the month after.
pub fn next_month(first: NaiveDate) -> NaiveDate {
    let later = first + TimeDelta::days(31);
    later.with_day(1).unwrap_or(later)
}

fn house(random: &mut StdRng) -> Meter {
    Meter {
        kind: "Household",
        parent: None,
        feeds: false,
        rated_kw: random.random_bool(0.5).then_some(64.0),
        step_kwh: Some(0.125),
        learned: false,
        modulus_kwh: None,
        class: None,
        net: false,
        both: false,
    }
}

/// A few readings a day, some of them at midnight of the site.
fn readings(
    random: &mut StdRng,
    (zone, first): (Tz, NaiveDate),
    (place, meter): (usize, &Meter),
    export: bool,
) -> Vec<Event> {
    let begin = midnight(zone, first) - TimeDelta::hours(7);
    let end = midnight(zone, next_month(first)) + TimeDelta::hours(9);
    let step = meter.step_kwh.unwrap_or(1.0);
    let (mut total, mut exported, mut at) = (4_000_i32, 0, begin);
    let mut events = Vec::new();
    while at < end {
        let reading = Reading {
            export: export.then_some(f64::from(exported) * step),
            ..Reading::total(place, at, f64::from(total) * step)
        };
        events.push(Event::Reading(reading));
        let usual = at + TimeDelta::minutes(random.random_range(180..900));
        let local = usual.with_timezone(&zone).date_naive();
        let midnight = midnight(zone, local);
        let next = if midnight > at && random.random_bool(0.5) { midnight } else { usual };
        // As the load of a house does, it changes, but by no more than what was seen before allows.
        let passed = |pace: i64| i32::try_from((next - at).num_minutes() * pace / 600).unwrap_or(0);
        total += passed(random.random_range(20..60));
        exported += passed(random.random_range(10..30));
        at = next;
    }
    events
}

fn tariffs(random: &mut StdRng, range: &Range, first: NaiveDate) -> Vec<Tariff> {
    let mut starts = vec![first - TimeDelta::days(40)];
    let within = random.random_range(0..=2);
    starts.extend((0..within).map(|_| first + TimeDelta::days(random.random_range(1..28))));
    starts.sort_unstable();
    starts.dedup();
    let taxes = [random.random_range(0..20), random.random_range(20..40)];
    let mut version = |from: &NaiveDate| {
        let lines = lines(random);
        let timed = lines.iter().any(|line| line.times.is_some());
        let tax = if range.has(Kind::TaxedVersions) { random.random_range(0..2) } else { 0 };
        Tariff {
            from: from.to_string(),
            month_cents: random.random_range(0..900),
            day_cents: random.random_range(0..50),
            tax_percent: taxes[tax],
            taxes_balance: (taxes[tax] % 2 == 0) && range.has(Kind::TaxedBalance),
            demand_cents: if random.random_bool(0.4) { random.random_range(1..5000) } else { 0 },
            demand_minutes: *[15, 30, 60].choose(random).unwrap_or(&15),
            is_netted: !timed && random.random_bool(0.3),
            continues: range.has(Kind::Continue) && random.random_bool(0.3),
            holidays: holidays(random, range, first),
            lines,
        }
    };
    starts.iter().map(&mut version).collect()
}

/// Some days of the month from a day on.
fn holidays(random: &mut StdRng, range: &Range, first: NaiveDate) -> Vec<String> {
    let count = if range.has(Kind::Holiday) { random.random_range(0..4) } else { 0 };
    let days = (0..count).map(|_| first + TimeDelta::days(random.random_range(0..28)));
    let days: BTreeSet<NaiveDate> = days.collect();
    days.iter().map(NaiveDate::to_string).collect()
}

/// Prices for every quarter-hour of a year.
fn lines(random: &mut StdRng) -> Vec<Line> {
    let mills = random.random_range(20..400);
    let line = |price_mills| Line {
        is_export: false,
        price_mills,
        block: None,
        times: None,
        days: ALL_DAYS,
    };
    let on = |days, price_mills| Line { days, ..line(price_mills) };
    let credit = Line { is_export: true, ..line(mills / 2) };
    let (evening, morning) = (random.random_range(60..90), random.random_range(10..30));
    let mut lines = match random.random_range(0..6) {
        0 => vec![line(mills)],
        1 => {
            let bound = random.random_range(50..300);
            let block = |from, to, mills| Line { block: Some((from, to)), ..line(mills) };
            vec![block(0, Some(bound), mills), block(bound, None, mills + 55)]
        }
        2 => {
            let times = Some((evening, morning));
            vec![line(mills), Line { times, ..line(mills + 71) }]
        }
        3 => {
            let at = |times, mills| Line { times: Some(times), ..on(&["weekday"], mills) };
            let [night, day] = [(evening, morning), (morning, evening)];
            vec![at(night, mills), at(day, mills + 39), on(&["weekend"], mills / 2)]
        }
        4 => {
            let with_holidays = random.random_bool(0.5);
            let sunday: &[&str] = if with_holidays { &["sunday", "holiday"] } else { &["sunday"] };
            let week = on(&["monday", "tuesday", "wednesday", "thursday", "friday"], mills);
            vec![week, on(&["saturday"], mills + 83), on(sunday, mills / 2)]
        }
        _ => {
            let special = if random.random_bool(0.5) { &["weekend"] } else { &["holiday"] };
            vec![line(mills), on(special, mills / 3)]
        }
    };
    if random.random_bool(0.6) {
        lines.push(credit);
    }
    lines
}

/// Versions of a tariff without blocks, around a day.
pub(super) fn prices(random: &mut StdRng, range: &Range, first: NaiveDate) -> Vec<Tariff> {
    let mut starts = vec![first - TimeDelta::days(40)];
    if random.random_bool(0.5) {
        starts.push(first + TimeDelta::days(1));
    }
    let mut version = |from: &NaiveDate| {
        let mut lines = lines(random);
        lines.retain(|line| line.block.is_none());
        let holidays = holidays(random, range, first);
        Tariff { holidays, ..Tariff::of_energy(from.to_string(), lines) }
    };
    let versions: Vec<Tariff> = starts.iter().map(&mut version).collect();
    versions.into_iter().filter(|tariff| tariff.lines.iter().any(|line| !line.is_export)).collect()
}
