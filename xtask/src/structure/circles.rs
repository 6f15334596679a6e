//! Files that use each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Module;

/// The shortest circle through each file that is in one, each circle once.
pub(super) fn of(uses: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<Module>> {
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for module in uses.keys() {
        if !seen.contains(module)
            && let Some(circle) = shortest(module, uses)
        {
            seen.extend(circle.iter().cloned());
            circles.push(circle);
        }
    }
    circles
}

/// The files that a file uses, other than those above it in its own folders.
fn used<'a>(
    module: &'a Module,
    uses: &'a BTreeMap<Module, BTreeSet<Module>>,
) -> impl Iterator<Item = &'a Module> {
    let all = uses.get(module).into_iter().flatten();
    all.filter(|used| !module.starts_with(used))
}

/// The way from a file back to it over as few others as there can be.
fn shortest(start: &Module, uses: &BTreeMap<Module, BTreeSet<Module>>) -> Option<Vec<Module>> {
    let mut before: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(module) = next.pop_front() {
        for used in used(module, uses) {
            if used == start {
                let way = std::iter::successors(Some(module), |at| before.get(at).copied());
                let mut circle: Vec<Module> = way.cloned().collect();
                circle.reverse();
                return Some(circle);
            }
            if !before.contains_key(used) {
                before.insert(used, module);
                next.push_back(used);
            }
        }
    }
    None
}
