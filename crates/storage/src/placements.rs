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
