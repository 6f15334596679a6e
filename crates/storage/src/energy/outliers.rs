//! Readings that do not fit, and what people decided about readings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::energy::interval::{Decision, Outlier};
use domain::{Field, MeterId, SiteId};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::Error;
use crate::span::Span;

/// A reading that does not fit, or that somebody decided about.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Kept {
    pub meter: MeterId,
    pub meter_number: String,
    pub at: DateTime<Utc>,
    pub field: Field,
    pub value: f64,
    /// None while nobody decided: it does not count.
    pub decision: Option<Decision>,
    pub decided_at: Option<DateTime<Utc>>,
}

/// Keeps what was found in spans of meters' time. What nobody decided about and was not found again is dropped;
/// what was decided stays, for it may be found again.
pub async fn record(db: &mut PgConnection, runs: &[(Span, &[Outlier])]) -> Result<(), Error> {
    let inside = |(span, found): &(Span, &[Outlier])| -> Vec<(MeterId, Outlier)> {
        let is_in = |found: &&Outlier| (span.from..span.to).contains(&found.at);
        found.iter().filter(is_in).map(|found| (span.meter, *found)).collect()
    };
    let found: Vec<_> = runs.iter().flat_map(inside).collect();
    let meters: Vec<_> = found.iter().map(|(meter, _)| meter.0).collect();
    let times: Vec<_> = found.iter().map(|(_, found)| found.at).collect();
    let registers: Vec<_> = found.iter().map(|(_, found)| found.field.column()).collect();
    let values: Vec<_> = found.iter().map(|(_, found)| found.value).collect();
    sqlx::query(
        "DELETE FROM outliers USING \
             UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS span (id, from_at, to_at) \
         WHERE meter_id = span.id AND \"timestamp\" >= from_at AND \"timestamp\" < to_at \
             AND decision IS NULL AND (meter_id, \"timestamp\", register, value) NOT IN \
             (SELECT * FROM UNNEST($4::bigint[], $5::timestamptz[], $6::text[], $7::float8[]))",
    )
    .bind(runs.iter().map(|(span, _)| span.meter).collect::<Vec<_>>())
    .bind(runs.iter().map(|(span, _)| span.from).collect::<Vec<_>>())
    .bind(runs.iter().map(|(span, _)| span.to).collect::<Vec<_>>())
    .bind(&meters)
    .bind(&times)
    .bind(&registers)
    .bind(&values)
    .execute(&mut *db)
    .await?;
    if found.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO outliers (meter_id, \"timestamp\", register, value) \
         SELECT * FROM UNNEST($1::bigint[], $2::timestamptz[], $3::text[], $4::float8[]) \
         ON CONFLICT DO NOTHING",
    )
    .bind(meters)
    .bind(times)
    .bind(registers)
    .bind(values)
    .execute(db)
    .await?;
    Ok(())
}

/// Decisions about readings of meters, the last one last.
pub async fn decisions(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<Vec<(MeterId, Outlier, Decision)>, Error> {
    let rows: Vec<(MeterId, DateTime<Utc>, Field, f64, Decision)> = sqlx::query_as(
        "SELECT meter_id, \"timestamp\", register, value, decision FROM outliers \
         WHERE meter_id = ANY ($1) AND decision IS NOT NULL ORDER BY decided_at",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?;
    let decided =
        |(meter, at, field, value, decision)| (meter, Outlier { at, field, value }, decision);
    Ok(rows.into_iter().map(decided).collect())
}

/// Stores a decision about a reading.
pub async fn decide(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    reading: Outlier,
    decision: Decision,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO outliers (meter_id, \"timestamp\", register, value, decision, decided_at) \
         VALUES ($1, $2, $3, $4, $5, now()) \
         ON CONFLICT (meter_id, \"timestamp\", register, value) DO UPDATE \
             SET decision = excluded.decision, decided_at = excluded.decided_at",
    )
    .bind(meter)
    .bind(reading.at)
    .bind(reading.field.column())
    .bind(reading.value)
    .bind(decision)
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back the decision about a reading. One that does not fit is found again by the next computation.
pub async fn undo(db: impl PgExecutor<'_>, meter: MeterId, reading: Outlier) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM outliers WHERE meter_id = $1 AND \"timestamp\" = $2 AND register = $3 \
             AND value = $4 AND decision IS NOT NULL",
    )
    .bind(meter)
    .bind(reading.at)
    .bind(reading.field.column())
    .bind(reading.value)
    .execute(db)
    .await?;
    Ok(())
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT reading.meter_id AS meter, meter.meter_number, reading.\"timestamp\" AS at, \
                 reading.register AS field, reading.value, reading.decision, reading.decided_at \
             FROM outliers reading JOIN energy_meters meter ON meter.id = reading.meter_id ",
            $rest
        )
    };
}

