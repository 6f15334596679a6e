//! Why the balance of a node does not close: what was found, its evidence, and what to do about it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::energy::window::Window;
use domain::energy::{Energy, QUARTER};
use domain::losses::balance;
use domain::losses::diagnosis::{Candidate, Cause, Code, Findings};
use domain::losses::finding::{Evidence, Finding};
use domain::losses::nature::Nature;
use domain::losses::view::{CauseCard, Change, Chosen, EvidenceStep, Remedy};
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::view::PeriodContext;
use domain::{Kwh, MeterId};

use super::{Losses, unexplained};
use crate::energy::series::{self, Resolution};
use crate::losses::judged::{Judged, judged_by};
use crate::losses::power_loss;
use crate::{Core, Error};

/// A day of the meters of a node.
const MOST_ROWS: u32 = 100_000;
/// Hypotheses that are shown.
const MOST: usize = 4;

/// The newest finding about a node in the period, and of a loss without a named cause what is known of it;
/// none where there is neither.
pub(super) async fn card(
    core: &Core,
    shown: &PeriodContext,
    losses: &Losses,
    chosen: &Chosen,
) -> Result<Option<CauseCard>, Error> {
    let node = chosen.id;
    let from = shown.site.today_start(shown.window.from);
    let days = Window { from, to: shown.window.to };
    let days = power_loss::findings_of(core, node, days).await?;
    let telling = days.iter().find(|(_, found)| found.named.is_some()).or(days.first());
    let is_unexplained = chosen.loss.nature == Some(Nature::Real);
    let unexplained =
        if is_unexplained { Some(unexplained::of(core, shown, node, &days).await?) } else { None };
    let says = |found: &Findings| {
        found.named.is_some() || !found.tested.is_empty() || found.step.is_some()
    };
    let Some((day, found)) = telling.filter(|(_, found)| says(found)) else {
        return Ok(unexplained.map(CauseCard::without_findings));
    };
    let best = found.tested.first().filter(|_| found.named.is_some());
    let cause = best.map(|best| &best.cause);
    let of_day = Window { from: day.from, to: day.to.min(shown.now) };
    let end = Window { from: shown.now - QUARTER, to: shown.now };
    let (trees, loads) = tokio::try_join!(core.trees(&shown.site), core.unmetered(&shown.site))?;
    let judged = judged_by(core.pool(), (&trees, &loads), of_day).await?;
    let now = trees.at_end(end);
    let steps = evidence(core, shown, &judged, node, cause).await?;
    Ok(Some(CauseCard {
        finding: finding(shown, losses, found).into(),
        evidence: said(found, best).into(),
        on: Some((day.from, day.to)),
        accused: cause.map(|cause| cause.meter_id),
        hypotheses: found.tested.iter().take(MOST).cloned().collect(),
        remedy: cause.and_then(|best| remedy(shown, (&judged.tree, &now), best, day.from)),
        steps,
        unexplained,
    }))
}

fn finding(shown: &PeriodContext, losses: &Losses, found: &Findings) -> Finding {
    if let Some(named) = &found.named {
        let left = domain::figures::fixed(named.residual_kwh, 1);
        let meter = losses.name(named.meter_id).unwrap_or_else(|| named.meter_number.clone());
        return match named.code {
            Code::DirectionFlipped => Finding::Reversing { meter, left },
            Code::SignInverted => Finding::Exchanging { meter, left },
            Code::RatioTenTimes => Finding::Dividing { meter, left },
            Code::RatioATenth => Finding::Multiplying { meter, left },
            Code::WrongParent => {
                let node = named.moved_to.and_then(|id| losses.name(id)).unwrap_or_default();
                Finding::Moving { meter, node, left }
            }
            Code::Stale => Finding::Usual { meter, left },
            Code::ClockSkew => Finding::Setting { meter, left },
        };
    }
    let at = |at: DateTime<Utc>| at.with_timezone(&shown.site.zone).format("%H:%M").to_string();
    found.step.map_or(Finding::Nothing, |step| step.finding(at(step.at)))
}

