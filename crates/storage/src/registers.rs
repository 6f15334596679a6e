//! What readings showed about meters' registers, where nobody stated it.

use std::collections::HashMap;

use domain::MeterId;
use domain::interval::Flags;
use domain::meter::ImportRegister;
use sqlx::{PgConnection, PgPool};

use crate::{Error, rollup};

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
