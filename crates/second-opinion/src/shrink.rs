//! A failing scenario made small: events leave it while it still fails.

use crate::scenario::{Event, Scenario};

/// Smaller scenarios to try next, the smallest first: each lacks one of `parts` pieces of the events, or
/// one window, or the last meter where nothing speaks of it.
pub fn smaller(scenario: &Scenario, parts: usize) -> Vec<Scenario> {
    let events = &scenario.events;
    let length = events.len().div_ceil(parts).max(1);
    let without = |start: usize| {
        let end = (start + length).min(events.len());
        let kept = [&events[..start], &events[end..]].concat();
        Scenario { events: kept, ..scenario.clone() }
    };
    let mut tries: Vec<Scenario> = (0..events.len()).step_by(length).map(without).collect();
    if scenario.windows.len() > 1 {
        tries.extend((0..scenario.windows.len()).map(|place| {
            let mut windows = scenario.windows.clone();
            windows.remove(place);
            Scenario { windows, ..scenario.clone() }
        }));
    }
    tries.extend(without_last_meter(scenario));
    tries
}

fn without_last_meter(scenario: &Scenario) -> Option<Scenario> {
    let last = scenario.meters.len().checked_sub(1).filter(|last| *last > 0)?;
    let mut smaller = scenario.clone();
    smaller.meters.pop();
    smaller.events.retain(|event| !speaks_of(event, last));
    Some(smaller)
}

fn speaks_of(event: &Event, place: usize) -> bool {
    match event {
        Event::Reading(reading) => reading.meter == place,
        Event::Exchange { meter, .. }
        | Event::Correct { meter, .. }
        | Event::Decide { meter, .. }
        | Event::Rule { meter, .. } => *meter == place,
        Event::Move { meter, parent, .. } => *meter == place || *parent == Some(place),
        Event::Settle | Event::Factor { .. } => false,
    }
}
