//! Where meters hung since when. The triggers on `energy_meters` keep the rows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::meters::{LoadRole, Meter, PlacedBy};
use domain::{MeterId, SiteId};
use sqlx::{PgConnection, PgPool};

use crate::Error;

/// Where a meter hung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The meter above it.
    pub parent: Option<MeterId>,
    /// Whether it fed its parent's bus instead of drawing from it.
    pub feeds_parent: bool,
    /// Whether it was known what it is part of; none where that is as it is now.
    pub placed: Option<bool>,
}

impl Placement {
    /// The meter as it hung there.
    pub fn of(self, meter: Meter) -> Meter {
        let (load_role, placed_by) = match self.placed {
            Some(false) => (LoadRole::None, PlacedBy::Nobody),
            Some(true) if meter.placed_by == PlacedBy::Nobody => {
                (meter.load_role, PlacedBy::Logger)
            }
            _ => (meter.load_role, meter.placed_by),
        };
        let Self { parent, feeds_parent, .. } = self;
        Meter { parent, feeds_parent, load_role, placed_by, ..meter }
    }
}

/// Where each meter of a site hung just before an instant.
pub async fn before(
    pool: &PgPool,
    site: SiteId,
    instant: DateTime<Utc>,
) -> Result<HashMap<MeterId, Placement>, Error> {
    let rows: Vec<(MeterId, Option<MeterId>, bool, Option<bool>)> = sqlx::query_as(
        "SELECT DISTINCT ON (placement.meter_id) \
             placement.meter_id, placement.parent_meter_id, placement.feeds_parent, \
             placement.was_placed \
         FROM meter_placements placement JOIN energy_meters meter ON meter.id = placement.meter_id \
         WHERE meter.site_id = $1 AND placement.valid_from < $2 \
         ORDER BY placement.meter_id, placement.valid_from DESC",
    )
    .bind(site)
    .bind(instant)
    .fetch_all(pool)
    .await?;
    let placed =
        |(meter, parent, feeds_parent, placed)| (meter, Placement { parent, feeds_parent, placed });
    Ok(rows.into_iter().map(placed).collect())
}

/// When meters of a site were moved after one instant and before another, ascending.
pub async fn moves(
    pool: &PgPool,
    site: SiteId,
    after: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT placement.valid_from \
         FROM meter_placements placement JOIN energy_meters meter ON meter.id = placement.meter_id \
         WHERE meter.site_id = $1 AND placement.valid_from > $2 AND placement.valid_from < $3 \
             AND EXISTS (SELECT FROM meter_placements earlier \
                 WHERE earlier.meter_id = placement.meter_id \
                     AND earlier.valid_from < placement.valid_from) \
         ORDER BY placement.valid_from",
    )
    .bind(site)
    .bind(after)
    .bind(before)
    .fetch_all(pool)
    .await?)
}

/// A meter, since when it hung there, and where; without a time where it always did.
pub type Placed = (MeterId, Option<DateTime<Utc>>, Placement);

/// The columns of a [`Placed`].
type PlacedRow = (MeterId, Option<DateTime<Utc>>, Option<MeterId>, bool, Option<bool>);

/// Every placement of a site's meters, by meter and time.
pub async fn history(pool: &PgPool, site: SiteId) -> Result<Vec<Placed>, Error> {
    let rows: Vec<PlacedRow> = sqlx::query_as(
        "SELECT placement.meter_id, \
             CASE WHEN isfinite(placement.valid_from) THEN placement.valid_from END, \
             placement.parent_meter_id, placement.feeds_parent, placement.was_placed \
         FROM meter_placements placement JOIN energy_meters meter ON meter.id = placement.meter_id \
         WHERE meter.site_id = $1 ORDER BY placement.meter_id, placement.valid_from",
    )
    .bind(site)
    .fetch_all(pool)
    .await?;
    let placed = |(meter, since, parent, feeds_parent, placed): PlacedRow| {
        (meter, since, Placement { parent, feeds_parent, placed })
    };
    Ok(rows.into_iter().map(placed).collect())
}

/// Keeps of the time before an instant whether it was known what a meter is part of, whatever is said of
/// it from then on.
pub async fn keep(
    db: &mut PgConnection,
    meter: MeterId,
    until: DateTime<Utc>,
    placed: bool,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE meter_placements SET was_placed = $3 \
         WHERE meter_id = $1 AND valid_from < $2 AND was_placed IS NULL",
    )
    .bind(meter)
    .bind(until)
    .bind(placed)
    .execute(&mut *db)
    .await?;
    // A meter that hangs where it hung has no row that begins then.
    sqlx::query(
        "INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, valid_from) \
         SELECT id, parent_meter_id, feeds_parent, $2 FROM energy_meters WHERE id = $1 \
         ON CONFLICT DO NOTHING",
    )
    .bind(meter)
    .bind(until)
    .execute(db)
    .await?;
    Ok(())
}
