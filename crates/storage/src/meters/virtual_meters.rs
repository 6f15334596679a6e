//! Terms of derived meters, and since when they hold.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::Error;

/// The inputs of a derived meter, each with its factor.
pub type Terms = Vec<(MeterId, f64)>;

/// What a derived meter is the sum of for a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Since when; always without it.
    pub from: Option<DateTime<Utc>>,
    /// Up to when; still, without it.
    pub to: Option<DateTime<Utc>>,
    /// Its terms, by input.
    pub terms: Terms,
}

impl Version {
    /// Its inputs.
    pub fn inputs(&self) -> Vec<MeterId> {
        self.terms.iter().map(|(input, _)| *input).collect()
    }
}

/// A derived meter, with its versions in order of time.
pub type Derived = (MeterId, Vec<Version>);

#[derive(FromRow)]
struct Row {
    meter_id: MeterId,
    input_id: MeterId,
    factor: f64,
    valid_from: Option<DateTime<Utc>>,
    valid_to: Option<DateTime<Utc>>,
}

fn grouped(rows: Vec<Row>) -> Vec<Derived> {
    let mut derived: Vec<Derived> = Vec::new();
    for row in rows {
        let (meter, term) = (row.meter_id, (row.input_id, row.factor));
        if derived.last().is_none_or(|(last, _)| *last != meter) {
            derived.push((meter, Vec::new()));
        }
        let Some((_, versions)) = derived.last_mut() else { continue };
        if let Some(version) = versions.last_mut().filter(|last| last.from == row.valid_from) {
            version.terms.push(term);
        } else {
            let (from, to) = (row.valid_from, row.valid_to);
            versions.push(Version { from, to, terms: vec![term] });
        }
    }
    derived
}

/// Every derived meter that still measures, with what it was and is the sum of.
pub async fn all(pool: &PgPool) -> Result<Vec<Derived>, Error> {
    let rows = sqlx::query_as(
        "SELECT term.meter_id, term.input_id, term.factor, \
             nullif(term.valid_from, '-infinity') AS valid_from, \
             nullif(term.valid_to, 'infinity') AS valid_to \
         FROM virtual_meters term JOIN energy_meters meter ON meter.id = term.meter_id \
         WHERE meter.retired_at IS NULL \
         ORDER BY term.meter_id, term.valid_from, term.input_id",
    )
    .fetch_all(pool)
    .await?;
    Ok(grouped(rows))
}

/// The derived meters of a site that still measure, with the terms that hold now.
pub async fn of(pool: &PgPool, site: SiteId) -> Result<Vec<(MeterId, Terms)>, Error> {
    let rows = sqlx::query_as(
        "SELECT term.meter_id, term.input_id, term.factor, \
             NULL::timestamptz AS valid_from, NULL::timestamptz AS valid_to \
         FROM virtual_meters term JOIN energy_meters meter ON meter.id = term.meter_id \
         WHERE meter.site_id = $1 AND meter.retired_at IS NULL AND term.valid_to = 'infinity' \
         ORDER BY term.meter_id, term.input_id",
    )
    .bind(site)
    .fetch_all(pool)
    .await?;
    let terms = |versions: Vec<Version>| versions.into_iter().flat_map(|version| version.terms);
    let derived = grouped(rows).into_iter();
    Ok(derived.map(|(meter, versions)| (meter, terms(versions).collect())).collect())
}

/// Stores the terms of a meter for all time, in place of those it has; in a transaction.
pub async fn put(
    db: &mut PgConnection,
    meter: MeterId,
    terms: &[(MeterId, f64)],
) -> Result<(), Error> {
    lock(db).await?;
    sqlx::query("DELETE FROM virtual_meters WHERE meter_id = $1")
        .bind(meter)
        .execute(&mut *db)
        .await?;
    insert(db, meter, terms, None).await
}

