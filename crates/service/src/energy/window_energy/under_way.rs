//! The figures of a day that is under way: the stored ones, with what was read since they were stored.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::{Known, Window};
use domain::losses::unmetered::Unmetered;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;

use super::complete::Stretches;
use super::moved::{self, Stood};
use super::{Piece, WindowEnergy, pieces};
use crate::energy::Counted;

/// A stretch in which nothing was moved, with what is known of the meters in it.
type Stretch = (Window, Arc<Tree>, HashMap<MeterId, Known>);

impl WindowEnergy {
    /// Of a window by the stretches in which nothing was moved, at least one, and what is known of the
    /// meters in each.
    pub(crate) fn of(
        site: &Site,
        window: Window,
        stretches: &[Stretch],
        unmetered: &[Unmetered],
    ) -> Self {
        let stood: Vec<Stood> =
            stretches.iter().map(|(window, tree, _)| (*window, Arc::clone(tree))).collect();
        let moved = moved::cut(&stood, None);
        let parts = moved.values().flatten().map(|(part, _)| *part);
        let counted = parts.map(|part| (part, Arc::new(together(stretches, part)))).collect();
        let trees: Vec<Arc<Tree>> = stood.into_iter().map(|(_, tree)| tree).collect();
        let tree = trees.last().cloned().unwrap_or_default();
        Self {
            site: site.clone(),
            window,
            whole: Piece { window, tree, counted: Arc::new(together(stretches, window)) },
            moved: pieces(moved, &counted),
            trees,
            unmetered: unmetered.to_vec(),
            stretches: Stretches::default(),
        }
    }

    /// The same up to a later instant, without the time for which incomplete nodes are complete. `since`
    /// is what a meter counted from an instant up to it.
    pub(crate) fn until(
        &self,
        to: DateTime<Utc>,
        since: impl Fn(MeterId, DateTime<Utc>) -> Option<Known>,
    ) -> Self {
        let longer = |window: Window| Window { to, ..window };
        let extend = |counted: &HashMap<MeterId, Counted>, window: Window| {
            let length = |window: Window| (window.to - window.from).as_seconds_f64();
            let share = length(window) / length(longer(window));
            let known = |id: MeterId| {
                let stored = counted.get(&id).and_then(|counted| counted.known);
                match stored {
                    Some(stored) => Some(stored.then(since(id, stored.to), share)),
                    None => since(id, window.from),
                }
            };
            let longer = |id: MeterId| Some((id, Counted::of(known(id)?)));
            let meters = self.tree().meters().iter();
            let mut extended = counted.clone();
            extended.extend(meters.filter_map(|meter| longer(meter.id)));
            extended
        };
        let piece = |Piece { window, tree, counted }: &Piece| {
            let tree = Arc::clone(tree);
            if window.to < self.window.to {
                return Piece { window: *window, tree, counted: Arc::clone(counted) };
            }
            Piece { window: longer(*window), tree, counted: Arc::new(extend(counted, *window)) }
        };
        let moved = self.moved.iter();
        Self {
            site: self.site.clone(),
            window: longer(self.window),
            trees: self.trees.clone(),
            whole: piece(&self.whole),
            moved: moved.map(|(group, all)| (*group, all.iter().map(piece).collect())).collect(),
            unmetered: self.unmetered.clone(),
            stretches: Stretches::default(),
        }
    }
}

/// Sums of each meter over a part of the window, where it is known in each stretch in which it stood.
fn together(stretches: &[Stretch], part: Window) -> HashMap<MeterId, Counted> {
    let is_inside = |window: &Window| part.from <= window.from && window.to <= part.to;
    let mut all: HashMap<MeterId, Option<Known>> = HashMap::new();
    for (_, tree, known) in stretches.iter().filter(|(window, ..)| is_inside(window)) {
        for meter in tree.meters() {
            let next = known.get(&meter.id).copied();
            let join = |sum: &mut Option<Known>| *sum = sum.zip(next).map(|(a, b)| a.and(b));
            all.entry(meter.id).and_modify(join).or_insert(next);
        }
    }
    all.into_iter().filter_map(|(id, known)| Some((id, Counted::of(known?)))).collect()
}
