//! Failing scenarios made small.

use second_opinion::scenario::Scenario;
use second_opinion::shrink;

use crate::compare::Difference;
use crate::play::Ground;

/// Tries played at once.
const TRIES: usize = 24;

/// One failing scenario for each figure that differs, the shortest.
pub(crate) fn one_of_each(failed: Vec<(Scenario, Vec<Difference>)>) -> Vec<(Scenario, Difference)> {
    let mut each: Vec<(Scenario, Difference)> = Vec::new();
    let mut failed = failed;
    failed.sort_by_key(|(scenario, _)| scenario.events.len());
    for (scenario, differences) in failed {
        let Some(first) = differences.into_iter().next() else { continue };
        if each.iter().all(|(_, known)| known.figure != first.figure) {
            each.push((scenario, first));
        }
    }
    each
}

/// The smallest scenario that was found to differ in the same figure, with its differences.
pub(crate) async fn smallest(
    ground: &Ground,
    scenario: Scenario,
    difference: Difference,
) -> (Scenario, Vec<Difference>) {
    let mut best = (scenario, vec![difference.clone()]);
    let mut parts = 4;
    loop {
        let tries = shrink::smaller(&best.0, parts);
        let mut found = None;
        for tries in tries.chunks(TRIES) {
            let differences = ground.differences(tries).await;
            let same = |all: &Vec<Difference>| all.iter().any(|d| d.figure == difference.figure);
            if let Some(place) = differences.iter().position(same) {
                found = Some((tries[place].clone(), differences[place].clone()));
                break;
            }
        }
        match found {
            Some(smaller) => best = smaller,
            None if parts >= best.0.events.len() => return best,
            None => parts = (parts * 4).min(best.0.events.len()),
        }
    }
}