/// Has a meter be the sum of these terms from an instant on; what it showed before keeps its own. One
/// that never showed anything is the sum of them for all time. In a transaction.
pub async fn change(
    db: &mut PgConnection,
    meter: MeterId,
    terms: &[(MeterId, f64)],
    at: DateTime<Utc>,
) -> Result<(), Error> {
    lock(db).await?;
    let has_figures: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM meter_registers WHERE meter_id = $1 AND derived_to IS NOT NULL) \
             OR EXISTS (SELECT 1 FROM energy_intervals WHERE meter_id = $1) \
             OR EXISTS (SELECT 1 FROM meter_readings WHERE meter_id = $1)",
    )
    .bind(meter)
    .fetch_one(&mut *db)
    .await?;
    if !has_figures {
        return put(db, meter, terms).await;
    }
    if is_sum_of(db, meter, terms).await? {
        return Ok(());
    }
    end(db, meter, at).await?;
    insert(db, meter, terms, Some(at)).await
}

/// Has a meter be computed no longer from an instant on.
pub async fn end(db: &mut PgConnection, meter: MeterId, at: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query("DELETE FROM virtual_meters WHERE meter_id = $1 AND valid_from >= $2")
        .bind(meter)
        .bind(at)
        .execute(&mut *db)
        .await?;
    sqlx::query("UPDATE virtual_meters SET valid_to = $2 WHERE meter_id = $1 AND valid_to > $2")
        .bind(meter)
        .bind(at)
        .execute(&mut *db)
        .await?;
    // Points after it may have been computed already, or be so right now, with what held before.
    sqlx::query(
        "UPDATE meter_registers SET derive_from = least(derive_from, $2) WHERE meter_id = $1",
    )
    .bind(meter)
    .bind(at)
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Has a meter be computed again from an instant on, where it was computed by then.
pub async fn compute_again(
    db: impl PgExecutor<'_>,
    slug: &str,
    number: &str,
    since: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE meter_registers SET derive_from = least(derive_from, $3) \
         FROM energy_meters meter JOIN sites site ON site.id = meter.site_id \
         WHERE meter_registers.meter_id = meter.id AND site.slug = $1 AND meter.meter_number = $2",
    )
    .bind(slug)
    .bind(number)
    .bind(since)
    .execute(db)
    .await?;
    Ok(())
}

/// Whether the terms that hold now are these.
async fn is_sum_of(
    db: &mut PgConnection,
    meter: MeterId,
    terms: &[(MeterId, f64)],
) -> Result<bool, Error> {
    let rows: Vec<(MeterId, f64)> = sqlx::query_as(
        "SELECT input_id, factor FROM virtual_meters WHERE meter_id = $1 AND valid_to = 'infinity'",
    )
    .bind(meter)
    .fetch_all(&mut *db)
    .await?;
    let set = |terms: &mut dyn Iterator<Item = (MeterId, f64)>| {
        terms.map(|(input, factor)| (input, factor.to_bits())).collect::<HashSet<_>>()
    };
    Ok(set(&mut rows.into_iter()) == set(&mut terms.iter().copied()))
}

async fn insert(
    db: &mut PgConnection,
    meter: MeterId,
    terms: &[(MeterId, f64)],
    from: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO virtual_meters (meter_id, input_id, factor, valid_from) \
         SELECT $1, input_id, factor, coalesce($4, '-infinity') \
         FROM UNNEST($2::bigint[], $3::float8[]) AS term (input_id, factor)",
    )
    .bind(meter)
    .bind(terms.iter().map(|(input, _)| *input).collect::<Vec<_>>())
    .bind(terms.iter().map(|(_, factor)| *factor).collect::<Vec<_>>())
    .bind(from)
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Waits for other changes of terms, so that no two of them close a cycle together. It comes before the
/// first write: of two that have written, neither would get the lock.
pub(crate) async fn lock(db: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("LOCK TABLE virtual_meters IN SHARE ROW EXCLUSIVE MODE").execute(db).await?;
    Ok(())
}

/// Whether a meter would be computed from itself, through others: by its terms that were stored in the
/// same transaction.
pub async fn closes_cycle(db: &mut PgConnection, meter: MeterId) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "WITH RECURSIVE reached (id) AS ( \
             SELECT input_id FROM virtual_meters WHERE meter_id = $1 \
             UNION \
             SELECT term.input_id FROM reached JOIN virtual_meters term ON term.meter_id = reached.id \
         ) SELECT EXISTS (SELECT 1 FROM reached WHERE id = $1)",
    )
    .bind(meter)
    .fetch_one(&mut *db)
    .await?)
}
