//! The balance of a whole site.

use super::{Balance, Energy, Sum};
use crate::meters::Meter;
use crate::meters::hierarchy::Tree;
use crate::{Kwh, MeterId};

/// The meters at the boundary of a site, each with whether its import goes into the site: its roots and
/// every meter that feeds its parent do, the plain leaves take out. Meters in between cancel, and those
/// that stand by themselves are none of it.
pub fn boundary(tree: &Tree) -> impl Iterator<Item = (&Meter, bool)> {
    let placed = tree.counted().filter(|meter| !tree.is_alone(meter));
    placed.filter_map(|meter| {
        let enters = tree.is_root(meter) || meter.feeds_parent;
        (enters || !tree.is_node(meter.id)).then_some((meter, enters))
    })
}

/// Balance of a whole site at its boundary. Meters in between take no part in the error band, and may be
/// silent. One that stands by itself says nothing of a loss: what it counted goes in and out, is no part of
/// what the loss is a share of and, where it is not known, leaves the balance of the others as it is.
pub fn of_site(tree: &Tree, energy: impl Fn(MeterId) -> Option<Energy>) -> Balance {
    let mut sum = Sum::default();
    for alone in tree.counted().filter(|meter| tree.is_alone(meter)) {
        if let Some(energy) = energy(alone.id) {
            sum.pass(energy);
        }
    }
    for (meter, enters) in boundary(tree) {
        sum.add(meter, energy(meter.id), enters);
    }
    sum.finish()
}

/// The share of a site's energy that is known and backed by readings, 0 to 1: the coverage of its nodes,
/// each weighted by the energy that went into it or came out, whichever is more. Of a node that lacks a
/// meter the part counts that is known on both sides, so that a small meter costs little. None where no
/// energy passed a node.
pub fn coverage<'a>(nodes: impl IntoIterator<Item = &'a Balance>) -> Option<f64> {
    let (mut backed, mut all) = (0.0, 0.0);
    for node in nodes {
        let more = node.source.0.max(node.destination.0).max(0.0);
        let known = match node.loss {
            Some(_) => more,
            None => node.source.0.min(node.destination.0).max(0.0),
        };
        all += more;
        backed += known * node.coverage;
    }
    (all > 0.0).then(|| backed / all)
}

/// What nodes lost together, for a site whose boundary is not known as a whole; none without any. The
/// `inner` energy, which passed from one of them into another, is taken out of what went in and out, so
/// that the loss is a share of what went into them from elsewhere. Each of them is complete.
pub fn together(nodes: &[&Balance], inner: Kwh) -> Option<Balance> {
    let sum = |of: fn(&Balance) -> Kwh| nodes.iter().map(|node| of(node)).sum::<Kwh>();
    let squares: f64 = nodes.iter().map(|node| node.error.0.powi(2)).sum();
    let coverage = nodes.iter().map(|node| node.coverage).reduce(f64::min)?;
    let sum = Balance {
        source: sum(|node| node.source) - inner,
        destination: sum(|node| node.destination) - inner,
        error: Kwh(squares.sqrt()),
        coverage,
        missing: nodes.iter().flat_map(|node| node.missing.clone()).collect(),
        ..Balance::default()
    };
    Some(sum.judged())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::losses::balance::{Verdict, of_node};
    use crate::meters::hierarchy::tests::meter;

    /// Trees of which each meter but the first hangs below one before it, with what each imported.
    fn plants() -> impl Strategy<Value = (Vec<usize>, Vec<f64>, usize)> {
        (3..16_usize).prop_flat_map(|count| {
            let parents: Vec<_> = (1..count).map(|own| 0..own).collect();
            (parents, proptest::collection::vec(0.0..1e5_f64, count), 0..count)
        })
    }

    fn energy(kwh: f64) -> Energy {
        Energy { import: Kwh(kwh), export: Kwh::ZERO, uncertain: Kwh::ZERO, coverage: 1.0 }
    }

    fn balances(tree: &Tree, known: impl Fn(MeterId) -> Option<Energy>) -> Vec<(MeterId, Balance)> {
        let balance = |node: &Meter| {
            let children = tree.children(node.id).map(|child| (child, known(child.id)));
            (node.id, of_node((node, known(node.id)), children))
        };
        tree.nodes().map(balance).collect()
    }

    proptest! {
        #[test]
        fn a_leaf_that_falls_silent_or_goes_changes_its_node_alone(
            (parents, imports, chosen) in plants(),
        ) {
            let parent_of = |own: i64| {
                let place = usize::try_from(own - 1).unwrap();
                place.checked_sub(1).map(|place| i64::try_from(parents[place] + 1).unwrap())
            };
            let count = i64::try_from(imports.len()).unwrap();
            let meters: Vec<Meter> =
                (1..=count).map(|id| meter(id, parent_of(id), 0, "Unit")).collect();
            let tree = Tree::new(meters.clone());
            let leaves: Vec<MeterId> =
                tree.meters().iter().map(|m| m.id).filter(|id| !tree.is_node(*id)).collect();
            let leaf = leaves[chosen % leaves.len()];
            let all = |id: MeterId| Some(energy(imports[usize::try_from(id.0 - 1).unwrap()]));
            let before = balances(&tree, all);
            let silent = balances(&tree, |id| all(id).filter(|_| id != leaf));
            let node = tree.get(leaf).unwrap().parent;
            for ((id, before), (_, after)) in before.iter().zip(&silent) {
                if Some(*id) == node {
                    prop_assert_eq!((after.verdict, &after.missing), (Verdict::Incomplete, &vec![leaf]));
                } else {
                    prop_assert_eq!(before, after);
                }
            }
            let removed: Vec<Meter> = meters.into_iter().filter(|meter| meter.id != leaf).collect();
            let removed = balances(&Tree::new(removed), all);
            for (id, after) in removed.iter().filter(|(id, _)| Some(*id) != node) {
                let (_, before) = before.iter().find(|(it, _)| it == id).unwrap();
                prop_assert_eq!(before, after);
            }
            let share = coverage(silent.iter().map(|(_, balance)| balance)).unwrap_or(1.0);
            prop_assert!((0.0..=1.0).contains(&share), "{}", share);
        }
    }

    #[test]
    fn a_small_meter_that_is_not_read_costs_little_coverage() {
        let tree = Tree::new(vec![
            meter(1, None, 0, "Main"),
            meter(2, Some(1), 1, "Unit"),
            meter(3, Some(1), 1, "Unit"),
            meter(4, Some(2), 2, "Unit"),
        ]);
        let known = |id: MeterId| match id.0 {
            1 => Some(energy(100.0)),
            2 | 4 => Some(energy(95.0)),
            _ => None,
        };
        let nodes = balances(&tree, known);
        let share = coverage(nodes.iter().map(|(_, balance)| balance)).unwrap();
        assert!((share - 190.0 / 195.0).abs() < 1e-9, "{share}");
        assert_eq!(coverage(&[]), None);
    }
}
