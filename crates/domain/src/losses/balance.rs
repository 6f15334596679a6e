//! The balance of a node: what goes in, what comes out, and how much of the rest is loss.

mod site;
mod step;

pub use site::{boundary, coverage, of_site, together};
pub use step::step_of;

use crate::energy::Energy;
use crate::meters::Meter;
use crate::stored::words;
use crate::{Kwh, MeterId};

words!(
    /// What a balance says.
    #[derive(Default)]
    Verdict {
        /// More goes in than comes out, beyond the measuring error.
        Loss = "loss",
        /// The difference is smaller than the measuring error.
        WithinError = "within_error",
        /// More comes out than goes in, beyond the measuring error: something is wired or placed wrong.
        Negative = "negative",
        /// A meter that is needed is unknown in this window. A silent child is not a loss.
        #[default]
        Incomplete = "incomplete",
    }
);

impl Verdict {
    /// The verdict on a loss with half the width of its error band, both in one unit; none of the loss where
    /// a meter that is needed is not known.
    pub fn of(loss: Option<f64>, error: f64) -> Self {
        match loss {
            None => Self::Incomplete,
            Some(loss) if loss.abs() <= error => Self::WithinError,
            Some(loss) if loss > 0.0 => Self::Loss,
            Some(_) => Self::Negative,
        }
    }
}

/// The balance of one node over one window.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Balance {
    /// Energy into the node.
    pub source: Kwh,
    /// Energy out of the node.
    pub destination: Kwh,
    /// What of both stands by itself: nothing tells what is lost of it.
    pub alone: Kwh,
    /// In less out; none where a meter that is needed is not known: what such a meter leaves open is no
    /// loss.
    pub loss: Option<Kwh>,
    /// Loss as a percentage of what went in and does not stand by itself; none where nothing did, or there
    /// is no loss to tell.
    pub loss_percent: Option<f64>,
    /// Half the width of the error band.
    pub error: Kwh,
    /// What it says.
    pub verdict: Verdict,
    /// The least coverage of the meters in it.
    pub coverage: f64,
    /// Meters whose energy is not known, or for a part of the window alone.
    pub missing: Vec<MeterId>,
}

impl Balance {
    /// In less out as far as they are known: a loss only where nothing is missing, see
    /// [`Balance::loss`].
    pub fn left(&self) -> Kwh {
        self.source - self.destination
    }

    /// The balance with load that no meter sees among what goes out; the same where there is none.
    #[must_use]
    pub fn with_unmetered(self, load: Kwh) -> Self {
        if load <= Kwh::ZERO {
            return self;
        }
        Self { destination: self.destination + load, ..self }.judged()
    }

    /// The balance of a node over two windows that follow each other, `share` being the first one's
    /// part of both. Errors of the same meters do not cancel: they are added.
    #[must_use]
    pub fn then(self, next: Self, share: f64) -> Self {
        let mut missing = self.missing;
        missing.extend(next.missing);
        missing.sort_unstable();
        missing.dedup();
        Self {
            source: self.source + next.source,
            destination: self.destination + next.destination,
            alone: self.alone + next.alone,
            error: self.error + next.error,
            coverage: self.coverage * share + next.coverage * (1.0 - share),
            missing,
            ..self
        }
        .judged()
    }

    /// The same, where these meters are known for a part of the window alone.
    #[must_use]
    pub(crate) fn silent(mut self, meters: Vec<MeterId>) -> Self {
        self.missing.extend(meters);
        self.judged()
    }

    /// With loss and verdict as the flows say.
    fn judged(self) -> Self {
        let loss = self.missing.is_empty().then(|| self.left());
        let verdict = Verdict::of(loss.map(|loss| loss.0), self.error.0);
        let input = self.source - self.alone;
        let percent = |loss: Kwh| loss.0 / input.0 * 100.0;
        let loss_percent = loss.filter(|_| input > Kwh::ZERO).map(percent);
        Self { loss, loss_percent, verdict, ..self }
    }
}

/// Adds up flows and their errors.
#[derive(Debug, Default)]
struct Sum {
    /// The flows.
    all: Balance,
    variance: f64,
    uncertain: Kwh,
    coverage: Option<f64>,
}

impl Sum {
    /// `enters`: the meter's import goes into the node, its export out of it.
    fn add(&mut self, meter: &Meter, energy: Option<Energy>, enters: bool) {
        let Some(energy) = energy else {
            self.all.missing.push(meter.id);
            return;
        };
        let (into, out) =
            if enters { (energy.import, energy.export) } else { (energy.export, energy.import) };
        self.all.source += into;
        self.all.destination += out;
        let throughput = (energy.import + energy.export).0;
        let step = meter.register_step_kwh.unwrap_or(0.0);
        self.variance += (meter.class_percent() / 100.0 * throughput).powi(2) + step * step / 6.0;
        self.uncertain += energy.uncertain;
        self.coverage = Some(self.coverage.map_or(energy.coverage, |c| c.min(energy.coverage)));
    }

