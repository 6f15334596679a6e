//! What the meters of incomplete nodes counted while all of them were known, so that one meter that was
//! read late does not blank a month.
//!
//! The time is that which the meters of a node are known for together, and where they were moved, the
//! longest without a hole. What they counted in it is asked like that of any window.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::Meter;
use futures::{StreamExt as _, TryStreamExt as _};

use super::{Piece, WindowEnergy, known_of};
use crate::energy::{self, Counted};
use crate::{Core, Error};

/// Stretches whose energy is asked for at once.
const AT_ONCE: usize = 8;

/// A stretch, with the number of the piece it lies in.
type Stretch = (usize, Window);

/// The time for which incomplete nodes are complete, and what their meters counted in it.
#[derive(Default)]
pub(super) struct Stretches {
    of_node: HashMap<MeterId, Vec<Stretch>>,
    counted: HashMap<Stretch, HashMap<MeterId, Counted>>,
}

impl Stretches {
    /// Of all nodes, or of one with those among its children.
    pub(super) async fn load(
        service: &Core,
        figures: &WindowEnergy,
        only: Option<MeterId>,
    ) -> Result<Self, Error> {
        let mut of_node = HashMap::new();
        let mut needed: HashMap<Stretch, HashSet<MeterId>> = HashMap::new();
        for node in figures.nodes() {
            let is_asked = only.is_none_or(|only| node.id == only || node.parent == Some(only));
            let balance = figures.balance(node.id).filter(|_| is_asked);
            if balance.is_none_or(|node| node.balance.loss.is_some()) {
                continue;
            }
            let stretches = longest(figures, node.id);
            for &(piece, window) in &stretches {
                let meters = members(&figures.pieces[piece], node.id);
                needed.entry((piece, window)).or_default().extend(meters);
            }
            of_node.insert(node.id, stretches);
        }
        let ask = |(stretch, meters): (Stretch, HashSet<MeterId>)| async move {
            let (piece, window) = stretch;
            let tree = &figures.pieces[piece].tree;
            let meters: Vec<&Meter> = meters.into_iter().filter_map(|id| tree.get(id)).collect();
            let counted = energy::counted(service, &figures.site, &meters, window).await?;
            Ok::<_, Error>((stretch, counted))
        };
        let asked = futures::stream::iter(needed).map(ask).buffer_unordered(AT_ONCE);
        Ok(Self { of_node, counted: asked.try_collect().await? })
    }

    /// The stretches of a node in order of time.
    pub(super) fn of(
        &self,
        node: MeterId,
    ) -> impl Iterator<Item = (usize, Window, &HashMap<MeterId, Counted>)> {
        let stretches = self.of_node.get(&node).into_iter().flatten();
        stretches.filter_map(|stretch| Some((stretch.0, stretch.1, self.counted.get(stretch)?)))
    }
}

/// The node and what hangs below it.
fn members(piece: &Piece, node: MeterId) -> impl Iterator<Item = MeterId> {
    std::iter::once(node).chain(piece.tree.children(node).map(|child| child.id))
}

/// The longest time without a hole for which all meters of a node are known, in pieces.
fn longest(figures: &WindowEnergy, node: MeterId) -> Vec<Stretch> {
    let mut runs: Vec<Vec<Stretch>> = Vec::new();
    for (number, piece) in figures.pieces.iter().enumerate() {
        if !piece.tree.is_node(node) {
            continue;
        }
        let counted = figures.in_piece(piece);
        let known = members(piece, node).map(|id| known_of(counted, id));
        let Some(shared) = domain::losses::compared::common(known) else { continue };
        let is_next =
            |run: &&mut Vec<Stretch>| run.last().is_some_and(|(_, last)| last.to == shared.from);
        match runs.last_mut().filter(is_next) {
            Some(run) => run.push((number, shared)),
            None => runs.push(vec![(number, shared)]),
        }
    }
    let length = |run: &Vec<Stretch>| {
        run.iter().map(|(_, window)| window.to - window.from).sum::<TimeDelta>()
    };
    runs.into_iter().max_by_key(length).unwrap_or_default()
}
