//! Registers: what energy is computed from.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::register_history::HistorySample;
use domain::readings::Source;
use domain::{MeterId, Quality, is_measurable};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgPool, Row as _};

use crate::Error;

/// The registers of a reading, with its active power.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterSample {
    /// The measuring point.
    pub meter: MeterId,
    /// When the values held.
    pub at: DateTime<Utc>,
    /// Total energy register in kWh.
    pub total_energy_kwh: Option<f64>,
    /// Import register in kWh.
    pub energy_import_kwh: Option<f64>,
    /// Export register in kWh.
    pub energy_export_kwh: Option<f64>,
    /// Active power in kW.
    pub active_power_kw: Option<f64>,
    /// Running hours counter in h.
    pub runtime_hours: Option<f64>,
    /// Diesel in litres: an increment or a counter, as the meter's `diesel_register` says.
    pub diesel_consumption_liters: Option<f64>,
    /// How far it can be trusted.
    pub quality: Quality,
    /// Whether somebody estimated its values.
    pub is_estimate: bool,
}

impl From<&RegisterSample> for HistorySample {
    fn from(row: &RegisterSample) -> Self {
        Self {
            at: row.at,
            total_kwh: row.total_energy_kwh,
            import_kwh: row.energy_import_kwh,
            export_kwh: row.energy_export_kwh,
            power_kw: row.active_power_kw.filter(|_| row.quality.is_dated()),
            runtime_hours: row.runtime_hours,
            is_computed: row.quality == Quality::Derived,
        }
    }
}

/// The readings with registers next to an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Bracket {
    /// The measuring point.
    pub meter: MeterId,
    pub instant: DateTime<Utc>,
    /// The last one at or before the instant, within reach.
    pub before: Option<RegisterSample>,
    /// The first one at or after the instant, within reach.
    pub after: Option<RegisterSample>,
}

macro_rules! columns {
    () => {
        "meter_id, \"timestamp\", total_energy_kwh, energy_import_kwh, energy_export_kwh, \
         active_power_kw, runtime_hours, diesel_consumption_liters, quality, source"
    };
}

impl FromRow<'_, PgRow> for RegisterSample {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        // Only plain SQL can store what no meter shows; no energy can be computed from them.
        let value = |index: usize| {
            row.try_get::<Option<f64>, _>(index).map(|value| value.filter(|v| is_measurable(*v)))
        };
        let quality = row.try_get(8)?;
        Ok(Self {
            meter: row.try_get(0)?,
            at: row.try_get(1)?,
            total_energy_kwh: value(2)?,
            energy_import_kwh: value(3)?,
            energy_export_kwh: value(4)?,
            active_power_kw: value(5)?,
            runtime_hours: value(6)?,
            diesel_consumption_liters: value(7)?,
            quality,
            is_estimate: row.try_get::<Source, _>(9)?.is_estimate(quality),
        })
    }
}

/// Readings of the meters at or after an instant, by meter and time, without those that somebody estimated.
pub async fn recent(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
) -> Result<Vec<RegisterSample>, Error> {
    let mut samples: Vec<RegisterSample> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM meter_readings \
          WHERE meter_id = ANY($1) AND \"timestamp\" >= $2 AND \"timestamp\" < 'infinity' \
          ORDER BY meter_id, \"timestamp\"",
    ))
    .bind(meters)
    .bind(from)
    .fetch_all(pool)
    .await?;
    samples.retain(|sample| !sample.is_estimate);
    Ok(samples)
}

/// The nearest reading of a meter with a register, in one direction within a window.
macro_rules! within {
    ($order:literal, $window:literal) => {
        concat!(
            "(SELECT ",
            columns!(),
            " FROM (SELECT ",
            columns!(),
            " FROM meter_readings WHERE meter_id = meter.id AND ",
            $window,
            " ORDER BY \"timestamp\" ",
            $order,
            " LIMIT 1000) AS neighbour \
              WHERE total_energy_kwh IS NOT NULL OR energy_import_kwh IS NOT NULL \
                  OR energy_export_kwh IS NOT NULL \
              ORDER BY \"timestamp\" ",
            $order,
            " LIMIT 1)"
        )
    };
}

/// The nearest reading of each meter from an instant, as an expression; `$wanted` makes rows with it, where it is not a
/// parameter.
macro_rules! nearest {
    ($wanted:literal, $instant:literal, $within:expr) => {
        concat!(
            "SELECT ",
            columns!(),
            ", ",
            $instant,
            "::timestamptz AS instant FROM UNNEST($1::bigint[]) AS meter (id) ",
            $wanted,
            " CROSS JOIN LATERAL ",
            $within,
            " AS nearest"
        )
    };
}

