//! What was found in the registers of a period.

use std::collections::HashMap;

use domain::MeterId;
use domain::energy::QUARTER;
use domain::energy::interval::Flags;
use domain::losses::view::FoundCause;
use domain::message::Message;
use domain::meters::hierarchy::Tree;
use domain::view::PeriodContext;

use crate::{Core, Error};

/// What is worth telling, the most important first: an interval is told by the first it has.
const TOLD: [Flags; 7] = [
    Flags::QUARANTINED,
    Flags::EXCHANGE,
    Flags::ROLLOVER,
    Flags::RESET,
    Flags::CORRECTED,
    Flags::GLITCH,
    Flags::GAP,
];
/// As many as are read in one go; the newest.
const MOST: usize = 40;
/// A gap at more meters than these is one event: the collector or the network was away, not each meter.
const OWN_GAPS: usize = 3;

/// Of every meter of a site, the newest first.
pub(super) async fn of_site(
    core: &Core,
    shown: &PeriodContext,
    tree: &Tree,
) -> Result<Vec<FoundCause>, Error> {
    let names: HashMap<MeterId, &str> =
        tree.meters().iter().map(|meter| (meter.id, meter.name.as_str())).collect();
    let ids: Vec<MeterId> = names.keys().copied().collect();
    let told = TOLD.iter().fold(0, |all, flag| all | flag.0);
    let span = (shown.window.from, shown.window.to);
    let events = async {
        Ok::<_, Error>(storage::energy::events::list(core.pool(), &ids, span, told).await?)
    };
    let (events, faults) = tokio::try_join!(events, faults(core, shown, tree))?;
    let mut found: Vec<FoundCause> = Vec::new();
    for event in events {
        let flags = Flags(event.flags);
        let Some(flag) = TOLD.into_iter().find(|flag| flags.has(*flag)) else { continue };
        let end = event.bucket_start + QUARTER;
        let last = found.last_mut().filter(|last| {
            let follows = last.until.unwrap_or(last.at) == event.bucket_start;
            last.meter == event.meter() && last.flag == flag && flag == Flags::GAP && follows
        });
        if let Some(last) = last {
            last.until = Some(end);
            last.kwh += event.import_kwh;
            continue;
        }
        found.push(FoundCause {
            meter: event.meter(),
            name: names.get(&event.meter()).map_or_else(String::new, |name| (*name).to_owned()),
            at: event.bucket_start,
            until: (flag == Flags::GAP).then_some(end),
            flag,
            kwh: event.import_kwh,
            fault: None,
            others: 0,
        });
    }
    let mut found = join_gaps(found);
    found.extend(faults);
    found.sort_by_key(|found| std::cmp::Reverse(found.at));
    found.truncate(MOST);
    Ok(found)
}

/// Makes one event of a gap that many meters had at the same time, under the name of the first of them.
fn join_gaps(mut found: Vec<FoundCause>) -> Vec<FoundCause> {
    let time = |event: &FoundCause| (event.at, event.until);
    found.sort_by(|one, other| (time(one), &one.name).cmp(&(time(other), &other.name)));
    let mut joined = Vec::new();
    for events in found.chunk_by(|one, other| time(one) == time(other)) {
        let (gaps, rest): (Vec<_>, Vec<_>) =
            events.iter().cloned().partition(|event| event.flag == Flags::GAP);
        joined.extend(rest);
        if gaps.len() <= OWN_GAPS {
            joined.extend(gaps);
            continue;
        }
        let (kwh, others) = (gaps.iter().map(|gap| gap.kwh).sum(), gaps.len() - 1);
        joined.extend(gaps.into_iter().next().map(|first| FoundCause { kwh, others, ..first }));
    }
    joined
}

/// Faults that the balances of nodes named, each by the first day on which it was.
async fn faults(core: &Core, shown: &PeriodContext, tree: &Tree) -> Result<Vec<FoundCause>, Error> {
    let since = shown.site.today_start(shown.window.from);
    let nodes: Vec<MeterId> = tree.nodes().map(|node| node.id).collect();
    let found = storage::losses::summed::named(core.pool(), &nodes, since, shown.window.to).await?;
    let mut faults: Vec<FoundCause> = Vec::new();
    for (node, day, found) in found {
        let Some(named) = found.named else { continue };
        let text = Message::from(named.text);
        let known = faults.iter_mut().find(|fault| {
            fault.meter == named.meter_id
                && fault.fault.as_ref().is_some_and(|(_, known)| *known == text)
        });
        if let Some(known) = known {
            known.at = known.at.min(day);
            continue;
        }
        faults.push(FoundCause {
            meter: named.meter_id,
            name: tree.get(named.meter_id).map_or(named.meter_number, |m| m.name.clone()),
            at: day,
            until: None,
            flag: Flags::default(),
            kwh: named.residual_kwh,
            fault: Some((node, text)),
            others: 0,
        });
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn event(meter: i64, hour: i64, flag: Flags) -> FoundCause {
        let at = DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        FoundCause {
            meter: MeterId(meter),
            name: format!("M-{meter:02}"),
            at,
            until: (flag == Flags::GAP).then_some(at + QUARTER),
            flag,
            kwh: 2.0,
            fault: None,
            others: 0,
        }
    }

    #[test]
    fn a_gap_of_the_whole_plant_is_one_event_and_hides_no_other() {
        let plant = (1..=92).rev().map(|meter| event(meter, 5, Flags::GAP));
        let own = [event(3, 4, Flags::GAP), event(3, 5, Flags::RESET), event(4, 4, Flags::GAP)];
        let joined = join_gaps(plant.chain(own).collect());
        let told: Vec<_> =
            joined.iter().map(|it| (it.name.as_str(), it.flag, it.others, it.kwh)).collect();
        let expected = [
            ("M-03", Flags::GAP, 0, 2.0),
            ("M-04", Flags::GAP, 0, 2.0),
            ("M-03", Flags::RESET, 0, 2.0),
            ("M-01", Flags::GAP, 91, 184.0),
        ];
        assert_eq!(told, expected);
    }
}
