//! Which node stands where among the hotspots.

use domain::live::{NodeLive, Snapshot};
use domain::losses::balance::Verdict;

use texts::language::Text;
use texts::words::overview as words;

/// A line of the list.
pub(super) enum Line<'a> {
    /// The heading of those with this verdict.
    Group(Verdict),
    Node(&'a NodeLive),
}

/// The groups in their order.
const GROUPS: [Verdict; 4] =
    [Verdict::Loss, Verdict::Negative, Verdict::WithinError, Verdict::Incomplete];

/// The heading of a group.
pub(super) const fn heading(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Loss => words::RANKED,
        Verdict::Negative => words::NEGATIVE,
        Verdict::WithinError => words::WITHIN_ERROR,
        Verdict::Incomplete => words::INCOMPLETE,
    }
}

/// Nodes by verdict: losses as the server ranks them, the others by the size of their difference.
pub(super) fn lines(snapshot: &Snapshot) -> Vec<Line<'_>> {
    let rank = |id| snapshot.hotspots.iter().position(|&hot| hot == id).unwrap_or(usize::MAX);
    GROUPS
        .into_iter()
        .flat_map(|verdict| {
            let of_group = |node: &&NodeLive| node.balance.verdict == verdict;
            let mut nodes: Vec<_> = snapshot.nodes.iter().filter(of_group).collect();
            nodes.sort_by(|a, b| {
                let size = |node: &NodeLive| node.balance.loss_kw.map_or(0.0, f64::abs);
                rank(a.id).cmp(&rank(b.id)).then(size(b).total_cmp(&size(a)))
            });
            let heading = (!nodes.is_empty()).then_some(Line::Group(verdict));
            heading.into_iter().chain(nodes.into_iter().map(Line::Node))
        })
        .collect()
}