/// What speaks for the finding.
fn said(found: &Findings, best: Option<&Candidate>) -> Evidence {
    let quarters = found.affected;
    let causes = found.tested.iter().filter(|tested| tested.explains()).count();
    match best {
        Some(best) => Evidence::Closes {
            fault: Box::new(best.cause.text.clone().into()),
            share: domain::figures::fixed(best.closed_share * 100.0, 0),
            quarters,
        },
        None if found.tested.is_empty() => Evidence::Nothing { quarters },
        None if causes > 1 => Evidence::Rivals { quarters, causes },
        None => Evidence::NoneAlone { quarters },
    }
}

/// What can be done about it; nothing where the meter hangs otherwise by now.
fn remedy(
    shown: &PeriodContext,
    (then, now): (&Tree, &Tree),
    best: &Cause,
    from: DateTime<Utc>,
) -> Option<Remedy> {
    let meter = now.get(best.meter_id)?;
    let place = |meter: &Meter| (meter.parent, meter.feeds_parent);
    if then.get(best.meter_id).map(place) != Some(place(meter)) {
        return None;
    }
    let change = match best.code {
        Code::DirectionFlipped => Change::Feeds(!meter.feeds_parent),
        Code::WrongParent => {
            let id = best.moved_to?;
            Change::Parent { id, name: now.get(id)?.name.clone() }
        }
        _ => return None,
    };
    Some(Remedy {
        meter: meter.id,
        name: meter.name.clone(),
        change,
        from,
        days: (shown.now - from).num_days() + 1,
    })
}

/// Loss of a node as metered and as it would be, by quarter-hour, by what the day was judged by.
async fn evidence(
    core: &Core,
    shown: &PeriodContext,
    Judged { window, tree, unmetered_kw, .. }: &Judged,
    node: MeterId,
    best: Option<&Cause>,
) -> Result<Vec<EvidenceStep>, Error> {
    let Some(own) = tree.get(node) else { return Ok(Vec::new()) };
    let children: Vec<&Meter> = tree.children(node).collect();
    let suspect = best.and_then(|best| tree.get(best.meter_id));
    let mut ids: Vec<MeterId> = children.iter().map(|child| child.id).collect();
    ids.push(node);
    ids.extend(suspect.map(|suspect| suspect.id));
    let rows =
        series::load(core, &shown.site, &ids, *window, Resolution::Quarter, MOST_ROWS).await?;
    let energies: HashMap<(MeterId, DateTime<Utc>), Energy> = rows
        .into_iter()
        .filter(series::Step::is_whole)
        .map(|row| {
            let (import, export) = (row.counted.import_kwh, row.counted.export_kwh);
            let energy = Energy::placed(Kwh(import), Kwh(export), 1.0);
            ((row.counted.meter, row.start), energy)
        })
        .collect();
    let mut steps = Vec::new();
    let mut at = window.from;
    while at + QUARTER <= window.to {
        let of = |id: MeterId| energies.get(&(id, at)).copied();
        let balance =
            balance::of_node((own, of(node)), children.iter().map(|child| (*child, of(child.id))))
                .with_unmetered(Kwh(unmetered_kw.get(&node).copied().unwrap_or(0.0) / 4.0));
        if let Some(loss) = balance.loss {
            let shift = best
                .zip(suspect)
                .and_then(|(best, suspect)| shift(best, suspect, node, of(suspect.id)?));
            steps.push(EvidenceStep {
                at,
                metered_kw: loss.0 * 4.0,
                after_kw: shift.map(|shift| (loss.0 + shift) * 4.0),
                error_kw: balance.error.0 * 4.0,
            });
        }
        at += QUARTER;
    }
    Ok(steps)
}

/// By how much a change alters the loss of a node, kWh; none where that cannot be said.
fn shift(change: &Cause, meter: &Meter, node: MeterId, energy: Energy) -> Option<f64> {
    let net = energy.net().0;
    // What the meter adds to the loss of its node: in if it feeds, or is the node itself.
    let enters = meter.id == node || meter.feeds_parent;
    let adds = if enters { net } else { -net };
    match change.code {
        Code::DirectionFlipped | Code::SignInverted => Some(-2.0 * adds),
        Code::RatioTenTimes => Some(-0.9 * adds),
        Code::RatioATenth => Some(9.0 * adds),
        Code::WrongParent if change.moved_to == Some(node) => {
            Some(if meter.feeds_parent { net } else { -net })
        }
        Code::WrongParent => Some(-adds),
        Code::Stale | Code::ClockSkew => None,
    }
}
