//! Which transformer takes a request, and why others do not.

use std::sync::Arc;

use domain::grid::feasibility::{
    Candidate, Failure, Feasibility, Nearest, Place, Verdict, hopeless, screen,
};
use domain::grid::refusal::Unfit;
use storage::grid::transformers::Stored;

use super::CheckedRequest;
use super::index::Index;

/// A transformer that was considered, and where it stands.
pub(crate) struct Ranked {
    pub(crate) candidate: Candidate,
    pub(crate) place: Place,
}

/// Transformers that an explanation lists, besides the one that is assigned.
const LISTED: usize = 50;

/// Answers a feasibility check.
pub(super) fn feasibility(index: &Index, asked: &CheckedRequest, explain: bool) -> Feasibility {
    let candidates = explain.then(|| candidates(index, asked));
    match assign(index, asked) {
        None => Feasibility::none(candidates),
        Some((stored, distance_m)) => {
            let voltage = screen(&asked.request, stored.transformer.loading, distance_m);
            let nearest_transformer = nearest(stored, distance_m);
            Feasibility::Feasible { nearest_transformer, voltage, candidates }
        }
    }
}

/// The nearest transformer that takes the request, with its distance in metres.
pub(super) fn assign<'a>(
    index: &'a Index,
    asked: &CheckedRequest,
) -> Option<(&'a Arc<Stored>, f64)> {
    for (stored, distance_m) in index.nearest(asked.request.place, Some(asked.request.need())) {
        let binding = asked.settings.voltage_binding;
        if is_too_far(asked, distance_m) || (binding && hopeless(&asked.request, distance_m)) {
            return None;
        }
        if !binding || failures(asked, stored, distance_m).is_empty() {
            return Some((stored, distance_m));
        }
    }
    None
}

/// Why nothing takes the request: what the nearest transformer fails first.
pub(super) fn reason(index: &Index, asked: &CheckedRequest) -> Unfit {
    let nearest = index.nearest(asked.request.place, None).next();
    let nearest = nearest.filter(|(_, distance_m)| !is_too_far(asked, *distance_m));
    let failure = nearest
        .and_then(|(stored, distance_m)| failures(asked, stored, distance_m).first().copied());
    failure.map_or(Unfit::Nowhere, Failure::reason)
}

/// The transformers that were considered, the nearest first, up to the one that is assigned.
pub(super) fn candidates(index: &Index, asked: &CheckedRequest) -> Vec<Candidate> {
    let mut listed = Vec::new();
    for (stored, distance_m) in index.nearest(asked.request.place, None).take(LISTED) {
        if is_too_far(asked, distance_m) {
            return listed;
        }
        let candidate = candidate(asked, stored, distance_m);
        let assigned = candidate.failures.is_empty();
        listed.push(candidate);
        if assigned {
            return listed;
        }
    }
    let farther = assign(index, asked);
    listed.extend(farther.map(|(stored, distance_m)| candidate(asked, stored, distance_m)));
    listed
}

/// The same with their places, and so many behind the one that is assigned.
pub(super) fn ranked(index: &Index, asked: &CheckedRequest, behind: usize) -> Vec<Ranked> {
    let ranked = |stored: &Stored, distance_m| Ranked {
        candidate: candidate(asked, stored, distance_m),
        place: stored.transformer.place,
    };
    let mut listed: Vec<Ranked> = Vec::new();
    let mut left = None;
    let near = index.nearest(asked.request.place, None).take(LISTED);
    for (stored, distance_m) in near.take_while(|(_, distance_m)| !is_too_far(asked, *distance_m)) {
        if left == Some(0) {
            return listed;
        }
        let next = ranked(stored, distance_m);
        left = match left {
            Some(left) => Some(left - 1),
            None => next.candidate.failures.is_empty().then_some(behind),
        };
        listed.push(next);
    }
    if left.is_none() {
        let farther = assign(index, asked);
        listed.extend(farther.map(|(stored, distance_m)| ranked(stored, distance_m)));
    }
    listed
}

fn is_too_far(asked: &CheckedRequest, distance_m: f64) -> bool {
    asked.settings.distance_limit_m.is_some_and(|limit| distance_m > limit)
}

/// What a transformer fails, in the order in which reasons are given.
fn failures(asked: &CheckedRequest, stored: &Stored, distance_m: f64) -> Vec<Failure> {
    let (need, room) = (asked.request.need(), stored.transformer.loading.room());
    let mut failures = Vec::new();
    if !room.takes_consumption(need) {
        failures.push(Failure::Consumption);
    }
    if !room.takes_production(need) {
        failures.push(Failure::Production);
    }
    if asked.settings.voltage_binding {
        let voltage = screen(&asked.request, stored.transformer.loading, distance_m);
        if voltage.verdict == Verdict::Fail {
            failures.push(Failure::Voltage);
        }
    }
    failures
}

fn nearest(stored: &Stored, distance_meters: f64) -> Nearest {
    let transformer = &stored.transformer;
    Nearest {
        id: transformer.id,
        name: transformer.name.clone(),
        distance_meters,
        spare_consumption_capacity: transformer.loading.spare_consumption(),
        spare_production_capacity: transformer.loading.spare_production(),
    }
}

fn candidate(asked: &CheckedRequest, stored: &Stored, distance_m: f64) -> Candidate {
    let loading = stored.transformer.loading;
    let failures = failures(asked, stored, distance_m);
    Candidate {
        transformer: nearest(stored, distance_m),
        loading,
        consumption_limit_kw: loading.consumption_limit(),
        production_limit_kw: loading.production_limit(),
        requested_consumption_kw: asked.request.consumption.kilo(),
        requested_production_kw: asked.request.production.kilo(),
        reason: failures.first().map(|failure| failure.reason().into()),
        failures,
        voltage: screen(&asked.request, loading, distance_m),
    }
}
