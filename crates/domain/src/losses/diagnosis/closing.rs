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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MeterId;
    use crate::losses::diagnosis::{Code, Fault};
    use crate::message::Message;

    fn candidate(worsens: &[&str]) -> Candidate {
        let cause = Cause {
            code: Code::RatioATenth,
            meter_id: MeterId(1),
            meter_number: "N-1".to_owned(),
            moved_to: None,
            text: Message::from(Fault::Tenth { meter: "N-1".to_owned() }).into(),
            residual_kwh: 0.0,
        };
        let worsens = worsens.iter().map(|&number| number.to_owned()).collect();
        Candidate { cause, closed_share: 1.0, band: None, closes: Vec::new(), worsens }
    }

    #[test]
    fn the_accused_meter_is_never_among_the_others_that_it_worsens() {
        assert_eq!(candidate(&[]).closing(), Closing::Closes);
        assert_eq!(candidate(&["N-1"]).closing(), Closing::WorsensItself);
        assert_eq!(candidate(&["N-1", "N-2"]).closing(), Closing::Worsens(vec!["N-2"]));
        assert_eq!(candidate(&["N-2"]).closing(), Closing::Worsens(vec!["N-2"]));
        assert!(!candidate(&["N-1"]).explains(), "mending a meter that breaks its own balance");
    }
}
