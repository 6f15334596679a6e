//! The faults that are tried: each as the meter and its quarter-hours would be without it.

use super::scoring::Scoring;
use super::{Case, Code, Fault, Series, Suspect};
use crate::energy::Energy;
use crate::meters::{Meter, SourceKind};
use crate::{Kwh, MeterId};

/// How wrong the usual energy of a silent meter is taken to be.
const USUAL_ERROR: f64 = 0.25;
/// A node can be the true parent only if it is open in at least this share of the quarter-hours.
const OPEN_SHARE: f64 = 0.5;

/// Everything that is tried on a node.
pub(super) fn of(case: &Case<'_>, judge: &Scoring<'_>) -> Vec<Suspect> {
    let mut suspects = Vec::new();
    let children: Vec<&Meter> = case.tree.children(case.node).collect();
    for &child in &children {
        let Some(series) = case.series.get(&child.id) else { continue };
        suspects.extend(reversed(case, judge, child, series));
        suspects.extend(ratios(child, series));
        suspects.extend(skewed(judge, child, series));
        suspects.extend(silent(child, series));
    }
    if let Some((node, series)) = case.tree.get(case.node).zip(case.series.get(&case.node)) {
        suspects.extend(ratios(node, series));
        suspects.extend(skewed(judge, node, series));
        suspects.push(inverted(node, series));
    }
    suspects.extend(misplaced(case, judge, &children));
    suspects
}

fn swapped(energy: Energy) -> Energy {
    Energy { import: energy.export, export: energy.import, ..energy }
}

fn each(series: &Series, change: impl Fn(Energy) -> Energy) -> Vec<Option<Energy>> {
    series.quarters.iter().map(|quarter| quarter.map(&change)).collect()
}

fn inverted(meter: &Meter, series: &Series) -> Suspect {
    Suspect {
        code: Code::SignInverted,
        fault: Fault::Opposite { meter: meter.number.clone() },
        meter: meter.clone(),
        quarters: each(series, swapped),
    }
}

/// A wrong direction and swapped registers look the same in the balance of the parent. They differ in
/// the meter's own balance, where it is a node; else the register that holds the energy tells.
fn reversed(case: &Case<'_>, judge: &Scoring<'_>, meter: &Meter, series: &Series) -> Vec<Suspect> {
    let flipped = || Suspect {
        code: Code::DirectionFlipped,
        fault: match (meter.feeds_parent, meter.number.clone()) {
            (true, meter) => Fault::FeedsNot { meter },
            (false, meter) => Fault::Feeds { meter },
        },
        meter: Meter { feeds_parent: !meter.feeds_parent, ..meter.clone() },
        quarters: series.quarters.clone(),
    };
    if case.tree.is_node(meter.id) {
        return vec![flipped(), inverted(meter, series)];
    }
    let span = judge.span().filter_map(|i| series.quarters.get(i).copied().flatten());
    let net: Kwh = span.map(|energy| energy.net()).sum();
    let source = meter.meter_type.source_kind() != SourceKind::Load && !meter.feeds_parent;
    vec![if source || net >= Kwh::ZERO { flipped() } else { inverted(meter, series) }]
}

fn ratios(meter: &Meter, series: &Series) -> [Suspect; 2] {
    let by = |factor: f64, code, fault| Suspect {
        code,
        fault,
        meter: meter.clone(),
        quarters: each(series, |energy| Energy {
            import: energy.import * factor,
            export: energy.export * factor,
            uncertain: energy.uncertain * factor,
            ..energy
        }),
    };
    let number = || meter.number.clone();
    let [ten_times, tenth] = if series.exchanged {
        [Fault::TenTimesExchanged { meter: number() }, Fault::TenthExchanged { meter: number() }]
    } else {
        [Fault::TenTimes { meter: number() }, Fault::Tenth { meter: number() }]
    };
    [by(0.1, Code::RatioTenTimes, ten_times), by(10.0, Code::RatioATenth, tenth)]
}

fn skewed<'a>(
    judge: &Scoring<'_>,
    meter: &'a Meter,
    series: &'a Series,
) -> impl Iterator<Item = Suspect> + 'a {
    let shifts: &[isize] = if judge.goes_both_ways() { &[-2, -1, 1, 2] } else { &[] };
    shifts.iter().map(move |&quarters| {
        let shifted = |i: usize| {
            i.checked_add_signed(quarters).and_then(|i| series.quarters.get(i).copied().flatten())
        };
        // Where the shift leaves nothing to compare with, the quarter-hour as it is.
        let all = (0..series.quarters.len()).map(|i| shifted(i).or(series.quarters[i]));
        let (number, minutes) = (meter.number.clone(), quarters.unsigned_abs() * 15);
        let fault = if quarters > 0 {
            Fault::ClockAhead { meter: number, minutes }
        } else {
            Fault::ClockBehind { meter: number, minutes }
        };
        Suspect { code: Code::ClockSkew, fault, meter: meter.clone(), quarters: all.collect() }
    })
}

fn silent(meter: &Meter, series: &Series) -> Option<Suspect> {
    let usual = series.usual.filter(|_| series.stale)?;
    let energy =
        Energy { import: usual, export: Kwh::ZERO, uncertain: usual * USUAL_ERROR, coverage: 0.0 };
    let missing = |quarter: &Option<Energy>| {
        let still = quarter.is_none_or(|e| e.import == Kwh::ZERO && e.export == Kwh::ZERO);
        if still { Some(energy) } else { *quarter }
    };
    Some(Suspect {
        code: Code::Stale,
        fault: Fault::Silent {
            meter: meter.number.clone(),
            usual: format!("{:.1}", usual.0 * 4.0),
        },
        meter: meter.clone(),
        quarters: series.quarters.iter().map(missing).collect(),
    })
}

/// Children that may belong to another open node; and, of a node with a loss, children of other open
/// nodes that may belong to it.
fn misplaced(case: &Case<'_>, judge: &Scoring<'_>, children: &[&Meter]) -> Vec<Suspect> {
    let open = |node: &&Meter| node.id != case.node && judge.open_share(node.id) >= OPEN_SHARE;
    let others: Vec<&Meter> = case.tree.nodes().filter(open).collect();
    let below = |node: MeterId, meter: MeterId| {
        node == meter || case.tree.ancestors(node).any(|above| above.id == meter)
    };
    let mut suspects = Vec::new();
    for other in &others {
        for child in children.iter().filter(|child| !below(other.id, child.id)) {
            suspects.extend(moved(case, child, other));
        }
        if let Some(node) = case.tree.get(case.node).filter(|_| judge.loses()) {
            for child in case.tree.children(other.id).filter(|child| !below(node.id, child.id)) {
                suspects.extend(moved(case, child, node));
            }
        }
    }
    suspects
}

fn moved(case: &Case<'_>, meter: &Meter, to: &Meter) -> Option<Suspect> {
    let series = case.series.get(&meter.id)?;
    Some(Suspect {
        code: Code::WrongParent,
        fault: Fault::Elsewhere {
            meter: meter.number.clone(),
            node: to.number.clone(),
            name: to.name.clone(),
        },
        meter: Meter { parent: Some(to.id), ..meter.clone() },
        quarters: series.quarters.clone(),
    })
}
