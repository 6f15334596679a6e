//! Whether an alarm was open, or was soon, whenever a meter showed more power than it may.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::faults::Field;
use crate::plan::Meter;
use crate::sources::fetched::{LIMIT_W, WATCHED};

/// An alarm is raised so long after the reading, while faults strike.
const RAISED_WITHIN: TimeDelta = TimeDelta::seconds(30);
/// What was shown while the clock was wrong is of no time at which an alarm could be looked for.
const AROUND_A_LEAP: TimeDelta = TimeDelta::seconds(30);

pub(super) async fn missing(
    pool: &PgPool,
    meters: &BTreeMap<Meter, i64>,
    field: &Field,
) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    for meter in (0..WATCHED).map(Meter::fetched) {
        let unheard: Vec<(DateTime<Utc>,)> = sqlx::query_as(
            "SELECT r.\"timestamp\" FROM meter_readings r \
             WHERE r.meter_id = $1 AND r.active_power_kw * 1000 > $2 AND r.\"timestamp\" <= $3 \
             AND NOT EXISTS (SELECT FROM alarms a WHERE a.meter_id = $1 AND a.kind = 'threshold' \
               AND a.raised_at <= r.\"timestamp\" + $4 \
               AND coalesce(a.cleared_at, 'infinity') >= r.\"timestamp\") \
             ORDER BY 1",
        )
        .bind(meters.get(&meter))
        .bind(LIMIT_W)
        .bind(Utc::now() - RAISED_WITHIN)
        .bind(RAISED_WITHIN)
        .fetch_all(pool)
        .await?;
        let is_leap = |at: DateTime<Utc>| {
            let mut leaps = field.leapt();
            leaps.any(|leap| (leap.start - AROUND_A_LEAP..leap.end + AROUND_A_LEAP).contains(&at))
        };
        let unheard = unheard.into_iter().filter(|(at,)| !is_leap(*at));
        missing.extend(unheard.map(|(at,)| format!("S-{} at {at}", meter.0)));
    }
    Ok(missing)
}
