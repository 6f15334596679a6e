//! What readings showed about meters' registers, where nobody stated it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::interval::Flags;
use domain::meter::ImportRegister;
use sqlx::{PgConnection, PgPool};

use crate::{Error, rollup};

/// So many readings of a register are looked at for its step, and how far back.
const SHOWN: i64 = 48;
const SHOWN_WITHIN: TimeDelta = TimeDelta::days(2);

/// What was learned of a meter.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Learned {
    /// The first import register that was seen.
    pub import_register: Option<ImportRegister>,
    /// The smallest rise that was seen, kWh.
    pub step_kwh: Option<f64>,
}

/// What was learned of each meter so far; absent where that is nothing.
pub async fn of(pool: &PgPool, meters: &[MeterId]) -> Result<HashMap<MeterId, Learned>, Error> {
    let rows: Vec<(i64, Option<String>, Option<f64>)> = sqlx::query_as(
        "SELECT meter_id, import_register, step_kwh FROM meter_registers WHERE meter_id = ANY($1)",
    )
    .bind(meters.iter().map(|meter| meter.0).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    let learned = |(meter, register, step_kwh): (i64, Option<String>, _)| {
        let import_register = register.as_deref().and_then(ImportRegister::parse);
        (MeterId(meter), Learned { import_register, step_kwh })
    };
    Ok(rows.into_iter().map(learned).collect())
}

/// Keeps what was learned: of registers the first, of steps the smallest.
pub async fn learn(
    connection: &mut PgConnection,
    learned: &[(MeterId, Learned)],
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO meter_registers AS known (meter_id, import_register, step_kwh) \
         SELECT UNNEST($1::bigint[]), UNNEST($2::text[]), UNNEST($3::float8[]) \
         ON CONFLICT (meter_id) DO UPDATE SET \
             import_register = coalesce(known.import_register, excluded.import_register), \
             step_kwh = least(known.step_kwh, excluded.step_kwh)",
    )
    .bind(learned.iter().map(|(meter, _)| meter.0).collect::<Vec<_>>())
    .bind(
        learned
            .iter()
            .map(|(_, learned)| learned.import_register.map(ImportRegister::as_str))
            .collect::<Vec<_>>(),
    )
    .bind(learned.iter().map(|(_, learned)| learned.step_kwh).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// What the import registers of meters showed last before an instant, each in order of time: of those
/// whose smallest rise is at least `least`, which may be a step of the register.
pub async fn shown(
    pool: &PgPool,
    meters: &[MeterId],
    least: f64,
    before: DateTime<Utc>,
) -> Result<HashMap<MeterId, Vec<f64>>, Error> {
    let rows: Vec<(i64, f64)> = sqlx::query_as(
        "SELECT known.meter_id, shown.kwh FROM meter_registers AS known \
         CROSS JOIN LATERAL (\
             SELECT \"timestamp\", CASE known.import_register WHEN 'import' \
                 THEN energy_import_kwh ELSE total_energy_kwh END AS kwh \
             FROM meter_readings WHERE meter_id = known.meter_id \
                 AND \"timestamp\" < $3 AND \"timestamp\" >= $3 - $4 \
             ORDER BY \"timestamp\" DESC LIMIT $5\
         ) AS shown \
         WHERE known.meter_id = ANY($1) AND known.step_kwh >= $2 AND shown.kwh IS NOT NULL \
         ORDER BY known.meter_id, shown.\"timestamp\"",
    )
    .bind(meters.iter().map(|meter| meter.0).collect::<Vec<_>>())
    .bind(least)
    .bind(before)
    .bind(SHOWN_WITHIN)
    .bind(SHOWN)
    .fetch_all(pool)
    .await?;
    let mut shown: HashMap<MeterId, Vec<f64>> = HashMap::new();
    for (meter, kwh) in rows {
        shown.entry(MeterId(meter)).or_default().push(kwh);
    }
    Ok(shown)
}

/// Queues the quarter-hours of meters that were judged by the step: those with noise or a reset.
pub async fn queue_judged_by_step(
    connection: &mut PgConnection,
    meters: &[MeterId],
) -> Result<(), Error> {
    rollup::hold_off_claims(connection).await?;
    sqlx::query(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT meter_id, bucket_start FROM energy_intervals \
         WHERE meter_id = ANY($1) AND flags & $2 <> 0 AND NOT frozen \
         ON CONFLICT DO NOTHING",
    )
    .bind(meters.iter().map(|meter| meter.0).collect::<Vec<_>>())
    .bind(Flags::NOISE.with(Flags::RESET).0)
    .execute(connection)
    .await?;
    Ok(())
}
