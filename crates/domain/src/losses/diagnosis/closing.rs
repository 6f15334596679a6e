//! Whether mending a suspected fault closes the balance of a node: the one test, and what it rests on.

use serde::{Deserialize, Serialize};

use super::{CLOSED_SHARE, Cause};

/// A fault that was tried, with what the balance would be without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    #[serde(flatten)]
    pub cause: Cause,
    /// Share of the affected quarter-hours that it closes, 0 to 1.
    pub closed_share: f64,
    /// The band in which what is left closes; none in findings of earlier programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// Numbers of other nodes whose balance it would close too.
    pub closes: Vec<String>,
    /// Numbers of the nodes whose balance it would worsen.
    pub worsens: Vec<String>,
}

/// The band in which the balance of the affected quarter-hours closes, kWh: the sum of theirs. Below zero
/// it is as wide as the measuring error, above zero wider by the loss that the node usually has.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Band {
    pub low_kwh: f64,
    pub high_kwh: f64,
}

impl Band {
    pub(super) fn contains(self, kwh: f64) -> bool {
        (self.low_kwh..=self.high_kwh).contains(&kwh)
    }

    pub(super) fn add(&mut self, other: Self) {
        self.low_kwh += other.low_kwh;
        self.high_kwh += other.high_kwh;
    }
}

/// Whether a candidate closes the balance, else why not.
#[derive(Debug, Clone, PartialEq)]
pub enum Closing<'a> {
    Closes,
    /// The rest lies outside its band.
    OutsideBand,
    /// It closes fewer of the quarter-hours than [`CLOSED_SHARE`].
    TooSeldom,
    /// The balance of the accused meter itself, which is a node, would be worse.
    WorsensItself,
    /// The balances of other nodes would be worse.
    Worsens(Vec<&'a str>),
}

impl Candidate {
    /// Judges the candidate by its residual, its band, its share and what it worsens.
    pub fn closing(&self) -> Closing<'_> {
        if self.band.is_some_and(|band| !band.contains(self.cause.residual_kwh)) {
            return Closing::OutsideBand;
        }
        if self.closed_share < CLOSED_SHARE {
            return Closing::TooSeldom;
        }
        let is_other = |number: &&String| **number != self.cause.meter_number;
        let others: Vec<&str> = self.worsens.iter().filter(is_other).map(String::as_str).collect();
        match (others.is_empty(), self.worsens.is_empty()) {
            (true, true) => Closing::Closes,
            (true, false) => Closing::WorsensItself,
            (false, _) => Closing::Worsens(others),
        }
    }

    pub fn explains(&self) -> bool {
        self.closing() == Closing::Closes
    }
}
