//! What holds at the end of a scenario.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::Signed as _;

use crate::exact::{Exact, exact};
use crate::model::flow::GAP;
use crate::model::register::{Decided, Exchange, Kind, Limits, Point, Step, points};
use crate::scenario::{Column, Event, Meter, Reading, Rule, Scenario};

/// Where a meter hangs since when.
pub type Place = (Option<DateTime<Utc>>, Option<usize>);

/// Everything that holds of one meter.
#[derive(Debug, Clone)]
pub struct Metered {
    /// How it is set up, with the rules that hold at last.
    pub meter: Meter,
    /// Where it hung, in order of time.
    pub places: Vec<Place>,
    /// Steps of the register that holds its import.
    pub import: Vec<Step>,
    /// Steps of its export register.
    pub export: Vec<Step>,
    /// Litres that it says it burnt.
    pub litres: Vec<Point>,
    /// A silence longer than this is a gap: three times as long as it usually is between the newest of
    /// its readings, and at least a quarter-hour.
    pub gap: TimeDelta,
    /// The least that this is by how often it was read for a while: from when to when that is held to be so
    /// is a matter of taste.
    pub least_gap: TimeDelta,
    /// Whether its longest silence is a gap by that.
    pub is_restless: bool,
    /// The first and the last believed reading of the register that holds its import.
    pub known: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The last reading of its export register, where that ever rose: of what it delivered later nobody
    /// knows yet.
    pub export_read: Option<ExportRead>,
}

/// When an export register was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportRead {
    /// The last reading.
    pub at: DateTime<Utc>,
    /// Whether it is certain that this one tells, and not the one before: it did not fall there, and the
    /// register rose without anything special.
    pub is_certain: bool,
}

impl Metered {
    /// The meter above it just before an instant.
    pub fn parent_before(&self, at: DateTime<Utc>) -> Option<usize> {
        let held = self.places.iter().rev().find(|(since, _)| since.is_none_or(|since| since < at));
        held.and_then(|(_, parent)| *parent)
    }
}

/// What holds at the end of a scenario, whatever the order in which it was heard of.
#[derive(Debug, Clone)]
pub struct Truth {
    pub meters: Vec<Metered>,
    /// Emission factors: kind, first day, value.
    pub factors: Vec<(&'static str, String, f64)>,
    /// Price per kWh.
    pub price: Option<String>,
}

impl Truth {
    /// Of a whole scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let meters = (0..scenario.meters.len()).map(|place| metered(scenario, place)).collect();
        let mut factors: Vec<_> = scenario
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Factor { kind, value, from } => Some((*kind, from.clone(), *value)),
                _ => None,
            })
            .collect();
        factors.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        Self { meters, factors, price: scenario.price.clone() }
    }
}

