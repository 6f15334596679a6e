//! Between which instants a register is known around another: its readings, as they were corrected, and the
//! exchanges of its meter.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::meters::ImportRegister;
use sqlx::{FromRow, PgPool};

use crate::Error;

/// A register of a meter, and an instant.
type RegisterAt = (MeterId, ImportRegister, DateTime<Utc>);

/// When a register is known around an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Neighbours {
    /// The last time at it or before; none within reach.
    pub before: Option<DateTime<Utc>>,
    /// The first time at it or after; none within reach.
    pub after: Option<DateTime<Utc>>,
}

macro_rules! nearest {
    ($bound:literal, $window:literal, $order:literal) => {
        concat!(
            "(SELECT ",
            $bound,
            "(stand.at) FROM (\
                 (SELECT reading.\"timestamp\" AS at FROM meter_readings reading \
                 WHERE reading.meter_id = asked.id AND reading.\"timestamp\" ",
            $window,
            " AND coalesce(\
                     (SELECT correction.value IS NOT NULL FROM reading_corrections correction \
                     WHERE correction.meter_id = asked.id \
                         AND correction.\"timestamp\" = reading.\"timestamp\" \
                         AND correction.field = asked.field AND correction.undone_at IS NULL \
                     ORDER BY correction.n DESC LIMIT 1), \
                     CASE asked.field WHEN 'energy_import_kwh' THEN reading.energy_import_kwh \
                         ELSE reading.total_energy_kwh END IS NOT NULL) \
                 ORDER BY reading.\"timestamp\" ",
            $order,
            " LIMIT 1) UNION ALL \
                 (SELECT \"timestamp\" AS at FROM meter_exchanges \
                 WHERE meter_id = asked.id AND undone_at IS NULL \
                     AND coalesce(import_register, asked.word) = asked.word AND \"timestamp\" ",
            $window,
            " ORDER BY \"timestamp\" ",
            $order,
            " LIMIT 1)) AS stand)"
        )
    };
}

const NEIGHBOURS: &str = concat!(
    "SELECT ",
    nearest!("max", "BETWEEN asked.at - $5::interval AND asked.at", "DESC"),
    " AS before, ",
    nearest!("min", "BETWEEN asked.at AND asked.at + $5::interval", "ASC"),
    " AS after FROM UNNEST($1::bigint[], $2::text[], $3::text[], $4::timestamptz[]) \
         WITH ORDINALITY AS asked (id, field, word, at, n) ORDER BY asked.n"
);

/// Of each register the times around its instant at which it is known, no further away than `reach`, in the
/// order asked.
pub async fn neighbours(
    pool: &PgPool,
    asked: &[RegisterAt],
    reach: TimeDelta,
) -> Result<Vec<Neighbours>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let field = |register: ImportRegister| match register {
        ImportRegister::Import => "energy_import_kwh",
        ImportRegister::Total => "total_energy_kwh",
    };
    Ok(sqlx::query_as(NEIGHBOURS)
        .bind(asked.iter().map(|(meter, ..)| meter.0).collect::<Vec<_>>())
        .bind(asked.iter().map(|(_, register, _)| field(*register)).collect::<Vec<_>>())
        .bind(asked.iter().map(|(_, register, _)| register.as_str()).collect::<Vec<_>>())
        .bind(asked.iter().map(|(.., at)| *at).collect::<Vec<_>>())
        .bind(reach)
        .fetch_all(pool)
        .await?)
}
