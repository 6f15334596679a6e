//! How far derived meters are written, and since when their inputs changed.

mod stand;
mod told;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::span::{Key, Span};
use crate::{Error, rollup};
use stand::last_point;
pub use stand::{Stand, stays_to};
pub use told::{Quarter, are_awaited, counted, quarters};

/// How far a derived meter is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The time of its last point; none where it has none.
    pub to: Option<DateTime<Utc>>,
    /// Since when its inputs changed behind that.
    pub changed_from: Option<DateTime<Utc>>,
}

/// The columns of a [`Cursor`] and its meter.
type Row = (i64, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The cursors of derived meters; absent where nothing was written yet.
pub async fn cursors(pool: &PgPool, meters: &[MeterId]) -> Result<HashMap<MeterId, Cursor>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT meter_id, derived_to, derive_from FROM meter_registers WHERE meter_id = ANY($1)",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?;
    let cursor = |(meter, to, changed_from): Row| (MeterId(meter), Cursor { to, changed_from });
    Ok(rows.into_iter().map(cursor).collect())
}

/// Notes for the meters derived from others that quarter-hours of these changed, where that is
/// behind what they have written, or are about to write.
pub async fn inputs_changed(connection: &mut PgConnection, changed: &[Key]) -> Result<(), Error> {
    if changed.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "WITH earliest AS (\
             SELECT term.meter_id AS id, min(changed.start) AS start \
             FROM UNNEST($1::bigint[], $2::timestamptz[]) AS changed (id, start) \
             JOIN virtual_meters term ON term.input_id = changed.id \
                 AND term.valid_from < changed.start + interval '15 minutes' \
                 AND changed.start < term.valid_to \
             GROUP BY term.meter_id\
         ) \
         UPDATE meter_registers SET derive_from = earliest.start FROM earliest \
         WHERE meter_id = earliest.id AND earliest.start < greatest(derived_to, derive_until) \
             AND (derive_from IS NULL OR derive_from > earliest.start)",
    )
    .bind(changed.iter().map(|(meter, _)| meter.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, start)| *start).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes points of a derived meter since whose point before nothing is known; they are written after it.
pub async fn begin_anew(
    pool: &PgPool,
    meter: MeterId,
    points: &[DateTime<Utc>],
) -> Result<(), Error> {
    if points.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO derived_anew (meter_id, \"timestamp\") \
         SELECT $1, UNNEST($2::timestamptz[]) ON CONFLICT DO NOTHING",
    )
    .bind(meter)
    .bind(points)
    .execute(pool)
    .await?;
    Ok(())
}

