//! What happened to the meters in the time that is drawn.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::energy::interval::Decision;
use domain::energy::window::Window;
use domain::history::view::{Event, Mark};
use domain::view::PeriodContext;
use domain::{Field, MeterId};
use storage::energy::outliers::OutliersFilter;
use storage::readings::corrections::Correction;

use super::Chosen;
use crate::{Core, Error};

/// Marks that a chart can carry.
const MOST: usize = 30;
/// Alarms of one meter that are looked at.
const MOST_ALARMS: i64 = 30;
/// Outliers of one meter that are marked.
const MOST_OUTLIERS: i64 = 500;

/// The marks in order of time, and how many more there are.
pub(super) async fn marks(
    core: &Core,
    shown: &PeriodContext,
    drawn: Window,
    chosen: &[Chosen],
) -> Result<(Vec<Mark>, usize), Error> {
    let mut meters: Vec<(MeterId, &str)> =
        chosen.iter().map(|chosen| (chosen.meter.id, chosen.meter.name.as_str())).collect();
    meters.sort_unstable();
    meters.dedup();
    let pool = core.pool();
    let ids: Vec<MeterId> = meters.iter().map(|(id, _)| *id).collect();
    let mut exchanges = storage::meters::exchanges::of(pool, &ids).await?;
    let corrections = storage::readings::corrections::of(pool, &ids, drawn.from, drawn.to).await?;
    let mut marks = Vec::new();
    for (meter, name) in meters {
        let mark = |at, until, event| Mark { at, until, meter, name: name.to_owned(), event };
        let swapped = exchanges.remove(&meter).unwrap_or_default();
        let swapped = swapped.into_iter().filter(|swap| (drawn.from..drawn.to).contains(&swap.at));
        marks.extend(swapped.map(|swap| mark(swap.at, None, Event::Exchange(swap))));
        let of_meter = corrections.iter().filter(|correction| correction.meter == meter);
        for (field, all) in by_field(of_meter) {
            let ends = all.iter().map(|c| c.at).min().zip(all.iter().map(|c| c.at).max());
            let Some((from, to)) = ends else { continue };
            let event = Event::Correction { field, count: all.len() };
            marks.push(mark(from, (to > from).then_some(to), event));
        }
        for (field, at) in outliers(core, shown, drawn, meter).await? {
            let Some((&first, &last)) = at.first().zip(at.last()) else { continue };
            let event = Event::Outliers { field, at };
            marks.push(mark(first, (last > first).then_some(last), event));
        }
        let asked = storage::alarms::AlarmsFilter {
            meter: Some(meter),
            from: Some(drawn.from),
            to: Some(drawn.to),
            limit: MOST_ALARMS,
            ..storage::alarms::AlarmsFilter::default()
        };
        for alarm in storage::alarms::list(pool, shown.site.id, asked).await? {
            let event = Event::Alarm { about: alarm.about, severity: alarm.severity };
            marks.push(mark(alarm.raised_at.max(drawn.from), alarm.cleared_at, event));
        }
    }
    marks.sort_by_key(|mark| mark.at);
    let more = marks.len().saturating_sub(MOST);
    marks.truncate(MOST);
    Ok((marks, more))
}

/// When a meter showed what is left out.
async fn outliers(
    core: &Core,
    shown: &PeriodContext,
    drawn: Window,
    meter: MeterId,
) -> Result<BTreeMap<Field, Vec<DateTime<Utc>>>, Error> {
    let (from, to) = (Some(drawn.from), Some(drawn.to));
    let filter = OutliersFilter { meter: Some(meter), from, to, after: None, limit: MOST_OUTLIERS };
    let found = storage::energy::outliers::list(core.pool(), shown.site.id, &filter).await?;
    let mut of: BTreeMap<Field, Vec<DateTime<Utc>>> = BTreeMap::new();
    for kept in found.into_iter().rev().filter(|kept| kept.decision != Some(Decision::Accept)) {
        of.entry(kept.field).or_default().push(kept.at);
    }
    Ok(of)
}

/// Corrections of a meter by the field that they correct.
fn by_field<'a>(
    corrections: impl Iterator<Item = &'a Correction>,
) -> Vec<(Field, Vec<&'a Correction>)> {
    let mut found: Vec<(Field, Vec<&Correction>)> = Vec::new();
    for correction in corrections {
        match found.iter_mut().find(|(field, _)| *field == correction.field) {
            Some((_, all)) => all.push(correction),
            None => found.push((correction.field, vec![correction])),
        }
    }
    found
}
