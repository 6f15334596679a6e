//! The page of all meters.

pub mod flow;
pub mod heatmap;
pub mod meter;
pub mod plan;
pub mod sankey;
pub mod selected;
pub mod tree;

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::MeterId;
use crate::live::MeterCard;
use crate::meters::view::tree::{Folds, Key, Others, Tree, rows};

/// So many rows come with the page; the others are fetched when they are scrolled to.
const FIRST_ROWS: usize = 100;

/// The page of all meters: what the period adds to the live state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetersPage {
    /// What meters counted in the period: those that were asked for, or of the first rows.
    pub counted: Vec<Counted>,
    /// The small children of each node, taken together.
    pub others: Vec<Small>,
    /// The name of the period over its column, such as `Today` or `9 to 15 Nov`.
    pub period: String,
    /// The unit of what is shown: `kWh`, a currency's sign, or `kg`.
    pub unit: String,
}

impl MetersPage {
    /// The small children by their parent.
    pub fn others(&self) -> Others {
        self.others.iter().map(|small| (small.parent, small.meters.clone())).collect()
    }
}

/// The meters of the first rows, as they stand before anyone folded anything.
pub fn first(cards: Vec<MeterCard>, others: &Others) -> Vec<MeterId> {
    let tree = Tree::of(Arc::new(cards));
    let rows = rows(&tree, &Folds::first(&tree), others, None);
    let meter = |key| match key {
        Key::Meter(id) => Some(id),
        Key::Others(_) => None,
    };
    rows.iter().take(FIRST_ROWS).filter_map(|row| meter(row.key)).collect()
}

/// The small children of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Small {
    /// The node.
    pub parent: MeterId,
    /// Its small children.
    pub meters: Vec<MeterId>,
    /// What they counted together.
    pub energy: String,
}

/// What an address asks of a figure and the figure cannot show: it shows what it shows unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A meter that is not on this site, or not any more.
    Meter(String),
    /// A meter that nothing hangs below.
    NothingBelow(String),
    /// Another word than those that are known.
    Word(String),
}

/// What a meter counted in the period of the page, in words, since texts are small to read in: energy,
/// loss, loss in per cent, the class of both, what the loss says, the line of the last 24 hours, then
/// class and text of each badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted(MeterId, Vec<String>);

impl Counted {
    /// The texts of a meter.
    pub fn new(
        meter: MeterId,
        energy: String,
        loss: LossTexts,
        line: &[Option<f64>],
        badges: Vec<(&'static str, String)>,
    ) -> Self {
        let LossTexts { loss, percent, class, said } = loss;
        let mut texts = vec![energy, loss, percent, class.to_owned(), said, levels(line)];
        for (class, text) in badges {
            texts.push(class.to_owned());
            texts.push(text);
        }
        Self(meter, texts)
    }

    /// The meter.
    pub fn meter(&self) -> MeterId {
        self.0
    }

    fn text(&self, at: usize) -> &str {
        self.1.get(at).map_or("", String::as_str)
    }

    /// Energy, what it cost, or its carbon.
    pub fn energy(&self) -> &str {
        self.text(0)
    }

    /// Loss in the same unit; empty where nothing hangs below.
    pub fn loss(&self) -> &str {
        self.text(1)
    }

    /// The same in per cent.
    pub fn percent(&self) -> &str {
        self.text(2)
    }

    /// How the loss is set.
    pub fn class(&self) -> &str {
        self.text(3)
    }

    /// What the loss says, with its error.
    pub fn said(&self) -> &str {
        self.text(4)
    }

    /// The line of the last 24 hours, as [`levels`] writes it.
    pub fn line(&self) -> &str {
        self.text(5)
    }

    /// Class and text of each badge.
    pub fn badges(&self) -> impl Iterator<Item = (&str, &str)> + '_ {
        let badges = self.1.get(6..).unwrap_or_default().chunks_exact(2);
        badges.map(|badge| (badge[0].as_str(), badge[1].as_str()))
    }
}

/// What a row says of a loss.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LossTexts {
    /// In the unit of the page; empty where nothing hangs below.
    pub loss: String,
    /// In per cent of what went in.
    pub percent: String,
    /// How both are set.
    pub class: &'static str,
    /// The verdict with its error.
    pub said: String,
}

/// The level of a point that is not known.
const UNKNOWN: u8 = b' ';
/// The lowest level, and how many there are above it.
const LOWEST: u8 = b'#';
const LEVELS: f64 = 80.0;

/// A small line in one letter per point: how high it stands between the least and the most of the line
/// with zero, in eightieths; the first letter is zero's own.
fn levels(points: &[Option<f64>]) -> String {
    let known = || points.iter().flatten().copied();
    let (low, high) = (known().fold(0.0, f64::min), known().fold(0.0, f64::max));
    let span = if high > low { high - low } else { 1.0 };
    let level = |value: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 80")]
        let level = ((value - low) / span * LEVELS).round() as u8;
        char::from(LOWEST + level)
    };
    let point = |point: &Option<f64>| point.map_or(char::from(UNKNOWN), level);
    std::iter::once(level(0.0)).chain(points.iter().map(point)).collect()
}

/// How high each point of [`levels`] stands, 0 to 1; the first is zero itself.
pub fn heights(levels: &str) -> impl Iterator<Item = Option<f64>> + '_ {
    let height = |byte: u8| Some(f64::from(byte.checked_sub(LOWEST)?) / LEVELS);
    levels.bytes().map(height)
}

/// The texts by their meter.
pub fn by_meter(counted: Vec<Counted>) -> HashMap<MeterId, Option<Counted>> {
    counted.into_iter().map(|counted| (counted.meter(), Some(counted))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_below_zero_says_where_zero_is_and_a_gap_stays_one() {
        let heights: Vec<_> = heights(&levels(&[Some(-1.0), None, Some(3.0)])).collect();
        assert_eq!(heights, [Some(0.25), Some(0.0), None, Some(1.0)]);
        assert_eq!(levels(&[]), "#");
    }

    proptest! {
        #[test]
        fn a_level_is_within_an_eightieth_of_its_value(
            points in prop::collection::vec(prop::option::of(-1e6..1e6), 1..97),
        ) {
            let (low, high) = points.iter().flatten().fold((0.0_f64, 0.0_f64), |(l, h), v| {
                (l.min(*v), h.max(*v))
            });
            let span = if high > low { high - low } else { 1.0 };
            let text = levels(&points);
            prop_assert_eq!(text.len(), points.len() + 1);
            for (height, point) in heights(&text).skip(1).zip(&points) {
                prop_assert_eq!(height.is_some(), point.is_some());
                if let Some((height, point)) = height.zip(*point) {
                    prop_assert!((height - (point - low) / span).abs() <= 0.5 / LEVELS + 1e-9);
                }
            }
        }
    }
}
