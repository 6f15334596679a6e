//! The page of all meters.

pub mod flow;
pub mod heatmap;
pub mod plan;
pub mod sankey;

use serde::{Deserialize, Serialize};

use super::Sparkline;
use crate::live::Snapshot;

/// The page of all meters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetersPage {
    /// What is live.
    pub snapshot: Snapshot,
    /// Power of each meter over the last 24 hours.
    pub power_lines: Vec<Sparkline>,
    /// What each meter counted in the period, in the order of the snapshot's meters.
    pub counted: Vec<Counted>,
    /// The name of the period over its column, such as `Today` or `9 to 15 Nov`.
    pub period: String,
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
/// loss, loss in per cent, the class of both, then class and text of each badge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counted(Vec<String>);

impl Counted {
    /// The texts of a meter.
    pub fn new(
        energy: String,
        loss: [String; 2],
        class: &str,
        badges: Vec<(&'static str, String)>,
    ) -> Self {
        let [kwh, percent] = loss;
        let mut texts = vec![energy, kwh, percent, class.to_owned()];
        for (class, text) in badges {
            texts.push(class.to_owned());
            texts.push(text);
        }
        Self(texts)
    }

    fn text(&self, at: usize) -> String {
        self.0.get(at).cloned().unwrap_or_default()
    }

    /// Energy in kWh.
    pub fn energy(&self) -> String {
        self.text(0)
    }

    /// Loss in kWh; empty where nothing hangs below.
    pub fn loss(&self) -> String {
        self.text(1)
    }

    /// The same in per cent.
    pub fn percent(&self) -> String {
        self.text(2)
    }

    /// How the loss is set.
    pub fn class(&self) -> String {
        self.text(3)
    }

    /// Class and text of each badge.
    pub fn badges(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.0.get(4..).unwrap_or_default().chunks_exact(2).map(|b| (b[0].clone(), b[1].clone()))
    }
}
