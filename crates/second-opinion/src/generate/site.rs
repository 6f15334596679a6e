//! Which meters, and what changes about them.

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::day::Day;
use super::{Kind, Range};
use crate::scenario::{Column, Event, Meter, Reading, Rule};

/// Three to eight meters in a tree.
pub(super) fn meters(random: &mut StdRng, range: &Range) -> Vec<Meter> {
    let count = random.random_range(3..=8);
    let mut meters: Vec<Meter> = Vec::with_capacity(count);
    for place in 0..count {
        let parent = match place {
            0 => None,
            _ => random.random_bool(0.9).then(|| random.random_range(0..place)),
        };
        // Nothing hangs below a generator.
        let parent = parent.map(|above| if meters[above].feeds { 0 } else { above });
        let kind = if place == 0 {
            *["Grid", "Main"].choose(random).unwrap_or(&"Main")
        } else {
            *["Unit", "Machine", "Distribution", "Solar", "DG"].choose(random).unwrap_or(&"Unit")
        };
        let feeds = parent.is_some() && ["Solar", "DG"].contains(&kind) && random.random_bool(0.7);
        let (kind, feeds) = match parent {
            // The grid may come in at several places, of which some stand below another one.
            None if place > 0 => (*["Unit", "Grid"].choose(random).unwrap_or(&"Unit"), feeds),
            Some(_) if kind == "Distribution" && random.random_bool(0.3) => {
                ("Grid", range.has(Kind::Incomer) && random.random_bool(0.5))
            }
            _ => (kind, feeds),
        };
        meters.push(meter(random, range, kind, parent, feeds));
    }
    // Where a generator has children it is none.
    let parents: Vec<usize> = meters.iter().filter_map(|meter| meter.parent).collect();
    for parent in parents {
        if ["Solar", "DG"].contains(&meters[parent].kind) {
            meters[parent].kind = "Distribution";
        }
    }
    meters
}

fn meter(
    random: &mut StdRng,
    range: &Range,
    kind: &'static str,
    parent: Option<usize>,
    feeds: bool,
) -> Meter {
    let step = *[1.0, 0.125, 1.0 / 64.0].choose(random).unwrap_or(&1.0);
    // One that is learned is so fine that no error shows it.
    let learned = range.has(Kind::Learned) && random.random_bool(0.2);
    let step = if learned { 1.0 / 4096.0 } else { step };
    // A source that does not feed and shows a balance would say by no register what it made.
    let is_source = ["Solar", "DG"].contains(&kind) && !feeds;
    let net = range.has(Kind::Net) && !is_source && random.random_bool(0.1);
    // The finest one would wrap several times while it is not read.
    let wraps = range.has(Kind::Rollover) && !net && !learned && random.random_bool(0.25);
    let both = range.has(Kind::Both) && !net && !wraps && random.random_bool(0.15);
    Meter {
        kind,
        parent,
        feeds,
        rated_kw: random.random_bool(0.6).then(|| f64::from(random.random_range(1..=16) * 16)),
        step_kwh: Some(step),
        learned,
        modulus_kwh: wraps.then_some(1_000_000.0 * step),
        class: *[None, Some(0.5), Some(2.0)].choose(random).unwrap_or(&None),
        net,
        both,
    }
}

/// Lets some sources that do not feed deliver, which draw a little by their other register.
pub(super) fn deliver(random: &mut StdRng, range: &Range, meter: &Meter, readings: &mut [Reading]) {
    let is_source = ["Solar", "DG"].contains(&meter.kind) && !meter.feeds && !meter.net;
    if !range.has(Kind::Standby) || !is_source || random.random_bool(0.5) {
        return;
    }
    let mut delivered = 0.0;
    for reading in readings.iter_mut() {
        delivered += f64::from(random.random_range(0..6)) * meter.step_kwh.unwrap_or(1.0);
        reading.export = Some(delivered);
    }
    // One that draws more than it delivers is connected the other way round, and its meter says so.
    let shown = || readings.iter().filter_map(|reading| reading.total.or(reading.import));
    let drawn = shown().fold(0.0, f64::max) - shown().fold(f64::INFINITY, f64::min);
    if delivered < drawn {
        for reading in readings {
            reading.export = None;
        }
    }
}

