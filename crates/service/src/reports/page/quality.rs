//! How the meters of a site were read over a month, and what was the matter with them.

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::MeterId;
use domain::alarms::{Alarm, Severity};
use domain::energy::interval::Flags;
use domain::meters::Meter;
use domain::reports::{AlarmLine, Alarms, MeterQuality};
use domain::view::PeriodContext;
use storage::alarms::AlarmsFilter;
use storage::energy::quarantine::State;

use crate::energy::window_energy::WindowEnergy;
use crate::{Core, Error};

/// Alarms of a month that are looked at, and those that are listed.
const MOST_ALARMS: i64 = 10_000;
const LISTED: usize = 40;

/// What happens to a register.
const EVENTS: [Flags; 3] = [Flags::RESET, Flags::ROLLOVER, Flags::EXCHANGE];

pub(super) struct Read {
    /// Meters of which something is to be said, the least covered first.
    pub(super) meters: Vec<MeterQuality>,
    /// Numbers of those of which nothing is known.
    pub(super) unread: Vec<String>,
}

pub(super) async fn of(
    core: &Core,
    shown: &PeriodContext,
    figures: &WindowEnergy,
) -> Result<Read, Error> {
    let (pool, window) = (core.pool(), shown.window);
    let meters = figures.tree().meters();
    let ids: Vec<MeterId> = meters.iter().map(|meter| meter.id).collect();
    let flags = EVENTS.iter().fold(0, |all, flag| all | flag.0);
    let (events, corrections, held, outliers) = tokio::try_join!(
        storage::energy::events::list(pool, &ids, (window.from, window.to), flags),
        storage::readings::corrections::of(pool, &ids, window.from, window.to),
        storage::energy::quarantine::list(pool, shown.site.id, None, Some(State::Open)),
        storage::energy::outliers::counts(pool, &ids, window.from, window.to),
    )?;
    let held = held.iter().filter(|held| window.from <= held.step.at && held.step.at < window.to);
    let events = count(events.iter().map(storage::energy::events::Event::meter));
    let corrections = count(corrections.iter().map(|correction| correction.meter));
    let held = count(held.map(|held| held.meter));
    let of = |counts: &HashMap<MeterId, u32>, id| counts.get(&id).copied().unwrap_or_default();
    let quality = |meter: &Meter| {
        let counted = figures.counted(meter.id);
        let known = counted.and_then(|counted| counted.known);
        let coverage = known.map_or(0.0, |known| known.energy.coverage);
        MeterQuality {
            meter_id: meter.id,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            coverage,
            gap_hours: (window.to - window.from).as_seconds_f64() / 3600.0 * (1.0 - coverage),
            estimated_kwh: counted.map_or(0.0, |counted| counted.estimated.0),
            corrections: of(&corrections, meter.id),
            quarantined: of(&held, meter.id),
            outliers: of(&outliers, meter.id),
            register_events: of(&events, meter.id),
        }
    };
    let is_unread = |meter: &&Meter| figures.known(meter.id).is_none();
    let mut found: Vec<MeterQuality> =
        meters.iter().map(quality).filter(MeterQuality::is_remarkable).collect();
    found.sort_by(|a, b| {
        a.coverage.total_cmp(&b.coverage).then(a.meter_number.cmp(&b.meter_number))
    });
    let unread = meters.iter().filter(is_unread).map(|meter| meter.number.clone());
    Ok(Read { meters: found, unread: unread.collect() })
}

fn count(meters: impl Iterator<Item = MeterId>) -> HashMap<MeterId, u32> {
    let mut counts = HashMap::new();
    for meter in meters {
        *counts.entry(meter).or_default() += 1;
    }
    counts
}

/// The alarms that were open at some time of the month.
pub(super) async fn alarms(core: &Core, shown: &PeriodContext) -> Result<Alarms, Error> {
    let window = shown.window;
    let asked = AlarmsFilter {
        from: Some(window.from),
        to: Some(window.to),
        limit: MOST_ALARMS,
        ..AlarmsFilter::default()
    };
    let mut alarms = storage::alarms::list(core.pool(), shown.site.id, asked).await?;
    let count = alarms.len();
    let critical = alarms.iter().filter(|alarm| alarm.severity == Severity::Critical).count();
    alarms.sort_by_key(|alarm| (Reverse(alarm.severity), alarm.raised_at, alarm.id));
    alarms.truncate(LISTED);
    let line = |alarm: Alarm| AlarmLine {
        id: alarm.id,
        meter_name: alarm.meter_name,
        severity: alarm.severity,
        text: alarm.about.into(),
        raised_at: alarm.raised_at,
        cleared_at: alarm.cleared_at,
    };
    Ok(Alarms { count, critical, listed: alarms.into_iter().map(line).collect() })
}
