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
