//! Where the parts of a flow stand: columns from the sources to the machines, in pixels from the top.
//!
//! A bar is as high as what flows through it, a band as high as what flows between two bars. Across,
//! a part is known by its column alone, so that the figure fits any width.

use std::collections::HashMap;

use super::flow::{Part, What};
use crate::meters::SourceKind;

/// Height of everything in the fullest column.
const HEIGHT: f64 = 330.0;
/// Height that a label needs.
pub const ROW: f64 = 17.0;
/// Between two parts of a column.
const GAP: f64 = 5.0;

/// A part of a column from its upper edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Upper edge.
    pub y: f64,
    pub height: f64,
}

impl Span {
    /// Lower edge.
    pub fn end(self) -> f64 {
        self.y + self.height
    }
}

/// What flows between two bars of neighbouring columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The left column.
    pub column: usize,
    /// Upper edge at the left bar.
    pub left: f64,
    /// Upper edge at the right bar.
    pub right: f64,
    pub height: f64,
}

/// A part with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch<'a> {
    /// What it is.
    pub what: What<'a>,
    /// How much flows between it and its node.
    pub value: f64,
    pub column: usize,
    pub bar: Span,
    /// The room of its label: no two overlap.
    pub label: Span,
    /// How many columns its label may take: two where nothing stands beside it.
    pub room: usize,
    /// Height at the foot of the bar that nothing is known to flow into.
    pub short: f64,
    /// Its band; none of a meter that hangs below none.
    pub band: Option<Band>,
    /// What belongs to it.
    pub branches: Vec<Self>,
}

/// What the meters of a column are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    /// Sources stand in it.
    Sources,
    /// Meters of this level and deeper ones.
    Level(i16),
    /// No meter stands in it.
    None,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Sankey<'a> {
    /// The columns, from the left.
    pub headings: Vec<Heading>,
    pub height: f64,
    /// Pixels of one unit.
    pub scale: f64,
    /// The parts that hang below none.
    pub branches: Vec<Branch<'a>>,
}

impl<'a> Sankey<'a> {
    /// Places what is shown.
    pub fn of(parts: Vec<Part<'a>>) -> Self {
        let mut columns = HashMap::new();
        for part in &parts {
            sum_up(part, 0, &mut columns);
        }
        let fullest = columns.values().copied().fold(0.0, f64::max);
        let first = columns.keys().copied().min().unwrap_or(0);
        let scale = if fullest > 0.0 { HEIGHT / fullest } else { 0.0 };
        let mut place = Place { scale, first, ends: HashMap::new(), levels: HashMap::new() };
        let mut branches: Vec<_> =
            parts.into_iter().map(|part| place.branch(part, 0, 0.0)).collect();
        let mut taken = Vec::new();
        for branch in &branches {
            labels(branch, &mut taken);
        }
        for branch in &mut branches {
            widen(branch, &taken);
        }
        let count = columns.keys().copied().max().map_or(0, |last| last - first + 1);
        let heading = |at: i32| place.levels.get(&(first + at)).copied().unwrap_or(Heading::None);
        Self {
            headings: (0..count).map(heading).collect(),
            height: place.ends.values().copied().fold(0.0, f64::max),
            scale,
            branches,
        }
    }
}

fn side_of(feeds: bool) -> i32 {
    if feeds { -1 } else { 1 }
}

/// Adds the heights of a part and of what belongs to it to those of their columns.
fn sum_up(part: &Part<'_>, column: i32, columns: &mut HashMap<i32, f64>) {
    let (into, out) = part.sides();
    *columns.entry(column).or_default() += into.max(out);
    for below in &part.parts {
        sum_up(below, column + side_of(below.feeds), columns);
    }
}

/// The labels of a branch and of what belongs to it, with their columns.
fn labels(branch: &Branch<'_>, taken: &mut Vec<(usize, Span)>) {
    taken.push((branch.column, branch.label));
    for below in &branch.branches {
        labels(below, taken);
    }
}

/// Lets the labels of ends reach into the next column where nothing stands beside them.
fn widen(branch: &mut Branch<'_>, taken: &[(usize, Span)]) {
    let own = branch.label;
    let is_beside = |(column, label): &(usize, Span)| {
        *column == branch.column + 1 && label.y < own.end() && own.y < label.end()
    };
    let is_last = taken.iter().all(|(column, _)| *column <= branch.column);
    if branch.branches.is_empty() && !is_last && !taken.iter().any(is_beside) {
        branch.room = 2;
    }
    for below in &mut branch.branches {
        widen(below, taken);
    }
}

/// How far the columns are filled.
struct Place {
    scale: f64,
    first: i32,
    ends: HashMap<i32, f64>,
    levels: HashMap<i32, Heading>,
}

impl Place {
    /// Places a part at a height or below it, and what belongs to it beside it.
    fn branch<'a>(&mut self, part: Part<'a>, column: i32, wanted: f64) -> Branch<'a> {
        self.name(&part, column);
        let (into, out) = part.sides();
        let height = into.max(out) * self.scale;
        let label = self.take(column, wanted, height.max(ROW));
        let bar = Span { y: label.y + (label.height - height) / 2.0, height };
        // Its own meter first, then what else flows in; on the other side what flows out.
        let mut left = bar.y + own(&part) * self.scale;
        let mut right = bar.y;
        let mut branches = Vec::with_capacity(part.parts.len());
        for below in part.parts {
            let side = if below.feeds { &mut left } else { &mut right };
            let at = *side;
            let height = below.value * self.scale;
            *side += height;
            branches.push(self.beside(below, column, at, height));
        }
        Branch {
            what: part.what,
            value: part.value,
            column: self.index(column),
            bar,
            label,
            room: 1,
            short: (out - into).max(0.0) * self.scale,
            band: None,
            branches,
        }
    }

    /// Places what belongs to a bar in the next column, with the band between them.
    fn beside<'a>(&mut self, part: Part<'a>, column: i32, at: f64, height: f64) -> Branch<'a> {
        let feeds = part.feeds;
        let own = column + side_of(feeds);
        let branch = self.branch(part, own, at);
        let (left, right) = if feeds { (branch.bar.y, at) } else { (at, branch.bar.y) };
        let band = Band { column: self.index(own.min(column)), left, right, height };
        Branch { band: Some(band), ..branch }
    }

    fn take(&mut self, column: i32, wanted: f64, height: f64) -> Span {
        let end = self.ends.entry(column).or_insert(-GAP);
        let y = wanted.max(*end + GAP);
        *end = y + height;
        Span { y, height }
    }

    fn index(&self, column: i32) -> usize {
        usize::try_from(column - self.first).unwrap_or(0)
    }

    fn name(&mut self, part: &Part<'_>, column: i32) {
        let What::Meter(point, _) = &part.what else { return };
        let heading = match point.kind {
            SourceKind::Load => Heading::Level(point.level),
            _ => Heading::Sources,
        };
        let named = self.levels.entry(column).or_insert(heading);
        *named = match (*named, heading) {
            (Heading::Level(a), Heading::Level(b)) => Heading::Level(a.min(b)),
            // A source within the plant does not name the column of what it feeds beside.
            (Heading::Sources, level) | (level, Heading::Sources) if level != Heading::Sources => {
                if column > self.first {
                    level
                } else {
                    Heading::Sources
                }
            }
            (before, _) => before,
        };
    }
}

/// What its own meter brings into a part.
fn own(part: &Part<'_>) -> f64 {
    match &part.what {
        What::Meter(point, _) => point.import.unwrap_or(0.0),
        _ => part.value,
    }
}

#[cfg(test)]
mod tests;
