//! What may be stored.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::energy::{QUARTER, floor};
use domain::readings::refusal::RefusalReason;
use domain::sites::{Site, SiteKind};
use domain::{Reading, Source};
use storage::span::Key;

use crate::instants::{AHEAD, FAR, FIRST_READING};
use crate::registry::Known;

/// Why nothing can have happened at an instant, by a clock that shows `present`; none where it can.
pub(crate) fn impossible(at: DateTime<Utc>, present: DateTime<Utc>) -> Option<RefusalReason> {
    if at > present + AHEAD {
        Some(RefusalReason::Future)
    } else {
        (at < FIRST_READING).then_some(RefusalReason::TooEarly)
    }
}

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
    let latest = if makes_time { FAR } else { present(site) };
    if let Some(reason) = impossible(reading.at, latest) {
        return Some(reason);
    }
    if floor(reading.at, QUARTER).is_some_and(|start| frozen.contains(&(reading.meter, start))) {
        return Some(RefusalReason::Frozen);
    }
    if let Some(field) = reading.values.not_finite() {
        return Some(RefusalReason::NotFinite { field });
    }
    if let Some(field) = reading.values.beyond_measure() {
        return Some(RefusalReason::beyond_measure(field));
    }
    reading.values.present().next().is_none().then_some(RefusalReason::Empty)
}