/// The points of derived meters since whose point before nothing is known.
pub async fn begun_anew(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, BTreeSet<DateTime<Utc>>>, Error> {
    let rows: Vec<(i64, DateTime<Utc>)> =
        sqlx::query_as("SELECT meter_id, \"timestamp\" FROM derived_anew WHERE meter_id = ANY($1)")
            .bind(meters)
            .fetch_all(pool)
            .await?;
    let mut of: HashMap<MeterId, BTreeSet<_>> = HashMap::new();
    for (meter, at) in rows {
        of.entry(MeterId(meter)).or_default().insert(at);
    }
    Ok(of)
}

/// The derived meters of which such a point was noted since an instant.
pub async fn noted_since(pool: &PgPool, since: DateTime<Utc>) -> Result<Vec<MeterId>, Error> {
    Ok(sqlx::query_scalar("SELECT DISTINCT meter_id FROM derived_anew WHERE noted_at >= $1")
        .bind(since)
        .fetch_all(pool)
        .await?)
}

/// Takes a derived meter back to an instant: deletes its later points, queues their quarter-hours,
/// and answers its last point before.
pub async fn take_back(
    pool: &PgPool,
    meter: MeterId,
    to: DateTime<Utc>,
) -> Result<Option<Stand>, Error> {
    let mut transaction = pool.begin().await?;
    rollup::hold_off_claims(&mut transaction).await?;
    let (first, end): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = sqlx::query_as(
        "WITH gone AS (\
             DELETE FROM meter_readings \
             WHERE meter_id = $1 AND \"timestamp\" > $2 AND source = 'derived' \
             RETURNING \"timestamp\"\
         ), queued AS (\
             INSERT INTO rollup_queue (meter_id, bucket_start) \
             SELECT DISTINCT $1, date_bin($3, \"timestamp\", '2000-01-01 00:00+00') FROM gone \
             ON CONFLICT DO NOTHING\
         ) \
         SELECT min(\"timestamp\"), max(\"timestamp\") FROM gone",
    )
    .bind(meter)
    .bind(to)
    .bind(TimeDelta::minutes(15))
    .fetch_one(&mut *transaction)
    .await?;
    sqlx::query("DELETE FROM derived_anew WHERE meter_id = $1 AND \"timestamp\" > $2")
        .bind(meter)
        .bind(to)
        .execute(&mut *transaction)
        .await?;
    let last = last_point(&mut transaction, meter, to).await?;
    if let Some((first, end)) = first.zip(end) {
        // What was filled up to the points that are gone, too.
        let from = rollup::bucket_start(last.map_or(first, |last| last.at));
        rollup::queue_span(&mut transaction, Span { meter, from, to: end }).await?;
    }
    write_cursor(&mut transaction, meter, last, true).await?;
    transaction.commit().await?;
    Ok(last)
}

/// A look at whether the changes that were noted of a derived meter's inputs change it: while it lasts
/// no other change is noted, and where it is dropped the ones there were stay noted.
#[derive(Debug)]
pub struct Look {
    /// Since when its inputs changed.
    pub since: Option<DateTime<Utc>>,
    transaction: Transaction<'static, Postgres>,
}

impl Look {
    /// Begins it.
    pub async fn begin(pool: &PgPool, meter: MeterId) -> Result<Self, Error> {
        let mut transaction = pool.begin().await?;
        let noted: Option<(Option<DateTime<Utc>>,)> = sqlx::query_as(
            "WITH noted AS (SELECT meter_id, derive_from FROM meter_registers \
                 WHERE meter_id = $1 FOR UPDATE) \
             UPDATE meter_registers known SET derive_from = NULL FROM noted \
             WHERE known.meter_id = noted.meter_id RETURNING noted.derive_from",
        )
        .bind(meter)
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(Self { since: noted.and_then(|(since,)| since), transaction })
    }

    /// The last point at or before an instant.
    pub async fn last_point(
        &mut self,
        meter: MeterId,
        to: DateTime<Utc>,
    ) -> Result<Option<Stand>, Error> {
        last_point(&mut self.transaction, meter, to).await
    }

    /// Notes that what is written stands.
    pub async fn stands(self) -> Result<(), Error> {
        Ok(self.transaction.commit().await?)
    }
}

/// Notes up to where a derived meter is about to be written, before its inputs are read: what changes of
/// these from then on is noted.
pub async fn begin_until(pool: &PgPool, meter: MeterId, until: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO meter_registers AS known (meter_id, derive_until) VALUES ($1, $2) \
         ON CONFLICT (meter_id) DO UPDATE SET derive_until = excluded.derive_until",
    )
    .bind(meter)
    .bind(until)
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes up to where a derived meter is written now, and how it stands there.
pub async fn advance(pool: &PgPool, meter: MeterId, last: Stand) -> Result<(), Error> {
    let mut connection = pool.acquire().await?;
    write_cursor(&mut connection, meter, Some(last), false).await
}

async fn write_cursor(
    connection: &mut PgConnection,
    meter: MeterId,
    last: Option<Stand>,
    settled: bool,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO meter_registers AS known \
             (meter_id, derived_to, derived_import_kwh, derived_export_kwh) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (meter_id) DO UPDATE SET derived_to = excluded.derived_to, \
             derived_import_kwh = excluded.derived_import_kwh, \
             derived_export_kwh = excluded.derived_export_kwh, \
             derive_from = CASE WHEN NOT $5 THEN known.derive_from END",
    )
    .bind(meter)
    .bind(last.map(|last| last.at))
    .bind(last.map(|last| last.import.0))
    .bind(last.map(|last| last.export.0))
    .bind(settled)
    .execute(connection)
    .await?;
    Ok(())
}

/// The first instant at or after another by which there was something of each of some meters, a reading or an
/// exchange; none where there is no more of one.
pub async fn all_told_by(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Error> {
    let (at,): (Option<DateTime<Utc>>,) = sqlx::query_as(
        "SELECT CASE WHEN bool_and(told.at IS NOT NULL) THEN max(told.at) END \
         FROM UNNEST($1::bigint[]) AS meter (id) \
         CROSS JOIN LATERAL (SELECT least(\
             (SELECT \"timestamp\" FROM meter_readings \
                 WHERE meter_id = meter.id AND \"timestamp\" >= $2 \
                 ORDER BY \"timestamp\" LIMIT 1), \
             (SELECT min(\"timestamp\") FROM meter_exchanges \
                 WHERE meter_id = meter.id AND \"timestamp\" >= $2 AND undone_at IS NULL)\
         ) AS at) AS told",
    )
    .bind(meters)
    .bind(from)
    .fetch_one(pool)
    .await?;
    Ok(at)
}

/// The time of the first reading of each meter.
pub async fn first_readings(pool: &PgPool, meters: &[MeterId]) -> Result<Vec<Key>, Error> {
    Ok(sqlx::query_as(
        "SELECT asked.id, found.\"timestamp\" FROM UNNEST($1::bigint[]) AS asked (id) \
         CROSS JOIN LATERAL (SELECT \"timestamp\" FROM meter_readings \
             WHERE meter_id = asked.id ORDER BY \"timestamp\" LIMIT 1) AS found",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?)
}
