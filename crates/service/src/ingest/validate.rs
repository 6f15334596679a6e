//! What may be stored.

use std::collections::HashSet;

use acquisition::RefusalReason;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Reading;
use domain::site::SiteKind;
use domain::trail::{QUARTER, floor};
use storage::intervals::Key;

use crate::registry::Known;

/// How far a source's clock may run ahead on a live site.
const FUTURE_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// Why a reading may not be stored; none when it may.
pub(crate) fn refusal(
    known: &Known,
    frozen: &HashSet<Key>,
    reading: &Reading,
    now: DateTime<Utc>,
) -> Option<RefusalReason> {
    let Some(site) = known.site_of(reading.meter) else {
        return Some(RefusalReason::UnknownMeter);
    };
    if site.kind == SiteKind::Live && reading.at > now + FUTURE_TOLERANCE {
        return Some(RefusalReason::Future);
    }
    if floor(reading.at, QUARTER).is_some_and(|start| frozen.contains(&(reading.meter, start))) {
        return Some(RefusalReason::Frozen);
    }
    if let Some(field) = reading.values.not_finite() {
        return Some(RefusalReason::NotFinite(field));
    }
    reading.values.present().next().is_none().then_some(RefusalReason::Empty)
}
