//! Balances of nodes, quarter-hour by quarter-hour, as they are and as they would be.

use std::ops::RangeInclusive;

use super::{Band, CLOSED_SHARE, Candidate, Case, Cause, Suspect};
use crate::energy::{Energy, QUARTER};
use crate::losses::balance::{Balance, of_node};
use crate::message::Message;
use crate::meters::Meter;
use crate::{Kwh, MeterId};

/// A quarter-hour in hours.
const HOURS: f64 = 0.25;
/// Share of what is open that lies on the lesser side, for it to go both ways.
const BOTH_WAYS: f64 = 0.25;

/// A loss of at most this share of what went in is ordinary, and one of at most so many times what the
/// node usually loses.
const ORDINARY_SHARE: f64 = 0.05;
const ORDINARY_TIMES: f64 = 2.0;

/// A fault explains a quarter-hour only where it changes the loss by more than so many times its
/// error: within the error anything closes.
const BEYOND_ERROR: f64 = 2.0;

/// When a balance is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mended {
    /// It shows no more than the node's usual loss beyond its error.
    WithinBand,
    /// It is not negative, and its loss is an ordinary one.
    Ordinary,
}

/// The case with what is known of its node before anything is changed.
pub(super) struct Scoring<'a> {
    case: Case<'a>,
    mended: Mended,
    affected: Vec<usize>,
    /// From the first affected quarter-hour to the last.
    span: RangeInclusive<usize>,
}

impl<'a> Scoring<'a> {
    /// None where the node's balance closes in every quarter-hour, or is never known.
    pub(super) fn new(case: Case<'a>, mended: Mended) -> Option<Self> {
        let quarters = case.series.get(&case.node)?.quarters.len();
        let is_open = |judged| !mended.closes(&case, &judged);
        let open = |&i: &usize| balance(&case, case.node, None, i).is_some_and(is_open);
        let affected: Vec<usize> = (0..quarters).filter(open).collect();
        let span = *affected.first()?..=*affected.last()?;
        Some(Self { case, mended, affected, span })
    }