/// Looks close by first: most meters were read there, and one partition has it.
macro_rules! nearest_of_one {
    ($order:literal, $near:literal, $far:literal) => {
        nearest!(
            "",
            "$2",
            concat!("(", within!($order, $near), " UNION ALL ", within!($order, $far), " LIMIT 1)")
        )
    };
}

/// Before and after each of many instants.
const OF_MANY: [&str; 2] = [
    nearest!(
        "CROSS JOIN UNNEST($2::timestamptz[]) AS wanted (instant)",
        "wanted.instant",
        within!(
            "DESC",
            "\"timestamp\" <= wanted.instant AND \"timestamp\" >= wanted.instant - $3::interval"
        )
    ),
    nearest!(
        "CROSS JOIN UNNEST($2::timestamptz[]) AS wanted (instant)",
        "wanted.instant",
        within!(
            "ASC",
            "\"timestamp\" >= wanted.instant AND \"timestamp\" <= wanted.instant + $3::interval"
        )
    ),
];

/// Before and after one instant; the third parameter is what is close by, the fourth how far it is looked. A bound that
/// is computed in the statement would leave out no partition before it runs.
const OF_ONE: [&str; 2] = [
    nearest_of_one!(
        "DESC",
        "\"timestamp\" <= $2 AND \"timestamp\" >= $3",
        "\"timestamp\" <= $2 AND \"timestamp\" >= $4"
    ),
    nearest_of_one!(
        "ASC",
        "\"timestamp\" >= $2 AND \"timestamp\" <= $3",
        "\"timestamp\" >= $2 AND \"timestamp\" <= $4"
    ),
];

/// Readings of most meters lie this close to an instant.
const NEAR: TimeDelta = TimeDelta::hours(1);

/// Up to so many instants are asked for one by one: each statement looks into the partitions around its
/// instant instead of into all of them.
const FEW: usize = 4;

struct Nearest {
    sample: RegisterSample,
    instant: DateTime<Utc>,
}

impl FromRow<'_, PgRow> for Nearest {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self { sample: RegisterSample::from_row(row)?, instant: row.try_get(10)? })
    }
}

/// For each meter and instant the nearest readings with an energy register before and after, no further
/// away than `reach`. A reading at the instant itself is both. By meter, then by instant, in the order
/// given. A register behind a thousand readings without any is not looked for, so that a meter
/// that has none costs no more than that.
pub async fn brackets(
    pool: &PgPool,
    meters: &[MeterId],
    instants: &[DateTime<Utc>],
    reach: TimeDelta,
) -> Result<Vec<Bracket>, Error> {
    if meters.is_empty() {
        return Ok(Vec::new());
    }
    let nearest = async |of_one: &'static str, of_many: &'static str, way: TimeDelta| {
        if instants.len() <= FEW {
            each_nearest(pool, of_one, meters, instants, way).await
        } else {
            sqlx::query_as::<_, Nearest>(of_many)
                .bind(meters)
                .bind(instants)
                .bind(reach)
                .fetch_all(pool)
                .await
        }
    };
    let (before, after) = tokio::try_join!(
        nearest(OF_ONE[0], OF_MANY[0], -reach),
        nearest(OF_ONE[1], OF_MANY[1], reach)
    )?;
    let index = |rows: Vec<Nearest>| -> HashMap<_, _> {
        rows.into_iter().map(|row| ((row.sample.meter, row.instant), row.sample)).collect()
    };
    let (mut before, mut after) = (index(before), index(after));
    let all = meters.iter().flat_map(|&meter| instants.iter().map(move |&at| (meter, at)));
    Ok(all
        .map(|(meter, instant)| Bracket {
            meter,
            instant,
            before: before.remove(&(meter, instant)),
            after: after.remove(&(meter, instant)),
        })
        .collect())
}

async fn each_nearest(
    pool: &PgPool,
    statement: &'static str,
    meters: &[MeterId],
    instants: &[DateTime<Utc>],
    way: TimeDelta,
) -> sqlx::Result<Vec<Nearest>> {
    let mut all = Vec::with_capacity(meters.len() * instants.len());
    let near = way.clamp(-NEAR, NEAR);
    for &instant in instants {
        let bound = |way| instant.checked_add_signed(way).unwrap_or(instant);
        let rows: Vec<Nearest> = sqlx::query_as(statement)
            .bind(meters)
            .bind(instant)
            .bind(bound(near))
            .bind(bound(way))
            .fetch_all(pool)
            .await?;
        all.extend(rows);
    }
    Ok(all)
}
