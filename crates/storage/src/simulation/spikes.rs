//! Sudden loads and new sources of the simulated world.

use chrono::{DateTime, Utc};
use domain::simulation::SpikeKind;
use domain::simulation::record::{Spike, SpikeSize};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgExecutor};

use crate::Error;

#[derive(FromRow)]
struct Row {
    meter_id: MeterId,
    kind: SpikeKind,
    magnitude_kw: Option<f64>,
    factor: Option<f64>,
    from_time: DateTime<Utc>,
    to_time: DateTime<Utc>,
}

/// The spikes of a site that end after an instant.
pub async fn after(
    db: impl PgExecutor<'_>,
    site: SiteId,
    at: DateTime<Utc>,
) -> Result<Vec<(MeterId, Spike)>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT spike.meter_id, spike.kind, spike.magnitude_kw, spike.factor, spike.from_time, \
             spike.to_time \
         FROM spikes spike JOIN energy_meters meter ON meter.id = spike.meter_id \
         WHERE meter.site_id = $1 AND spike.to_time > $2 ORDER BY spike.id",
    )
    .bind(site)
    .bind(at)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.meter_id, row.into())).collect())
}

impl From<Row> for Spike {
    fn from(row: Row) -> Self {
        let size = match (row.magnitude_kw, row.factor) {
            (Some(kw), _) => SpikeSize::Kw(kw),
            (None, factor) => SpikeSize::Factor(factor.unwrap_or(1.0)),
        };
        Self { kind: row.kind, size, from: row.from_time, to: row.to_time }
    }
}

/// Adds a spike to each of these meters.
pub async fn insert(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    spike: &Spike,
) -> Result<(), Error> {
    let (kw, factor) = match spike.size {
        SpikeSize::Kw(kw) => (Some(kw), None),
        SpikeSize::Factor(factor) => (None, Some(factor)),
    };
    sqlx::query(
        "INSERT INTO spikes (meter_id, kind, magnitude_kw, factor, from_time, to_time) \
         SELECT UNNEST($1::bigint[]), $2, $3, $4, $5, $6",
    )
    .bind(meters)
    .bind(spike.kind)
    .bind(kw)
    .bind(factor)
    .bind(spike.from)
    .bind(spike.to)
    .execute(db)
    .await?;
    Ok(())
}
