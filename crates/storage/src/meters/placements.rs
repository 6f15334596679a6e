//! Where meters hung since when, and of which type they were. The triggers on `energy_meters` keep the rows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::meters::{LoadRole, Meter, MeterType, PlacedBy};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgConnection, PgPool};

use crate::Error;

/// Where a meter hung.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Placement {
    /// The meter above it.
    pub parent: Option<MeterId>,
    /// Whether it fed its parent's bus instead of drawing from it.
    pub feeds_parent: bool,
    /// Whether it was known what it is part of; none where that is as it is now.
    pub placed: Option<bool>,
    /// Its type; none where that is as it is now.
    pub meter_type: Option<MeterType>,
}

impl Placement {
    /// The meter as it hung there.
    pub fn of(&self, meter: Meter) -> Meter {
        let (load_role, placed_by) = match self.placed {
            Some(false) => (LoadRole::None, PlacedBy::Nobody),
            Some(true) if meter.placed_by == PlacedBy::Nobody => {
                (meter.load_role, PlacedBy::Logger)
            }
            _ => (meter.load_role, meter.placed_by),
        };
        let Self { parent, feeds_parent, .. } = *self;
        let meter_type = self.meter_type.clone().unwrap_or(meter.meter_type);
        Meter { parent, feeds_parent, meter_type, load_role, placed_by, ..meter }
    }
}

/// A meter, since when it hung where; without a time always.
#[derive(FromRow)]
struct Row {
    meter: MeterId,
    since: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    placement: Placement,
}

macro_rules! columns {
    () => {
        "placement.meter_id AS meter, \
         CASE WHEN isfinite(placement.valid_from) THEN placement.valid_from END AS since, \
         placement.parent_meter_id AS parent, placement.feeds_parent, \
         placement.was_placed AS placed, placement.was_type AS meter_type \
         FROM meter_placements placement JOIN energy_meters meter ON meter.id = placement.meter_id "
    };
}

/// When meters of a site were moved, or became of another type, after one instant and before another, ascending.
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

/// Every placement of a site's meters, by meter and time.
pub async fn history(pool: &PgPool, site: SiteId) -> Result<Vec<Placed>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        "WHERE meter.site_id = $1 ORDER BY placement.meter_id, placement.valid_from",
    ))
    .bind(site)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.meter, row.since, row.placement)).collect())
}

/// The placement of each meter just before an instant, of all that there were.
pub fn before(history: &[Placed], instant: DateTime<Utc>) -> HashMap<MeterId, &Placement> {
    let begun = history.iter().filter(|(_, since, _)| since.is_none_or(|since| since < instant));
    // Of a meter the last one stays.
    begun.map(|(meter, _, placement)| (*meter, placement)).collect()
}

/// The instants at which meters were moved, or became of another type, of all placements.
pub fn all_moves(history: &[Placed]) -> impl Iterator<Item = DateTime<Utc>> {
    let pairs = history.iter().zip(history.iter().skip(1));
    pairs.filter(|(earlier, later)| earlier.0 == later.0).filter_map(|(_, later)| later.1)
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
