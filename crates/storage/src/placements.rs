//! Where meters hung since when. The triggers on `energy_meters` keep the rows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgPool};

use crate::Error;

/// Where a meter hung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The meter above it.
    pub parent: Option<MeterId>,
    /// Whether it fed its parent's bus instead of drawing from it.
    pub feeds_parent: bool,
}

#[derive(FromRow)]
struct Row {
    meter_id: i64,
    parent_meter_id: Option<i64>,
    feeds_parent: bool,
}

/// Where each meter of a site hung just before an instant.
pub async fn before(
    pool: &PgPool,
    site: SiteId,
    instant: DateTime<Utc>,
) -> Result<HashMap<MeterId, Placement>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT DISTINCT ON (placement.meter_id) \
             placement.meter_id, placement.parent_meter_id, placement.feeds_parent \
         FROM meter_placements placement JOIN energy_meters meter ON meter.id = placement.meter_id \
         WHERE meter.site_id = $1 AND placement.valid_from < $2 \
         ORDER BY placement.meter_id, placement.valid_from DESC",
    )
    .bind(site.0)
    .bind(instant)
    .fetch_all(pool)
    .await?;
    let placed = |row: Row| {
        let parent = row.parent_meter_id.map(MeterId);
        (MeterId(row.meter_id), Placement { parent, feeds_parent: row.feeds_parent })
    };
    Ok(rows.into_iter().map(placed).collect())
}

/// When meters of a site were moved after one instant and before another, ascending.
pub async fn moves(
    pool: &PgPool,
    site: SiteId,
    after: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, Error> {
    let rows: Vec<(DateTime<Utc>,)> = sqlx::query_as(
        "SELECT DISTINCT placement.valid_from \
         FROM meter_placements placement JOIN energy_meters meter ON meter.id = placement.meter_id \
         WHERE meter.site_id = $1 AND placement.valid_from > $2 AND placement.valid_from < $3 \
             AND EXISTS (SELECT FROM meter_placements earlier \
                 WHERE earlier.meter_id = placement.meter_id \
                     AND earlier.valid_from < placement.valid_from) \
         ORDER BY placement.valid_from",
    )
    .bind(site.0)
    .bind(after)
    .bind(before)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(at,)| at).collect())
}

/// A meter, since when it hung there, and where; without a time where it always did.
pub type Placed = (MeterId, Option<DateTime<Utc>>, Placement);

/// The columns of a [`Placed`].
type PlacedRow = (i64, Option<DateTime<Utc>>, Option<i64>, bool);

/// Every placement of a site's meters, by meter and time.
pub async fn history(pool: &PgPool, site: SiteId) -> Result<Vec<Placed>, Error> {
    let rows: Vec<PlacedRow> = sqlx::query_as(
        "SELECT placement.meter_id, \
             CASE WHEN isfinite(placement.valid_from) THEN placement.valid_from END, \
             placement.parent_meter_id, placement.feeds_parent \
         FROM meter_placements placement JOIN energy_meters meter ON meter.id = placement.meter_id \
         WHERE meter.site_id = $1 ORDER BY placement.meter_id, placement.valid_from",
    )
    .bind(site.0)
    .fetch_all(pool)
    .await?;
    let placed = |(meter, since, parent, feeds_parent): PlacedRow| {
        (MeterId(meter), since, Placement { parent: parent.map(MeterId), feeds_parent })
    };
    Ok(rows.into_iter().map(placed).collect())
}
