//! Terms of derived meters.

use domain::{MeterId, SiteId};
use sqlx::{PgConnection, PgPool};

use crate::Error;

/// A derived meter, and the factor of each of its inputs.
pub type Derived = (MeterId, Vec<(MeterId, f64)>);

fn grouped(rows: Vec<(i64, i64, f64)>) -> Vec<Derived> {
    let mut derived: Vec<Derived> = Vec::new();
    for (meter, input, factor) in rows {
        let meter = MeterId(meter);
        let term = (MeterId(input), factor);
        match derived.last_mut() {
            Some((last, terms)) if *last == meter => terms.push(term),
            _ => derived.push((meter, vec![term])),
        }
    }
    derived
}

/// Every derived meter that still measures, with its terms.
pub async fn terms(pool: &PgPool) -> Result<Vec<Derived>, Error> {
    let rows = sqlx::query_as(
        "SELECT term.meter_id, term.input_id, term.factor \
         FROM virtual_meters term JOIN energy_meters meter ON meter.id = term.meter_id \
         WHERE meter.retired_at IS NULL ORDER BY term.meter_id, term.input_id",
    )
    .fetch_all(pool)
    .await?;
    Ok(grouped(rows))
}

/// The derived meters of a site that still measure, with their terms.
pub async fn of(pool: &PgPool, site: SiteId) -> Result<Vec<Derived>, Error> {
    let rows = sqlx::query_as(
        "SELECT term.meter_id, term.input_id, term.factor \
         FROM virtual_meters term JOIN energy_meters meter ON meter.id = term.meter_id \
         WHERE meter.site_id = $1 AND meter.retired_at IS NULL \
         ORDER BY term.meter_id, term.input_id",
    )
    .bind(site.0)
    .fetch_all(pool)
    .await?;
    Ok(grouped(rows))
}

/// Stores the terms of a meter, in place of those it has.
pub async fn put(
    db: &mut PgConnection,
    meter: MeterId,
    terms: &[(MeterId, f64)],
) -> Result<(), Error> {
    sqlx::query("DELETE FROM virtual_meters WHERE meter_id = $1")
        .bind(meter.0)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO virtual_meters (meter_id, input_id, factor) \
         SELECT $1, input_id, factor FROM UNNEST($2::bigint[], $3::float8[]) AS term (input_id, factor)",
    )
    .bind(meter.0)
    .bind(terms.iter().map(|(input, _)| input.0).collect::<Vec<_>>())
    .bind(terms.iter().map(|(_, factor)| *factor).collect::<Vec<_>>())
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Whether a meter would be computed from itself, through others. Waits for other changes of terms, so
/// that no two of them close a cycle together.
pub async fn closes_cycle(db: &mut PgConnection, meter: MeterId) -> Result<bool, Error> {
    sqlx::query("LOCK TABLE virtual_meters IN SHARE ROW EXCLUSIVE MODE").execute(&mut *db).await?;
    let (closed,): (bool,) = sqlx::query_as(
        "WITH RECURSIVE reached (id) AS ( \
             SELECT input_id FROM virtual_meters WHERE meter_id = $1 \
             UNION \
             SELECT term.input_id FROM reached JOIN virtual_meters term ON term.meter_id = reached.id \
         ) SELECT EXISTS (SELECT 1 FROM reached WHERE id = $1)",
    )
    .bind(meter.0)
    .fetch_one(&mut *db)
    .await?;
    Ok(closed)
}
