//! What readings showed about meters' registers, where nobody stated it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::Flags;
use domain::meters::ImportRegister;
use sqlx::{PgConnection, PgPool};

use crate::{Error, rollup};

/// So many readings of a register are looked at for its step, and how far back.
const SHOWN: i64 = 48;
const SHOWN_WITHIN: TimeDelta = TimeDelta::days(2);

/// What was learned of a meter.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Learned {
    /// The import register that the first reading with one has.
    pub import_register: Option<ImportRegister>,
    /// When that reading was taken; none where it is not known any more.
    pub register_at: Option<DateTime<Utc>>,
    /// The smallest rise between two readings that follow each other, kWh.
    pub step_kwh: Option<f64>,
    /// When the second of the two was taken; none where that was not noted.
    pub step_at: Option<DateTime<Utc>>,
}

/// What was learned of each meter so far; absent where that is nothing.
pub async fn of(pool: &PgPool, meters: &[MeterId]) -> Result<HashMap<MeterId, Learned>, Error> {
    type Row = (i64, Option<String>, Option<DateTime<Utc>>, Option<f64>, Option<DateTime<Utc>>);
    if meters.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT meter_id, import_register, register_at, step_kwh, step_at \
         FROM meter_registers WHERE meter_id = ANY($1)",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?;
    let learned = |(meter, register, register_at, step_kwh, step_at): Row| {
        let import_register = register.as_deref().and_then(ImportRegister::parse);
        (MeterId(meter), Learned { import_register, register_at, step_kwh, step_at })
    };
    Ok(rows.into_iter().map(learned).collect())
}

/// Keeps what was learned, in place of what was learned before.
pub async fn learn(
    connection: &mut PgConnection,
    learned: &[(MeterId, Learned)],
) -> Result<(), Error> {
    let (meters, learned): (Vec<i64>, Vec<Learned>) =
        learned.iter().map(|(meter, learned)| (meter.0, *learned)).unzip();
    let registers =
        learned.iter().map(|learned| learned.import_register.map(ImportRegister::as_str));
    sqlx::query(
        "INSERT INTO meter_registers (meter_id, import_register, register_at, step_kwh, step_at) \
         SELECT * FROM UNNEST($1::bigint[], $2::text[], $3::timestamptz[], $4::float8[], \
             $5::timestamptz[]) \
         ON CONFLICT (meter_id) DO UPDATE SET import_register = excluded.import_register, \
             register_at = excluded.register_at, step_kwh = excluded.step_kwh, \
             step_at = excluded.step_at",
    )
    .bind(meters)
    .bind(registers.collect::<Vec<_>>())
    .bind(learned.iter().map(|learned| learned.register_at).collect::<Vec<_>>())
    .bind(learned.iter().map(|learned| learned.step_kwh).collect::<Vec<_>>())
    .bind(learned.iter().map(|learned| learned.step_at).collect::<Vec<_>>())
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
    if meters.is_empty() {
        return Ok(HashMap::new());
    }
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
    .bind(meters)
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

/// Quarter-hours of a meter that are computed again, since something else was learned of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    pub meter: MeterId,
    /// Those with a fall or a step that was not believed, and those that hold this energy or more, kWh.
    pub busy_kwh: f64,
}

/// Queues quarter-hours that were judged by what was learned before.
pub async fn queue_judged(connection: &mut PgConnection, judged: &[Judged]) -> Result<(), Error> {
    rollup::hold_off_claims(connection).await?;
    let odd = [Flags::NOISE, Flags::RESET, Flags::ROLLOVER, Flags::GLITCH, Flags::QUARANTINED];
    let odd = odd.into_iter().fold(Flags::default(), Flags::with);
    sqlx::query(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT meter_id, bucket_start FROM energy_intervals \
         JOIN UNNEST($1::bigint[], $2::float8[]) AS judged (meter, busy) ON meter = meter_id \
         WHERE NOT frozen AND (flags & $3 <> 0 OR import_kwh + export_kwh >= busy) \
         ON CONFLICT DO NOTHING",
    )
    .bind(judged.iter().map(|judged| judged.meter).collect::<Vec<_>>())
    .bind(judged.iter().map(|judged| judged.busy_kwh).collect::<Vec<_>>())
    .bind(odd)
    .execute(connection)
    .await?;
    Ok(())
}
