//! What was computed of meters, to be read: what they counted in a window, and their steps.

mod at_prices;
pub mod days;
pub mod derived;
mod directions;
pub mod events;
mod fuel;
pub mod intervals;
pub mod outliers;
pub mod quarantine;
pub mod registers;
mod series;
mod slots;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use sqlx::{FromRow, PgPool};

use crate::Error;

pub use at_prices::{
    GapAtPrice, PassedAtPrice, exporting, gaps_at_prices, passed, passed_at_prices,
};
pub use directions::exporters;
pub use fuel::{FuelDay, FuelSpan, fuel_days};
pub use series::{Counted, DateUnit, Step, StepsQuery, dated, first_day, part, steps};
pub use slots::{Slot, slots};

/// The whole days and quarter-hours that a window is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The whole days, the last one not included; equal where there is none.
    pub days: (NaiveDate, NaiveDate),
    /// Those of them on which the clock is changed, each with its length in seconds.
    pub changed: Vec<(NaiveDate, i32)>,
    /// The whole quarter-hours before them.
    pub head: (DateTime<Utc>, DateTime<Utc>),
    /// The whole quarter-hours after them.
    pub tail: (DateTime<Utc>, DateTime<Utc>),
}

/// What a meter counted in a window.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Sum {
    meter_id: MeterId,
    /// Import, kWh.
    pub import_kwh: f64,
    /// Export, kWh.
    pub export_kwh: f64,
    /// The part of both whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Litres by its own fuel counter.
    pub diesel_l: Option<f64>,
    /// Running time by its counter.
    pub runtime_s: f64,
    /// How often power rose from nothing.
    pub starts: i64,
    /// Seconds backed by readings.
    pub covered_s: f64,
    /// Seconds in gaps between readings that are believed.
    pub bridged_s: f64,
    pub flags: i32,
    /// First and last of the days.
    pub first_day: Option<NaiveDate>,
    /// See `first_day`.
    pub last_day: Option<NaiveDate>,
    /// Start of the first and the last of the quarter-hours.
    pub first_quarter: Option<DateTime<Utc>>,
    /// See `first_quarter`.
    pub last_quarter: Option<DateTime<Utc>>,
}

impl Sum {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        self.meter_id
    }
}

/// Seconds in gaps between believed readings; of rows from before they were told apart, what is not
/// covered of one with a gap in it.
macro_rules! bridged {
    ($seconds:expr) => {
        concat!(
            "coalesce(bridged_s, CASE WHEN flags & 64 <> 0 \
                 THEN (1 - coverage::float8) * ",
            $seconds,
            " ELSE 0 END)"
        )
    };
}
pub(crate) use bridged;

/// The instant at which a date begins in a zone. Of a midnight that comes twice Postgres takes the second
/// one; the last second of the day before comes once.
macro_rules! day_start {
    ($day:literal, $zone:literal) => {
        concat!(
            "least(",
            $day,
            "::timestamp AT TIME ZONE ",
            $zone,
            ", (",
            $day,
            "::timestamp - interval '1 second') AT TIME ZONE ",
            $zone,
            " + interval '1 second')"
        )
    };
}
pub(crate) use day_start;

macro_rules! quarters {
    ($from:literal, $to:literal) => {
        concat!(
            "SELECT sum(import_kwh) AS import_kwh, sum(export_kwh) AS export_kwh, \
                 sum(estimated_kwh) AS estimated_kwh, sum(diesel_l) AS diesel_l, \
                 sum(runtime_s) AS runtime_s, sum(starts) AS starts, \
                 sum(coverage::float8) * 900 AS covered_s, sum(",
            bridged!("900"),
            ") AS bridged_s, bit_or(flags) AS flags, \
                 NULL::date AS first_day, NULL::date AS last_day, \
                 min(bucket_start) AS first_quarter, max(bucket_start) AS last_quarter \
             FROM energy_intervals WHERE meter_id = meter.id AND bucket_start >= ",
            $from,
            " AND bucket_start < ",
            $to,
            " HAVING count(*) > 0"
        )
    };
}

/// How long a day is: the clock is changed on few of them.
macro_rules! seconds_of_day {
    () => {
        "coalesce(($9::integer[])[array_position($8::date[], energy_days.day)], 86400)"
    };
}

