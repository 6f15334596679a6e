//! Which branches of a flow are shown, and which are folded together.

use std::collections::HashSet;

use super::{Flow, Open, Point, Sums};
use crate::MeterId;

/// Rows of the last column at most, unless somebody unfolds more.
const MOST_ROWS: usize = 24;
/// Meters below one node at most.
const MOST_BELOW: usize = 8;
/// The same below the node that was unfolded.
const MOST_UNFOLDED: usize = 60;
/// So many are shown, however small they are.
const LEAST_BELOW: usize = 3;
/// A meter with less than this share of the input is folded.
const SMALL_SHARE: f64 = 0.015;
/// Nodes so deep are unfolded at first, and one deeper where more nodes hang below.
const FIRST_DEPTH: usize = 2;

impl Flow {
    /// What is shown: the large branches, the small ones folded, and whatever was unfolded.
    pub fn visible(&self, open: Open) -> Vec<Part<'_>> {
        let path = match open {
            Open::Below(id) => self.path(id).unwrap_or_default(),
            Open::Nothing | Open::Top => Vec::new(),
        };
        let mut choice = Choice {
            open,
            path: path.iter().map(|point| point.id).collect(),
            unfolded: HashSet::new(),
            least: self.roots.iter().map(|root| root.rank).sum::<f64>() * SMALL_SHARE,
        };
        let (roots, others) = choice.split(self.roots.iter(), open == Open::Top);
        choice.unfold(&roots);
        let parts = roots.iter().map(|root| choice.part(root));
        parts.chain(Part::others(None, others, false)).collect()
    }
}

/// How much of a meter is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Nothing hangs below.
    Leaf,
    /// So many meters hang below, and are folded.
    Folded(usize),
    /// What hangs below is shown.
    Unfolded,
}

