//! What may be stored.

use std::collections::HashSet;

use acquisition::RefusalReason;
use chrono::{DateTime, TimeDelta, Utc};
use domain::site::{Site, SiteKind};
use domain::trail::{QUARTER, floor};
use domain::{Reading, Source};
use storage::intervals::Key;

use crate::registry::Known;
use crate::window::FIRST_READING;

/// How far a source's clock may run ahead of its site's.
const FUTURE_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// Why a reading may not be stored; none when it may. What makes a simulated world's readings also moves
/// its clock, and may be ahead of it.
pub(crate) fn refusal(
    known: &Known,
    frozen: &HashSet<Key>,
    reading: &Reading,
    present: impl Fn(&Site) -> DateTime<Utc>,
) -> Option<RefusalReason> {
    let Some(site) = known.site_of(reading.meter) else {
        return Some(RefusalReason::UnknownMeter);
    };
    let makes_time = site.kind == SiteKind::Simulated && reading.source == Source::Simulator;
    if !makes_time && reading.at > present(site) + FUTURE_TOLERANCE {
        return Some(RefusalReason::Future);
    }
    if reading.at < FIRST_READING {
        return Some(RefusalReason::TooEarly);
    }
    if floor(reading.at, QUARTER).is_some_and(|start| frozen.contains(&(reading.meter, start))) {
        return Some(RefusalReason::Frozen);
    }
    if let Some(field) = reading.values.not_finite() {
        return Some(RefusalReason::NotFinite(field));
    }
    if let Some(field) = reading.values.beyond_measure() {
        return Some(RefusalReason::BeyondMeasure(field));
    }
    reading.values.present().next().is_none().then_some(RefusalReason::Empty)
}