    pub(super) fn affected(&self) -> u32 {
        u32::try_from(self.affected.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn span(&self) -> RangeInclusive<usize> {
        self.span.clone()
    }

    /// Loss of the node with its error, each quarter-hour that is known, in kW.
    pub(super) fn losses(&self) -> Vec<(chrono::DateTime<chrono::Utc>, f64, f64)> {
        let quarters = self.case.series.get(&self.case.node).map_or(0, |own| own.quarters.len());
        let mut at = self.case.from;
        let mut losses = Vec::with_capacity(quarters);
        for i in 0..quarters {
            if let Some(Score { loss, error, .. }) = balance(&self.case, self.case.node, None, i) {
                losses.push((at, loss / HOURS, error / HOURS));
            }
            at += QUARTER;
        }
        losses
    }

    /// Whether the balance of the affected quarter-hours is open to both sides: a clock that is off
    /// moves energy from one quarter-hour to another, and neither makes nor takes any.
    pub(super) fn goes_both_ways(&self) -> bool {
        let open = |&i: &usize| {
            let judged = balance(&self.case, self.case.node, None, i)?;
            Some(judged.loss - usual(&self.case, &judged))
        };
        let (mut above, mut below) = (0.0, 0.0);
        for deviation in self.affected.iter().filter_map(open) {
            if deviation > 0.0 { above += deviation } else { below -= deviation }
        }
        f64::min(above, below) >= BOTH_WAYS * (above + below)
    }

    /// Whether the node's loss over the affected quarter-hours is above zero.
    pub(super) fn loses(&self) -> bool {
        let loss =
            |&i: &usize| balance(&self.case, self.case.node, None, i).map_or(0.0, |b| b.loss);
        self.affected.iter().map(loss).sum::<f64>() > 0.0
    }

    /// Whether the balance of the node closes most of the time: what is left are single quarter-hours,
    /// which say nothing lasting about a meter.
    pub(super) fn mostly_closes(&self) -> bool {
        self.closed(self.case.node, None) >= CLOSED_SHARE
    }

    /// Share of the span in which a node's balance does not close.
    pub(super) fn open_share(&self, node: MeterId) -> f64 {
        1.0 - self.closed(node, None)
    }

    fn closed(&self, node: MeterId, suspect: Option<&Suspect>) -> f64 {
        let (mut known, mut closed) = (0_u32, 0_u32);
        for i in self.span() {
            if let Some(judged) = balance(&self.case, node, suspect, i) {
                known += 1;
                closed += u32::from(self.mended.closes(&self.case, &judged));
            }
        }
        if known == 0 { 1.0 } else { f64::from(closed) / f64::from(known) }
    }

    /// What the balance would be without the suspected fault.
    pub(super) fn try_out(&self, suspect: &Suspect) -> Candidate {
        let (mut mended, mut residual, mut band) = (0_u32, 0.0, Band::default());
        for &i in &self.affected {
            if let Some(judged) = balance(&self.case, self.case.node, Some(suspect), i) {
                let before = balance(&self.case, self.case.node, None, i);
                let explains = before.is_some_and(|before| {
                    let error = before.error.max(judged.error);
                    (before.loss - judged.loss).abs() > BEYOND_ERROR * error
                });
                mended += u32::from(explains && self.mended.closes(&self.case, &judged));
                residual += judged.loss;
                band.add(self.mended.band(&self.case, &judged));
            }
        }
        let closed_share = f64::from(mended) / self.affected.len() as f64;
        let (mut closes, mut worsens) = (Vec::new(), Vec::new());
        let own = self.case.tree.get(self.case.node);
        let opens = self.closed(self.case.node, Some(suspect)) < self.closed(self.case.node, None);
        worsens.extend(own.filter(|_| opens).map(|node| node.number.clone()));
        let others = suspect.touches(&self.case).into_iter().filter(|&id| id != self.case.node);
        for other in others.filter_map(|id| self.case.tree.get(id)) {
            let (before, after) =
                (self.closed(other.id, None), self.closed(other.id, Some(suspect)));
            // A move must mend both its ends.
            let mends = !suspect.is_move() || after >= CLOSED_SHARE;
            if after < before || !mends {
                worsens.push(other.number.clone());
            } else if before < CLOSED_SHARE && after >= CLOSED_SHARE {
                closes.push(other.number.clone());
            }
        }
        let cause = Cause {
            code: suspect.code,
            meter_id: suspect.meter.id,
            meter_number: suspect.meter.number.clone(),
            moved_to: suspect.moved_to(),
            text: Message::from(suspect.fault.clone()).into(),
            residual_kwh: residual,
        };
        Candidate { cause, closed_share, band: Some(band), closes, worsens }
    }
}

/// The balance of one node in one quarter-hour, in kWh.
struct Score {
    node: MeterId,
    source: f64,
    loss: f64,
    error: f64,
}

impl Mended {
    fn closes(self, case: &Case<'_>, judged: &Score) -> bool {
        self.band(case, judged).contains(judged.loss)
    }

    fn band(self, case: &Case<'_>, judged: &Score) -> Band {
        let usual = usual(case, judged);
        let most = judged.error + usual;
        let most = match self {
            Self::WithinBand => most,
            Self::Ordinary => most.max(ORDINARY_SHARE * judged.source).max(ORDINARY_TIMES * usual),
        };
        Band { low_kwh: -judged.error, high_kwh: most }
    }
}

/// The loss that the node usually has at this throughput.
fn usual(case: &Case<'_>, judged: &Score) -> f64 {
    case.usual_loss.get(&judged.node).copied().unwrap_or(0.0).max(0.0) * judged.source
}

/// None where a meter that takes part is not known, or where as much is uncertain as there is energy:
/// that closes whatever is tried.
fn balance(case: &Case<'_>, node: MeterId, suspect: Option<&Suspect>, i: usize) -> Option<Score> {
    let changed = |id| suspect.filter(|suspect| suspect.meter.id == id);
    let own = changed(node).map_or_else(|| case.tree.get(node), |s| Some(&s.meter))?;
    let known = |meter: &Meter| match changed(meter.id) {
        Some(suspect) => suspect.quarters.get(i).copied().flatten(),
        None => energy(case, meter.id, i),
    };
    let stays = |child: &&Meter| changed(child.id).is_none_or(|s| s.meter.parent == Some(node));
    let there = case.tree.children(node).filter(stays);
    let joined = suspect.filter(|s| s.moved_to() == Some(node)).map(|s| &s.meter);
    let children = there
        .map(|child| changed(child.id).map_or(child, |s| &s.meter))
        .chain(joined)
        .map(|child| (child, known(child)));
    let children: Vec<_> = children.collect();
    let of_own = known(own);
    let all = children.iter().map(|(_, energy)| *energy).chain([of_own]);
    let uncertain: Kwh = all.flatten().map(|energy| energy.uncertain).sum();
    let balance: Balance = of_node((own, of_own), children);
    let loss = balance.loss?;
    if uncertain > Kwh::ZERO && uncertain.0 >= balance.source.0.max(balance.destination.0) {
        return None;
    }
    let unmetered = case.unmetered_kw.get(&node).copied().unwrap_or(0.0) * HOURS;
    Some(Score { node, source: balance.source.0, loss: loss.0 - unmetered, error: balance.error.0 })
}

/// What a meter measured; of one that is silent nothing, so that the others can still be judged.
fn energy(case: &Case<'_>, meter: MeterId, i: usize) -> Option<Energy> {
    let series = case.series.get(&meter)?;
    let nothing = Energy::placed(Kwh::ZERO, Kwh::ZERO, 0.0);
    series.quarters.get(i).copied().flatten().or(series.stale.then_some(nothing))
}