/// What a part of the figure is.
#[derive(Debug, Clone, PartialEq)]
pub enum What<'a> {
    Meter(&'a Point, Fold),
    /// Small meters together, below a meter or below none.
    Others(Option<MeterId>, Vec<&'a Point>),
    /// What a balance leaves over: lost, within the error, or not read.
    Left(MeterId, &'a Sums),
    /// Declared load that no meter sees.
    Untracked(MeterId),
    /// What loads returned to the node, or the node and its sources drew back.
    Returned(MeterId),
}

/// A part of the figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<'a> {
    /// What it is.
    pub what: What<'a>,
    /// How much flows between it and the node that it belongs to.
    pub value: f64,
    /// Whether that flows into the node.
    pub feeds: bool,
    /// What belongs to it.
    pub parts: Vec<Self>,
}

impl<'a> Part<'a> {
    fn others(of: Option<MeterId>, points: Vec<&'a Point>, feeds: bool) -> Option<Self> {
        let value = points.iter().filter_map(|point| point.import).sum();
        let what = What::Others(of, points);
        matches!(&what, What::Others(_, points) if !points.is_empty()).then_some(Self {
            what,
            value,
            feeds,
            parts: Vec::new(),
        })
    }

    fn plain(what: What<'a>, value: f64, feeds: bool) -> Option<Self> {
        (value > 1e-9).then_some(Self { what, value, feeds, parts: Vec::new() })
    }

    /// What flows in and out of it.
    pub fn sides(&self) -> (f64, f64) {
        match &self.what {
            What::Meter(point, Fold::Unfolded) => {
                let side = |feeds: bool| -> f64 {
                    let parts = self.parts.iter().filter(|part| part.feeds == feeds);
                    parts.map(|part| part.value).sum()
                };
                (point.import.unwrap_or(0.0) + side(true), side(false))
            }
            What::Meter(point, Fold::Folded(_)) => {
                let own = point.import.unwrap_or(0.0);
                let sums = point.balance.as_ref().filter(|_| !point.feeds);
                sums.map_or((own, own), |sums| (sums.source, sums.destination))
            }
            _ => (self.value, self.value),
        }
    }
}

/// Which meters are shown, and with what below.
struct Choice {
    open: Open,
    path: HashSet<MeterId>,
    unfolded: HashSet<MeterId>,
    least: f64,
}

impl Choice {
    /// Siblings in their order: those that are shown, and those that are folded together.
    fn split<'a>(
        &self,
        points: impl Iterator<Item = &'a Point>,
        is_open: bool,
    ) -> (Vec<&'a Point>, Vec<&'a Point>) {
        let mut points: Vec<&Point> = points.collect();
        points.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        let most = if is_open { MOST_UNFOLDED } else { MOST_BELOW };
        let mut at = 0;
        let (shown, others): (Vec<_>, Vec<_>) = points.iter().copied().partition(|point| {
            at += 1;
            let is_large = is_open || at <= LEAST_BELOW || point.rank >= self.least;
            self.path.contains(&point.id) || (at <= most && is_large)
        });
        // One alone takes as much room folded as shown.
        if others.len() == 1 { (points, Vec::new()) } else { (shown, others) }
    }

    fn loads<'a>(&self, point: &'a Point) -> (Vec<&'a Point>, Vec<&'a Point>) {
        self.split(point.loads(), self.open == Open::Below(point.id))
    }

    /// Unfolds the way to what was asked for, then the largest nodes while there is room.
    fn unfold(&mut self, roots: &[&Point]) {
        let mut rows = roots.len();
        let mut open: Vec<(&Point, usize)> = roots.iter().map(|root| (*root, 0)).collect();
        while let Some(at) = largest(&open) {
            let (point, depth) = open.swap_remove(at);
            if point.feeds || point.below.is_empty() {
                continue;
            }
            let (loads, others) = self.loads(point);
            let more = loads.len() + others.len().min(1) + usize::from(point.balance.is_some());
            let has_nodes = loads.iter().any(|load| !load.below.is_empty());
            let is_wanted = depth < FIRST_DEPTH || (depth == FIRST_DEPTH && has_nodes);
            let has_room = rows + more <= MOST_ROWS + 1;
            if self.path.contains(&point.id) || (is_wanted && has_room) {
                rows += more.saturating_sub(1);
                self.unfolded.insert(point.id);
                open.extend(loads.into_iter().map(|load| (load, depth + 1)));
            }
        }
    }

    fn part<'a>(&self, point: &'a Point) -> Part<'a> {
        let value = point.import.unwrap_or(0.0);
        let (fold, parts) = if self.unfolded.contains(&point.id) {
            (Fold::Unfolded, self.below(point))
        } else if point.below.is_empty() {
            (Fold::Leaf, Vec::new())
        } else {
            (Fold::Folded(point.count()), Vec::new())
        };
        Part { what: What::Meter(point, fold), value, feeds: point.feeds, parts }
    }

    /// What flows into a node beside its own meter, then what flows out of it.
    fn below<'a>(&self, point: &'a Point) -> Vec<Part<'a>> {
        let (feeders, other_feeders) = self.split(point.feeders(), false);
        let (loads, other_loads) = self.loads(point);
        let returned: f64 = point.loads().map(|load| load.export).sum();
        let drawn = point.export + point.feeders().map(|feeder| feeder.export).sum::<f64>();
        let mut parts: Vec<Part<'a>> = feeders.into_iter().map(|it| self.part(it)).collect();
        parts.extend(Part::others(Some(point.id), other_feeders, true));
        parts.extend(Part::plain(What::Returned(point.id), returned, true));
        parts.extend(loads.into_iter().map(|it| self.part(it)));
        parts.extend(Part::others(Some(point.id), other_loads, false));
        parts.extend(Part::plain(What::Returned(point.id), drawn, false));
        if let Some(sums) = &point.balance {
            parts.extend(Part::plain(What::Untracked(point.id), sums.unmetered, false));
            parts.extend(Part::plain(What::Left(point.id, sums), sums.left(), false));
        }
        parts
    }
}

fn largest(open: &[(&Point, usize)]) -> Option<usize> {
    let ranked = open.iter().enumerate();
    ranked.max_by(|(_, a), (_, b)| a.0.rank.total_cmp(&b.0.rank)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests;
