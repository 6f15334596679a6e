//! Which derived meters are written before which.

use std::collections::HashSet;

use domain::MeterId;
use storage::meters::virtual_meters::Derived;

/// Derived meters in an order in which each comes after those that it is computed from.
pub(super) fn inputs_first(mut derived: Vec<Derived>) -> Vec<Derived> {
    let mut open: HashSet<MeterId> = derived.iter().map(|(meter, _)| *meter).collect();
    let mut ordered = Vec::with_capacity(derived.len());
    while !derived.is_empty() {
        let waits = |(_, versions): &Derived| {
            versions.iter().flat_map(|v| &v.terms).any(|(input, _)| open.contains(input))
        };
        let (rest, ready): (Vec<_>, Vec<_>) = derived.into_iter().partition(waits);
        if ready.is_empty() {
            // Terms that plain SQL closed to a cycle: there is nothing to compute them from.
            break;
        }
        for (meter, _) in &ready {
            open.remove(meter);
        }
        ordered.extend(ready);
        derived = rest;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use storage::meters::virtual_meters::Version;

    use super::*;

    #[test]
    fn what_others_are_computed_from_comes_first_and_cycles_are_left_out() {
        let id = MeterId;
        let always = |terms| vec![Version { from: None, to: None, terms }];
        let derived = vec![
            (id(1), always(vec![(id(2), 1.0), (id(9), 1.0)])),
            (id(2), always(vec![(id(8), 1.0)])),
            (id(3), always(vec![(id(4), 1.0)])),
            (id(4), always(vec![(id(3), 1.0)])),
        ];
        let order: Vec<_> = inputs_first(derived).into_iter().map(|(meter, _)| meter.0).collect();
        assert_eq!(order, [2, 1]);
    }
}
