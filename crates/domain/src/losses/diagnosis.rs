//! Why a node's balance does not close: each fault that could explain it is tried on its
//! quarter-hours.
//!
//! A fault is named only if mending it closes the balance ([`Closing`]), and no rival does as well. Where none
//! does, a fault is looked for that leaves an ordinary loss, in quarter-hours whose loss is none: a
//! fault and a real loss may stand at one node. Else the candidates are listed and none is named: a
//! wrong name sends someone to the wrong meter. A balance that is open for less than two hours, or now
//! and then, is not looked into: single quarter-hours fit some fault by chance.

mod candidates;
mod closing;
mod fault;
mod scoring;
mod step;

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::energy::Energy;
use crate::message::Text;
use crate::meters::Meter;
use crate::meters::hierarchy::Tree;
use crate::stored::{stored, words};
use crate::{Kwh, MeterId};

pub use closing::{Band, Candidate, Closing};
pub use fault::Fault;
use scoring::{Mended, Scoring};
pub use step::{Step, of as step};

/// Share of the affected quarter-hours that mending a named cause must close.
pub const CLOSED_SHARE: f64 = 0.8;
/// A candidate whose share is at most this much lower does as well.
const AS_WELL: f64 = 0.05;
/// Fewer open quarter-hours than this, two hours, fit some fault by chance.
const FEWEST: u32 = 8;
/// Candidates that are listed.
const LISTED: usize = 12;

/// What a meter measured in the quarter-hours of the window, with what else is known of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Energy of each quarter-hour, all meters in step; none where it is not known.
    pub quarters: Vec<Option<Energy>>,
    /// Whether it was silent, or stood still, in the window.
    pub stale: bool,
    /// Import of a usual quarter-hour, such as its mean before the window.
    pub usual: Option<Kwh>,
    /// Whether it was exchanged in the window or shortly before.
    pub exchanged: bool,
}

/// A node whose balance does not close, and everything that may be at fault.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The site's meters.
    pub tree: &'a Tree,
    pub node: MeterId,
    /// When the first quarter-hour begins.
    pub from: DateTime<Utc>,
    /// What the meters measured: at least the node's and its children's; with other nodes' and their
    /// children's a wrong parent can be found, and whether a change worsens them.
    pub series: &'a HashMap<MeterId, Series>,
    /// Loss that a node usually has, as a share of its source, 0 where absent. A balance that shows
    /// no more than this beyond its error is closed.
    pub usual_loss: &'a HashMap<MeterId, f64>,
    /// Declared load of a node that no meter sees, in kW, 0 where absent.
    pub unmetered_kw: &'a HashMap<MeterId, f64>,
}

words!(
    /// A fault that a meter may have.
    Code {
        /// `feeds_parent` says the opposite of what it is.
        DirectionFlipped = "direction_flipped",
        /// Import and export are swapped, as by a reversed current transformer.
        SignInverted = "sign_inverted",
        /// It reads ten times too much.
        RatioTenTimes = "ratio_ten_times",
        /// It reads a tenth.
        RatioATenth = "ratio_a_tenth",
        /// It hangs below another node than the registry says.
        WrongParent = "wrong_parent",
        /// It is silent or stands still.
        Stale = "stale",
        /// Its clock is a quarter-hour or two off.
        ClockSkew = "clock_skew",
    }
);

/// The one cause that explains it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// Stable code.
    pub code: Code,
    /// The meter at fault.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// The node it belongs to, where it hangs below a wrong one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<MeterId>,
    /// The cause, with what to do.
    #[serde(flatten)]
    pub text: Text,
    /// What is left of the loss over the affected quarter-hours once it is mended, kWh.
    pub residual_kwh: f64,
}

/// What the search found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Findings {
    /// The cause, where exactly one explains the loss.
    pub named: Option<Cause>,
    /// What was tried, the best first.
    pub tested: Vec<Candidate>,
    /// A lasting step of the loss, such as a load that no meter sees: a note, not a cause.
    pub step: Option<Step>,
    /// Quarter-hours whose balance does not close.
    pub affected: u32,
}

stored!(json Findings);

/// Looks for the cause of a node's loss, negative or sudden, over the quarter-hours of the window.
pub fn find(case: &Case<'_>) -> Findings {
    let found = find_mended(case, Mended::WithinBand);
    if found.tested.iter().any(Candidate::explains) {
        return found;
    }
    let ordinary = find_mended(case, Mended::Ordinary);
    match ordinary.named {
        Some(_) => Findings { step: found.step, ..ordinary },
        None => found,
    }
}

fn find_mended(case: &Case<'_>, mended: Mended) -> Findings {
    let Some(judge) = Scoring::new(*case, mended) else { return Findings::default() };
    let (step, affected) = (step::of(&judge.losses()), judge.affected());
    if affected < FEWEST || judge.mostly_closes() {
        return Findings { step, affected, ..Findings::default() };
    }
    let mut best: HashMap<(Code, MeterId, Option<MeterId>), Candidate> = HashMap::new();
    for suspect in candidates::of(case, &judge) {
        let candidate = judge.try_out(&suspect);
        let cause = &candidate.cause;
        let key = (cause.code, cause.meter_id, cause.moved_to);
        match best.get(&key) {
            Some(other) if !is_better(&candidate, other) => {}
            _ => drop(best.insert(key, candidate)),
        }
    }
    let mut tested: Vec<_> = best.into_values().collect();
    tested.sort_by(by_rank);
    let named = only(&tested);
    tested.truncate(LISTED);
    Findings { named, tested, step, affected }
}

fn is_better(one: &Candidate, other: &Candidate) -> bool {
    let key = |it: &Candidate| (it.closed_share, -it.cause.residual_kwh.abs());
    key(one) > key(other)
}

/// The best first.
fn by_rank(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    let key = |c: &Candidate| (!c.explains(), Reverse(c.closes.len()));
    key(a)
        .cmp(&key(b))
        .then(b.closed_share.total_cmp(&a.closed_share))
        .then(a.cause.residual_kwh.abs().total_cmp(&b.cause.residual_kwh.abs()))
        .then((a.cause.code, a.cause.meter_id).cmp(&(b.cause.code, b.cause.meter_id)))
}

/// The first candidate, where it explains the loss and no other does as well: one that closes other
/// nodes too does better than one that closes this one alone.
fn only(tested: &[Candidate]) -> Option<Cause> {
    let first = tested.first().filter(|first| first.explains())?;
    let rival = |other: &Candidate| {
        other.explains()
            && other.closes.len() >= first.closes.len()
            && other.closed_share >= first.closed_share - AS_WELL
    };
    (!tested[1..].iter().any(rival)).then(|| first.cause.clone())
}

/// A meter as it would be without its suspected fault.
struct Suspect {
    code: Code,
    meter: Meter,
    quarters: Vec<Option<Energy>>,
    fault: Fault,
}

impl Suspect {
    fn moved_to(&self) -> Option<MeterId> {
        self.meter.parent.filter(|_| self.is_move())
    }

    fn is_move(&self) -> bool {
        self.code == Code::WrongParent
    }

    /// The nodes whose balance it takes part in.
    fn touches(&self, case: &Case<'_>) -> Vec<MeterId> {
        let registered = case.tree.get(self.meter.id).and_then(|meter| meter.parent);
        let parents = [registered, self.meter.parent].into_iter().flatten();
        let own = (!self.is_move() && self.code != Code::DirectionFlipped).then_some(self.meter.id);
        let mut nodes: Vec<_> = parents.chain(own).filter(|&id| case.tree.is_node(id)).collect();
        nodes.dedup();
        nodes
    }
}

#[cfg(test)]
mod tests;