/// Each part is summed up before the parts are put together, and one meter after the other: for all of them at once,
/// rows may be sorted or hashed by their meter.
const SUMS: &str = concat!(
    "SELECT meter.id AS meter_id, summed.* FROM UNNEST($1::bigint[]) AS meter (id) \
     CROSS JOIN LATERAL (\
     SELECT sum(import_kwh) AS import_kwh, sum(export_kwh) AS export_kwh, \
         sum(estimated_kwh) AS estimated_kwh, sum(diesel_l) AS diesel_l, \
         sum(runtime_s) AS runtime_s, sum(starts)::bigint AS starts, \
         sum(covered_s) AS covered_s, sum(bridged_s) AS bridged_s, \
         bit_or(flags) AS flags, min(first_day) AS first_day, max(last_day) AS last_day, \
         min(first_quarter) AS first_quarter, max(last_quarter) AS last_quarter \
     FROM (\
         SELECT sum(import_kwh) AS import_kwh, sum(export_kwh) AS export_kwh, \
             sum(estimated_kwh) AS estimated_kwh, sum(diesel_l) AS diesel_l, \
             sum(runtime_s) AS runtime_s, sum(starts) AS starts, \
             sum(coverage::float8 * ",
    seconds_of_day!(),
    ") AS covered_s, sum(",
    bridged!(seconds_of_day!()),
    ") AS bridged_s, bit_or(flags) AS flags, \
             min(energy_days.day) AS first_day, max(energy_days.day) AS last_day, \
             NULL::timestamptz AS first_quarter, NULL::timestamptz AS last_quarter \
         FROM energy_days \
         WHERE meter_id = meter.id AND energy_days.day >= $2 AND energy_days.day < $3 \
         HAVING count(*) > 0 UNION ALL ",
    quarters!("$4", "$5"),
    " UNION ALL ",
    quarters!("$6", "$7"),
    ") AS part HAVING count(*) > 0) AS summed"
);

/// What each meter counted in the parts of a window; a meter without a row in them is absent.
pub async fn sums(pool: &PgPool, meters: &[MeterId], parts: &Parts) -> Result<Vec<Sum>, Error> {
    let (changed, seconds): (Vec<NaiveDate>, Vec<i32>) = parts.changed.iter().copied().unzip();
    Ok(sqlx::query_as(SUMS)
        .bind(meters)
        .bind(parts.days.0)
        .bind(parts.days.1)
        .bind(parts.head.0)
        .bind(parts.head.1)
        .bind(parts.tail.0)
        .bind(parts.tail.1)
        .bind(changed)
        .bind(seconds)
        .fetch_all(pool)
        .await?)
}

/// A quarter-hour at an end of a window.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Edge {
    meter_id: MeterId,
    /// When it begins.
    pub bucket_start: DateTime<Utc>,
    /// Import, kWh.
    pub import_kwh: f64,
    /// Export, kWh.
    pub export_kwh: f64,
    /// The part of both whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Litres by its own fuel counter.
    pub diesel_l: Option<f64>,
    /// Running time by its counter.
    pub runtime_s: f64,
    /// How often power rose from nothing.
    pub starts: i32,
    /// Share backed by readings, 0 to 1.
    pub coverage: f32,
    /// Seconds of it in gaps between readings that are believed.
    pub bridged_s: f64,
    /// What happened in it.
    pub flags: i32,
}

impl Edge {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        self.meter_id
    }
}

const EDGES: &str = concat!(
    "SELECT meter_id, bucket_start, import_kwh, export_kwh, estimated_kwh, diesel_l, \
         runtime_s, starts, coverage, ",
    bridged!("900"),
    " AS bridged_s, flags \
     FROM energy_intervals WHERE meter_id = ANY($1) AND bucket_start = $2"
);

/// The quarter-hours that begin at one of the instants. Each is asked for by itself: such a statement looks into one
/// month, and there for one row of each meter. With several instants, one whose plan knows none of them may read all
/// that lies between.
pub async fn edges(
    pool: &PgPool,
    meters: &[MeterId],
    starts: &[DateTime<Utc>],
) -> Result<Vec<Edge>, Error> {
    let mut all = Vec::new();
    for &start in starts.iter().collect::<BTreeSet<_>>() {
        let found: Vec<Edge> =
            sqlx::query_as(EDGES).bind(meters).bind(start).fetch_all(pool).await?;
        all.extend(found);
    }
    Ok(all)
}

/// Quarter-hours that are not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// How many wait to be: at most one more than was asked for.
    pub waiting: u64,
    /// How many could not be and stand aside.
    pub aside: u64,
}

/// How many quarter-hours of the meters over [`from`, `to`) are not computed, counted up to `most`.
pub async fn pending(
    pool: &PgPool,
    meters: &[MeterId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    most: u32,
) -> Result<Pending, Error> {
    let (waiting, aside): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM (\
                 SELECT FROM rollup_queue WHERE meter_id = ANY($1) \
                     AND bucket_start >= $2 AND bucket_start < $3 \
                 UNION ALL SELECT FROM rollup_claims WHERE meter_id = ANY($1) \
                     AND bucket_start >= $2 AND bucket_start < $3 \
                 LIMIT $4) AS counted), \
             (SELECT count(*) FROM set_aside WHERE meter_id = ANY($1) AND work = 'energy' \
                 AND start >= $2 AND start < $3)",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .bind(i64::from(most) + 1)
    .fetch_one(pool)
    .await?;
    Ok(Pending { waiting: waiting.unsigned_abs(), aside: aside.unsigned_abs() })
}
