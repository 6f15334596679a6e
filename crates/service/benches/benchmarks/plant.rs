//! A plant of any size: a grid meter, a main meter, and feeders with nine machines each.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use sqlx::PgPool;

/// Meters below each feeder.
const MACHINES: usize = 9;
/// Share of a node's power that its cable loses.
const LOST: f64 = 0.02;

/// The meters with their steady power, parents first.
pub(crate) struct Plant {
    pub(crate) ids: Vec<MeterId>,
    pub(crate) kw: Vec<f64>,
}

/// Number of the meter above each but the first: the main meter below the grid's, feeders below the
/// main meter, machines below their feeder.
fn above(i: usize) -> Option<usize> {
    match i.checked_sub(2) {
        None => i.checked_sub(1),
        Some(nth) if nth % (MACHINES + 1) == 0 => Some(1),
        Some(nth) => Some(2 + nth - nth % (MACHINES + 1)),
    }
}

/// Whether other meters hang below the one with this number.
pub(crate) fn is_node(i: usize) -> bool {
    i < 2 || (i - 2).is_multiple_of(MACHINES + 1)
}

/// Registers `count` meters on the default site, in a database that has none.
pub(crate) async fn register(pool: &PgPool, count: usize) -> Result<Plant, sqlx::Error> {
    let ids: Vec<MeterId> = (1..).take(count).map(MeterId).collect();
    let mut kw = vec![0.0; count];
    for i in (0..count).rev() {
        kw[i] = if is_node(i) { kw[i] / (1.0 - LOST) } else { 3.0 + (i % 17) as f64 };
        if let Some(above) = above(i) {
            kw[above] += kw[i];
        }
    }
    let parents: Vec<Option<i64>> =
        (0..count).map(|i| above(i).map(|above| ids[above].0)).collect();
    let (kinds, levels): (Vec<&str>, Vec<i16>) = (0..count).map(kind).unzip();
    let plant = Plant { ids, kw };
    sqlx::query(
        "INSERT INTO energy_meters (id, site_id, parent_meter_id, level, meter_type, \
             meter_number, meter_name, area, rated_power_kw, accuracy_class, register_step_kwh, \
             import_register, latitude, longitude) \
         SELECT id, $6, parent, level, kind, 'B-' || lpad(id::text, 5, '0'), \
             'B-' || lpad(id::text, 5, '0'), 'Hall ' || id % 7, kw * 2, 0.5, 0.001, 'total', \
             18.76 + id / 100 * 1e-4, 73.86 + id % 100 * 1e-4 \
         FROM UNNEST($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::float8[]) \
             AS meter (id, parent, level, kind, kw) \
         ORDER BY id",
    )
    .bind(plant.numbers())
    .bind(parents)
    .bind(levels)
    .bind(kinds)
    .bind(&plant.kw)
    .bind(storage::sites::DEFAULT.0)
    .execute(pool)
    .await?;
    Ok(plant)
}

/// Its type and its level.
fn kind(i: usize) -> (&'static str, i16) {
    match i {
        0 => ("Grid", 0),
        1 => ("Main", 1),
        i if is_node(i) => ("Unit", 2),
        _ => ("Machine", 3),
    }
}

impl Plant {
    /// Readings of 18 values by all meters, every `step` from `from` to before `to`; answers how many.
    pub(crate) async fn read(
        &self,
        pool: &PgPool,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        step: TimeDelta,
    ) -> Result<u64, sqlx::Error> {
        let filled = sqlx::query(
            "INSERT INTO meter_readings (meter_id, \"timestamp\", source, active_power_kw, \
                 active_power_kw_l1, active_power_kw_l2, active_power_kw_l3, reactive_power_kvar, \
                 apparent_power_kva, power_factor, frequency_hz, voltage_l1, voltage_l2, \
                 voltage_l3, current_l1, current_l2, current_l3, total_energy_kwh, \
                 energy_import_kwh, energy_export_kwh, reactive_energy_import_kvarh) \
             SELECT id, t, 'modbus', kw * w, kw * w / 3, kw * w / 3, kw * w / 3, kw * w * 0.33, \
                 kw * w * 1.05, 0.95, 50 + w / 100, 229 + w, 230 + w, 231 + w, kw * w * 1.5, \
                 kw * w * 1.5, kw * w * 1.5, trunc((kw * s / 3.6)::numeric) / 1000, \
                 trunc((kw * s / 3.6)::numeric) / 1000, 0, trunc((kw * s / 10.8)::numeric) / 1000 \
             FROM generate_series($3::timestamptz, $4::timestamptz - $5::interval, $5) AS t, \
                 LATERAL (SELECT extract(epoch FROM t) - 1700000000 AS s) AS seconds, \
                 LATERAL (SELECT 1 + 0.02 * sin(s / 70) AS w) AS wave, \
                 UNNEST($1::bigint[], $2::float8[]) AS meter (id, kw) \
             ORDER BY id, t",
        )
        .bind(self.numbers())
        .bind(&self.kw)
        .bind(from)
        .bind(to)
        .bind(step)
        .execute(pool)
        .await?;
        Ok(filled.rows_affected())
    }

    pub(crate) fn numbers(&self) -> Vec<i64> {
        self.ids.iter().map(|id| id.0).collect()
    }
}
