//! What the meters of incomplete nodes counted while all of them were known, so that one meter that was
//! read late does not blank a month.
//!
//! The time is that which the meters of a node are known for together, and where they were moved, the
//! longest without a hole. What they counted in it is asked like that of any window.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use futures::{StreamExt as _, TryStreamExt as _};

use super::moved::{Group, Stood};
use super::{WindowEnergy, known_of};
use crate::energy::{self, Counted};
use crate::{Core, Error};

/// Stretches whose energy is asked for at once.
const AT_ONCE: usize = 8;

/// The time for which incomplete nodes are complete, and what their meters counted in it.
#[derive(Default)]
pub(super) struct Stretches {
    of_node: HashMap<MeterId, Vec<Stood>>,
    counted: HashMap<Window, HashMap<MeterId, Counted>>,
}

impl Stretches {
    /// Of all nodes, or of one with those among its children.
    pub(super) async fn load(
        service: &Core,
        figures: &WindowEnergy,
        only: Option<MeterId>,
    ) -> Result<Self, Error> {
        let mut of_node = HashMap::new();
        let mut needed: HashMap<Window, HashSet<MeterId>> = HashMap::new();
        for node in figures.nodes() {
            let is_asked = only.is_none_or(|only| node.id == only || node.parent == Some(only));
            let balance = figures.balance(node.id).filter(|_| is_asked);
            if balance.is_none_or(|node| node.balance.loss.is_some()) {
                continue;
            }
            let stretches = longest(figures, node.id);
            for (window, tree) in &stretches {
                needed.entry(*window).or_default().extend(Group::Node(node.id).meters(tree));
            }
            of_node.insert(node.id, stretches);
        }
        let ask = |(window, meters): (Window, HashSet<MeterId>)| async move {
            let meters: Vec<&Meter> =
                meters.into_iter().filter_map(|id| figures.meter(id)).collect();
            let counted = energy::counted(service, &figures.site, &meters, window).await?;
            Ok::<_, Error>((window, counted))
        };
        let asked = futures::stream::iter(needed).map(ask).buffer_unordered(AT_ONCE);
        Ok(Self { of_node, counted: asked.try_collect().await? })
    }

    /// The stretches of a node in order of time.
    pub(super) fn of(
        &self,
        node: MeterId,
    ) -> impl Iterator<Item = (&Tree, Window, &HashMap<MeterId, Counted>)> {
        let stretches = self.of_node.get(&node).into_iter().flatten();
        stretches
            .filter_map(|(window, tree)| Some((tree.as_ref(), *window, self.counted.get(window)?)))
    }
}

/// The longest time without a hole for which all meters of a node are known, in pieces.
fn longest(figures: &WindowEnergy, node: MeterId) -> Vec<Stood> {
    let mut runs: Vec<Vec<Stood>> = Vec::new();
    let group = Group::Node(node);
    for piece in figures.pieces(group).iter().filter(|piece| piece.tree.is_node(node)) {
        let meters = group.meters(&piece.tree).into_iter();
        let known = meters.map(|id| known_of(&piece.counted, id));
        let Some(shared) = domain::losses::compared::common(known) else { continue };
        let stood = (shared, Arc::clone(&piece.tree));
        let is_next =
            |run: &&mut Vec<Stood>| run.last().is_some_and(|(last, _)| last.to == shared.from);
        match runs.last_mut().filter(is_next) {
            Some(run) => run.push(stood),
            None => runs.push(vec![stood]),
        }
    }
    let length =
        |run: &Vec<Stood>| run.iter().map(|(window, _)| window.to - window.from).sum::<TimeDelta>();
    runs.into_iter().max_by_key(length).unwrap_or_default()
}