    /// A meter that stands by itself: all that it imports is used behind it.
    fn pass(&mut self, energy: Energy) {
        self.all.alone += energy.import;
        self.all.source += energy.import;
        self.all.destination += energy.import;
        self.coverage = Some(self.coverage.map_or(energy.coverage, |c| c.min(energy.coverage)));
    }

    fn finish(self) -> Balance {
        let error = Kwh(self.variance.sqrt()) + self.uncertain;
        Balance { error, coverage: self.coverage.unwrap_or(0.0), ..self.all }.judged()
    }
}

/// Balance of `node` against its direct children.
///
/// in = import(n) + Σ delivered(child that feeds n) + Σ export(load child);
/// out = export(n) + Σ import(load child) + Σ drawn(child that feeds n); loss = in − out.
///
/// The error band is the root of Σ (class/100 × (import + export))² + q²/6 over the meters, q being
/// the register's step, plus what the ends of the window leave uncertain.
pub fn of_node<'a>(
    node: (&Meter, Option<Energy>),
    children: impl IntoIterator<Item = (&'a Meter, Option<Energy>)>,
) -> Balance {
    let mut sum = Sum::default();
    sum.add(node.0, node.1, true);
    for (child, energy) in children {
        sum.add(child, energy, child.feeds_parent);
    }
    sum.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::meters::hierarchy::Tree;
    use crate::meters::hierarchy::tests::meter;

    fn energy(import: f64) -> Energy {
        Energy { import: Kwh(import), export: Kwh::ZERO, uncertain: Kwh::ZERO, coverage: 1.0 }
    }

    #[test]
    fn the_guides_example_ten_thousand_in_nine_thousand_two_hundred_out() {
        let main = meter(1, None, 1, "Main");
        let child = meter(2, Some(1), 2, "Unit");
        let balance = of_node((&main, Some(energy(10_000.0))), [(&child, Some(energy(9_200.0)))]);
        assert_eq!(balance.loss, Some(Kwh(800.0)));
        assert_eq!(balance.loss_percent, Some(8.0));
        assert_eq!(balance.verdict, Verdict::Loss);
    }

    #[test]
    fn a_generator_that_feeds_its_parent_counts_as_input() {
        let main = meter(1, None, 1, "Main");
        let solar = Meter { feeds_parent: true, ..meter(2, Some(1), 2, "Solar") };
        let load = meter(3, Some(1), 2, "Unit");
        let balance = of_node(
            (&main, Some(energy(60.0))),
            [(&solar, Some(energy(40.0))), (&load, Some(energy(90.0)))],
        );
        assert_eq!(balance.source, Kwh(100.0));
        assert_eq!(balance.loss, Some(Kwh(10.0)));
    }

    #[test]
    fn a_difference_inside_the_error_gets_no_verdict() {
        let main = Meter { accuracy_class: Some(1.0), ..meter(1, None, 1, "Main") };
        let child = Meter { accuracy_class: Some(1.0), ..meter(2, Some(1), 2, "Unit") };
        let balance = of_node((&main, Some(energy(1000.0))), [(&child, Some(energy(990.0)))]);
        assert_eq!(balance.verdict, Verdict::WithinError);
        assert!((balance.error.0 - (10.0_f64.powi(2) + 9.9_f64.powi(2)).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_negative_loss_is_said_and_never_clamped() {
        let main = meter(1, None, 1, "Main");
        let child = meter(2, Some(1), 2, "Unit");
        let balance = of_node((&main, Some(energy(100.0))), [(&child, Some(energy(150.0)))]);
        assert_eq!(balance.loss, Some(Kwh(-50.0)));
        assert_eq!(balance.verdict, Verdict::Negative);
    }

    #[test]
    fn a_meter_without_a_place_leaves_the_balance_of_the_others_as_it_is() {
        let placed = [meter(1, None, 1, "Main"), meter(2, Some(1), 2, "Unit")];
        let tree = Tree::new([&placed[..], &[meter(3, None, 1, "Unplaced")]].concat());
        let known = |id: MeterId| match id.0 {
            1 => Some(energy(100.0)),
            2 => Some(energy(90.0)),
            _ => None,
        };
        let silent = of_site(&tree, known);
        assert_eq!((silent.loss, silent.source), (Some(Kwh(10.0)), Kwh(100.0)));
        assert_eq!((silent.verdict, silent.missing), (Verdict::Loss, Vec::new()));
        let read = of_site(&tree, |id| known(id).or(Some(energy(40.0))));
        assert_eq!((read.loss, read.source), (Some(Kwh(10.0)), Kwh(140.0)));
        assert_eq!(read.loss_percent, Some(10.0), "of what is balanced");
    }

    #[test]
    fn a_meter_of_the_grid_with_nothing_below_it_says_nothing_of_a_loss() {
        let below = meter(3, Some(2), 1, "Unit");
        let tree = Tree::new(vec![meter(1, None, 0, "Grid"), meter(2, None, 0, "Grid"), below]);
        let known =
            |id: MeterId| energy([1_200.0, 240.0, 216.0][usize::try_from(id.0).unwrap() - 1]);
        let site = of_site(&tree, |id| Some(known(id)));
        assert_eq!((site.source, site.loss), (Kwh(1_440.0), Some(Kwh(24.0))));
        assert_eq!(site.loss_percent, Some(10.0), "as its one node");
        let alone = Tree::new(vec![meter(1, None, 0, "Grid")]);
        let site = of_site(&alone, |id| Some(known(id)));
        assert_eq!((site.source, site.loss_percent), (Kwh(1_200.0), None));
    }

    #[test]
    fn declared_load_is_no_loss_and_pieces_of_a_window_add_up() {
        let main = meter(1, None, 1, "Main");
        let child = meter(2, Some(1), 2, "Unit");
        let piece = |into, out| of_node((&main, Some(energy(into))), [(&child, Some(energy(out)))]);
        let declared = piece(1_000.0, 900.0).with_unmetered(Kwh(95.0));
        assert_eq!((declared.loss, declared.verdict), (Some(Kwh(5.0)), Verdict::WithinError));

        let whole = piece(1_000.0, 900.0).then(piece(3_000.0, 2_900.0), 0.25);
        assert_eq!((whole.loss, whole.loss_percent), (Some(Kwh(200.0)), Some(5.0)));
        assert_eq!(whole.verdict, Verdict::Loss);
        let unknown = of_node((&main, Some(energy(1.0))), [(&child, None)]);
        assert_eq!(whole.then(unknown, 0.5).verdict, Verdict::Incomplete);
    }

    #[test]
    fn a_silent_child_makes_the_node_incomplete_not_lossy() {
        let main = meter(1, None, 1, "Main");
        let child = meter(2, Some(1), 2, "Unit");
        let balance = of_node((&main, Some(energy(100.0))), [(&child, None)]);
        assert_eq!(balance.verdict, Verdict::Incomplete);
        assert_eq!(balance.missing, [MeterId(2)]);
        assert_eq!((balance.loss, balance.loss_percent), (None, None));
        let declared = balance.with_unmetered(Kwh(5.0));
        assert_eq!((declared.loss, declared.verdict), (None, Verdict::Incomplete));
    }

    #[test]
    fn a_site_with_a_silent_leaf_loses_what_its_complete_nodes_lose_of_their_input() {
        let meters = [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, Some(3))];
        let tree = Tree::new(meters.map(|(id, parent)| meter(id, parent, 0, "Unit")).to_vec());
        // In 100, of which 60 and 30 go on to two nodes; the first uses 54, the load of the other is
        // silent.
        let known = |id: MeterId| match id.0 {
            1 => Some(energy(100.0)),
            2 => Some(energy(60.0)),
            3 => Some(energy(30.0)),
            4 => Some(energy(54.0)),
            _ => None,
        };
        assert_eq!(of_site(&tree, known).loss, None);
        let balanced = |node: &Meter| {
            let children = tree.children(node.id).map(|child| (child, known(child.id)));
            of_node((node, known(node.id)), children)
        };
        let balances: Vec<Balance> = tree.nodes().map(balanced).collect();
        let complete: Vec<&Balance> = balances.iter().filter(|node| node.loss.is_some()).collect();
        let told = together(&complete, Kwh(60.0)).unwrap();
        assert_eq!((told.source, told.loss), (Kwh(100.0), Some(Kwh(16.0))));
        assert_eq!(told.loss_percent, Some(16.0));
        assert_eq!(together(&[], Kwh::ZERO), None);
    }

    proptest! {
        #[test]
        fn node_losses_add_up_to_the_sites_loss(
            flows in proptest::collection::vec((0.0..1e6_f64, 0.0..1e3_f64), 8),
            feeds in proptest::collection::vec(any::<bool>(), 8),
        ) {
            let parents = [None, Some(1), Some(2), Some(2), Some(3), Some(3), Some(4), None];
            let meters: Vec<_> = (1..=8).map(|id: i64| {
                let i = usize::try_from(id - 1).unwrap();
                let leaf = matches!(id, 5..=7);
                Meter { feeds_parent: feeds[i] && leaf, ..meter(id, parents[i], 0, "X") }
            }).collect();
            let tree = Tree::new(meters);
            let at = |id: MeterId| {
                let (import, export) = flows[usize::try_from(id.0 - 1).unwrap()];
                Some(Energy { import: Kwh(import), export: Kwh(export), uncertain: Kwh::ZERO, coverage: 1.0 })
            };
            let nodes: Kwh = tree.nodes().map(|node| {
                let children = tree.children(node.id).map(|c| (c, at(c.id)));
                of_node((node, at(node.id)), children).loss.unwrap()
            }).sum();
            prop_assert!((nodes.0 - of_site(&tree, at).loss.unwrap().0).abs() < 1e-6);
        }
    }
}