/// Where a register wraps is stated after the fact at some meters.
pub(super) fn state_late(random: &mut StdRng, range: &Range, meters: &mut [Meter]) -> Vec<Event> {
    let mut events = Vec::new();
    for (meter, of) in meters.iter_mut().enumerate() {
        if range.has(Kind::Rule) && of.modulus_kwh.is_some() && random.random_bool(0.4) {
            events.push(Event::Rule { meter, rule: Rule::Modulus(of.modulus_kwh.take()) });
        }
    }
    events
}

/// What somebody decides about a step of a meter; some strike its reading out after that.
pub(super) fn decision(
    random: &mut StdRng,
    range: &Range,
    meter: usize,
    at: DateTime<Utc>,
) -> Vec<Event> {
    if !range.has(Kind::Decide) || random.random_bool(0.4) {
        return Vec::new();
    }
    let mut events = vec![Event::Decide { meter, at, accept: random.random_bool(0.5) }];
    if range.has(Kind::Correct) && random.random_bool(0.3) {
        let undone = range.has(Kind::Undo) && random.random_bool(0.5);
        events.push(Event::Correct { meter, at, column: Column::Total, value: None, undone });
    }
    events
}

/// What people enter about them.
pub(super) fn changes(
    random: &mut StdRng,
    range: &Range,
    meters: &[Meter],
    readings: &[Reading],
    day: &Day,
) -> Vec<Event> {
    let mut events = Vec::new();
    if range.has(Kind::Correct) && random.random_bool(0.3) {
        events.extend(correction(random, range, readings));
    }
    if range.has(Kind::Move) && random.random_bool(0.3) {
        events.extend(movement(random, meters, day));
    }
    if range.has(Kind::Rule) && random.random_bool(0.3) {
        let meter = random.random_range(0..meters.len());
        let rule = match random.random_range(0..2) {
            _ if meters[meter].both => Rule::Register(Some(Column::Total)),
            0 => Rule::Rated(Some(256.0)),
            _ => Rule::Class(Some(0.2)),
        };
        events.push(Event::Rule { meter, rule });
    }
    if range.has(Kind::Factor) && random.random_bool(0.3) {
        let kind = *["grid", "diesel", "solar", "sfc"].choose(random).unwrap_or(&"grid");
        let value = f64::from(random.random_range(1..100)) / 64.0;
        let from = day.first + TimeDelta::days(random.random_range(-2..3));
        events.push(Event::Factor { kind, value, from: from.to_string() });
    }
    events
}

/// A value between those around it, which changes what lies where and nothing else.
fn correction(random: &mut StdRng, range: &Range, readings: &[Reading]) -> Option<Event> {
    let chosen = readings.choose(random)?;
    let mut own: Vec<&Reading> = readings.iter().filter(|r| r.meter == chosen.meter).collect();
    own.sort_by_key(|reading| reading.at);
    let place = own.iter().position(|reading| reading.at == chosen.at)?;
    let before = own.get(place.checked_sub(1)?)?.total?;
    let after = own.get(place + 1)?.total?;
    let calm = before <= chosen.total? && chosen.total? <= after;
    let undone = range.has(Kind::Undo) && random.random_bool(0.4);
    calm.then_some(Event::Correct {
        meter: chosen.meter,
        at: chosen.at,
        column: Column::Total,
        value: random.random_bool(0.7).then_some(f64::midpoint(before, after)),
        undone,
    })
}

fn movement(random: &mut StdRng, meters: &[Meter], day: &Day) -> Option<Event> {
    let leaves: Vec<usize> = (1..meters.len())
        .filter(|place| meters.iter().all(|meter| meter.parent != Some(*place)))
        .filter(|place| meters[*place].parent.is_some() || meters[*place].kind == "Grid")
        .collect();
    let &meter = leaves.choose(random)?;
    let stands = |of: &Meter| !of.feeds && !["Solar", "DG"].contains(&of.kind);
    let above = |place: &usize| *place != meter && stands(&meters[*place]);
    let parents: Vec<usize> = (0..meters.len()).filter(above).collect();
    let &parent = parents.choose(random)?;
    let changes = meters[meter].parent != Some(parent);
    changes.then(|| Event::Move { meter, parent: Some(parent), from: day.second(random) })
}