fn metered(scenario: &Scenario, place: usize) -> Metered {
    let mut meter = scenario.meters[place].clone();
    let mut places: Vec<Place> = vec![(None, meter.parent)];
    let mut entered: Vec<(DateTime<Utc>, Exact, Exact, Option<Column>)> = Vec::new();
    let mut rows: BTreeMap<DateTime<Utc>, Reading> = BTreeMap::new();
    let mut corrections = Vec::new();
    let mut stated = None;
    let mut decided = Vec::new();
    for (told, event) in scenario.events.iter().enumerate() {
        match event {
            Event::Decide { meter, at, accept } if *meter == place => {
                // What waited when all of it was worked through last: nobody saw what came of it since.
                let seen = &scenario.events[..told];
                let settled = seen.iter().rposition(|event| *event == Event::Settle);
                let events = seen[..settled.unwrap_or(told)].to_vec();
                let known = metered(&Scenario { events, ..scenario.clone() }, place);
                let waits = |step: &&Step| step.to == *at && step.kind == Kind::Quarantined;
                let figures = known.import.iter().find(waits).and_then(|step| step.figures.clone());
                decided.extend(figures.map(|figures| Decided {
                    at: *at,
                    figures,
                    accept: *accept,
                }));
            }
            // Of two readings of one instant the first stays.
            Event::Reading(reading) if reading.meter == place => {
                rows.entry(reading.at).or_insert(*reading);
            }
            Event::Exchange { meter, at, old, new, undone: false } if *meter == place => {
                entered.push((*at, exact(*old), exact(*new), stated));
            }
            Event::Correct { meter, at, column, value, undone: false } if *meter == place => {
                corrections.push((*at, *column, *value));
            }
            Event::Move { meter, parent, from } if *meter == place => {
                places.push((Some(*from), *parent));
            }
            Event::Rule { meter: of, rule } if *of == place => match rule {
                Rule::Rated(rated) => meter.rated_kw = *rated,
                Rule::Modulus(modulus) => meter.modulus_kwh = *modulus,
                Rule::Class(class) => meter.class = *class,
                Rule::Register(register) => stated = *register,
            },
            _ => {}
        }
    }
    correct(&mut rows, corrections);
    places.sort_by_key(|(since, _)| *since);
    entered.sort_by_key(|(at, ..)| *at);
    // The register that holds the import is the first seen of import and total.
    let first = rows.values().find(|row| row.import.is_some() || row.total.is_some());
    let is_import = |stated: Option<Column>| match stated {
        Some(column) => column == Column::Import,
        None => first.is_some_and(|row| row.import.is_some()),
    };
    let by_import = is_import(stated);
    // An exchange has the figures of the register that held the import when it was entered.
    let exchanges = entered.into_iter().map(|(at, old, new, stated)| {
        let told = (is_import(stated) == by_import).then_some((old, new));
        Exchange { at, told }
    });
    let exchanges = exchanges.collect();
    let read = |of: &dyn Fn(&Reading) -> Option<f64>| {
        points(rows.values().filter_map(|row| Some((row.at, of(row)?))))
    };
    let limits = Limits {
        rated: meter.rated_kw.map(exact),
        step: meter.step_kwh.map(exact).unwrap_or_default(),
        learned: meter.learned || meter.step_kwh.is_none(),
        modulus: meter.modulus_kwh.map(exact),
        net: meter.net,
        exchanges,
        power: read(&|row| row.power),
        decided,
    };
    let column = |row: &Reading| if by_import { row.import } else { row.total };
    let import = read(&column);
    let limits = if limits.learned {
        Limits { step: limits.smallest_rise(&import), ..limits }
    } else {
        limits
    };
    let export = read(&|row| row.export);
    let litres = read(&|row| row.litres);
    let known = import.first().zip(import.last()).map(|(first, last)| (first.0, last.0));
    // Of the export register an exchange says nothing.
    let untold = |exchange: &Exchange| Exchange { told: None, ..*exchange };
    let exchanges = limits.exchanges.iter().map(untold).collect();
    let (power, decided) = (Vec::new(), Vec::new());
    let plain = Limits { net: false, exchanges, power, decided, ..limits.clone() };
    let export_steps = plain.steps(&export);
    let times: Vec<_> = rows.keys().copied().collect();
    let least_gap = least_gap(&times);
    Metered {
        gap: usual_gap(&times),
        is_restless: longest(&times) > least_gap,
        least_gap,
        litres,
        import: limits.steps(&import),
        export_read: export_read(&export, &export_steps, &plain.exchanges).filter(|_| !meter.net),
        export: export_steps,
        meter,
        places,
        known,
    }
}

/// By the readings of an export register and its steps. After an exchange, of which nothing is said of this
/// register, it is another one: whether that is awaited is a matter of taste before it rises as well.
fn export_read(points: &[Point], steps: &[Step], exchanges: &[Exchange]) -> Option<ExportRead> {
    let rose = |step: &&Step| step.kwh.is_positive();
    let at = points.last().filter(|_| steps.iter().any(|step| rose(&step)))?.0;
    let exchanged = exchanges.iter().map(|exchange| exchange.at).max();
    let is_of_now = |at: DateTime<Utc>| exchanged.is_none_or(|exchanged| exchanged < at);
    let is_ordinary = |step: &Step| step.kind == Kind::Moved && rose(&step) && is_of_now(step.from);
    let is_believed = steps.last().is_none_or(|last| last.kind != Kind::Quarantined);
    let is_certain = is_believed && is_of_now(at) && steps.iter().any(is_ordinary);
    Some(ExportRead { at, is_certain })
}

/// Puts other values in the place of those that were read.
fn correct(
    rows: &mut BTreeMap<DateTime<Utc>, Reading>,
    corrections: Vec<(DateTime<Utc>, Column, Option<f64>)>,
) {
    for (at, column, value) in corrections {
        let Some(row) = rows.get_mut(&at) else { continue };
        match column {
            Column::Total => row.total = value,
            Column::Import => row.import = value,
            Column::Export => row.export = value,
        }
    }
}

/// Three times the median of the times between the newest 289 readings, at least a quarter-hour.
fn usual_gap(times: &[DateTime<Utc>]) -> TimeDelta {
    let newest = &times[times.len().saturating_sub(289)..];
    let mut between: Vec<TimeDelta> = newest.windows(2).map(|pair| pair[1] - pair[0]).collect();
    between.sort_unstable();
    // Two say nothing.
    let median = between.get(between.len() / 2).filter(|_| between.len() > 2);
    median.map_or(GAP, |median| GAP.max(*median * 3))
}

/// Three times the least median of eight times between readings that follow each other, where that is less
/// than the usual gap.
fn least_gap(times: &[DateTime<Utc>]) -> TimeDelta {
    let between: Vec<TimeDelta> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let median = |eight: &[TimeDelta]| {
        let mut eight = eight.to_vec();
        eight.sort_unstable();
        eight[eight.len() / 2 - 1]
    };
    let all = between.windows(8).map(|eight| GAP.max(median(eight) * 3));
    all.fold(usual_gap(times), TimeDelta::min)
}

fn longest(times: &[DateTime<Utc>]) -> TimeDelta {
    times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}