/// A reading with what was decided about it; none where it fits and nobody decided.
pub async fn of_reading(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    reading: Outlier,
) -> Result<Option<Kept>, Error> {
    Ok(sqlx::query_as(select!(
        "WHERE reading.meter_id = $1 AND reading.\"timestamp\" = $2 AND reading.register = $3 \
             AND reading.value = $4"
    ))
    .bind(meter)
    .bind(reading.at)
    .bind(reading.field.column())
    .bind(reading.value)
    .fetch_optional(db)
    .await?)
}

/// Restricts a list of readings; an absent field does not.
#[derive(Debug, Clone, Default)]
pub struct OutliersFilter {
    /// Those of one meter.
    pub meter: Option<MeterId>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    /// Those that stand after this one in the list.
    pub after: Option<(MeterId, Outlier)>,
    pub limit: i64,
}

/// The readings of a site, newest first.
pub async fn list(
    pool: &PgPool,
    site: SiteId,
    filter: &OutliersFilter,
) -> Result<Vec<Kept>, Error> {
    let (meter, after) = filter.after.unzip();
    Ok(sqlx::query_as(select!(
        "WHERE meter.site_id = $1 AND ($2::bigint IS NULL OR reading.meter_id = $2) \
             AND reading.\"timestamp\" >= coalesce($3, '-infinity'::timestamptz) \
             AND reading.\"timestamp\" < coalesce($4, 'infinity'::timestamptz) \
             AND ($5::bigint IS NULL OR (reading.\"timestamp\", reading.meter_id, reading.register, \
                 reading.value) < ($6, $5, $7, $8)) \
         ORDER BY reading.\"timestamp\" DESC, reading.meter_id DESC, reading.register DESC, \
             reading.value DESC LIMIT $9"
    ))
    .bind(site)
    .bind(filter.meter)
    .bind(filter.from)
    .bind(filter.to)
    .bind(meter)
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.field.column()))
    .bind(after.map(|after| after.value))
    .bind(filter.limit)
    .fetch_all(pool)
    .await?)
}

/// How many readings of meters over [`from`, `to`) do not count; meters without any are absent.
pub async fn counts(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<MeterId, u32>, Error> {
    let rows: Vec<(MeterId, i64)> = sqlx::query_as(
        "SELECT meter_id, count(*) FROM outliers WHERE meter_id = ANY ($1) AND \"timestamp\" >= $2 \
             AND \"timestamp\" < $3 AND decision IS DISTINCT FROM 'accept' GROUP BY meter_id",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    let count = |(meter, count)| (meter, u32::try_from(count).unwrap_or(u32::MAX));
    Ok(rows.into_iter().map(count).collect())
}

/// How many do not count in all.
pub async fn count(pool: &PgPool) -> Result<u64, Error> {
    let statement = "SELECT count(*) FROM outliers WHERE decision IS DISTINCT FROM 'accept'";
    let count: i64 = sqlx::query_scalar(statement).fetch_one(pool).await?;
    Ok(count.unsigned_abs())
}

/// Drops those whose readings are no longer kept.
pub async fn delete_frozen(pool: &PgPool, meters: &[MeterId]) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM outliers USING meter_registers known \
         WHERE outliers.meter_id = ANY ($1) AND known.meter_id = outliers.meter_id \
             AND outliers.\"timestamp\" < known.frozen_to",
    )
    .bind(meters)
    .execute(pool)
    .await?;
    Ok(())
}
