//! Error logs and tamper alerts of simulated meters.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::simulation::{EventClass, EventKind};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// Something that a meter reported.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct MeterEvent {
    pub meter_number: String,
    /// When, on the clock of its site.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: EventKind,
}

/// Notes that each of these meters reports the same at an instant; once, however often it is noted.
pub async fn insert(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    kind: EventKind,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO meter_events (meter_id, at, kind) SELECT UNNEST($1::bigint[]), $2, $3 \
         ON CONFLICT DO NOTHING",
    )
    .bind(meters)
    .bind(at)
    .bind(kind)
    .execute(db)
    .await?;
    Ok(())
}

/// The newest events of [`from`, `to`) of a meter and of all below it, so many at most, the oldest of
/// them first.
pub async fn of_tree(
    pool: &PgPool,
    meter: MeterId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
) -> Result<Vec<MeterEvent>, Error> {
    let mut newest: Vec<MeterEvent> = sqlx::query_as(
        "WITH RECURSIVE tree (id, meter_number) AS ( \
             SELECT id, meter_number FROM energy_meters WHERE id = $1 \
             UNION SELECT child.id, child.meter_number \
             FROM energy_meters child JOIN tree ON child.parent_meter_id = tree.id) \
         SELECT tree.meter_number, event.at, event.kind \
         FROM tree JOIN meter_events event ON event.meter_id = tree.id \
         WHERE event.at >= $2 AND event.at < $3 \
         ORDER BY event.at DESC, tree.id DESC, event.kind DESC LIMIT $4",
    )
    .bind(meter)
    .bind(from)
    .bind(to)
    .bind(most)
    .fetch_all(pool)
    .await?;
    newest.reverse();
    Ok(newest)
}

/// What meters reported and nobody has acknowledged, the oldest first.
pub async fn unseen(pool: &PgPool) -> Result<HashMap<MeterId, Vec<EventKind>>, Error> {
    let rows: Vec<(MeterId, EventKind)> = sqlx::query_as(
        "SELECT meter_id, kind FROM meter_events WHERE NOT seen ORDER BY meter_id, at",
    )
    .fetch_all(pool)
    .await?;
    let mut of: HashMap<MeterId, Vec<EventKind>> = HashMap::new();
    for (meter, kind) in rows {
        of.entry(meter).or_default().push(kind);
    }
    Ok(of)
}

/// Notes that somebody knows of what a meter reported of this class.
pub async fn see(db: impl PgExecutor<'_>, meter: MeterId, class: EventClass) -> Result<(), Error> {
    let kinds = EventKind::ALL.into_iter().filter(|kind| kind.class() == class);
    sqlx::query(
        "UPDATE meter_events SET seen = true WHERE meter_id = $1 AND kind = ANY ($2) AND NOT seen",
    )
    .bind(meter)
    .bind(kinds.collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes what meters of a site reported before an instant and somebody knows of.
pub async fn delete_seen(pool: &PgPool, site: SiteId, before: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM meter_events event USING energy_meters meter \
         WHERE meter.id = event.meter_id AND meter.site_id = $1 AND event.at < $2 AND event.seen",
    )
    .bind(site)
    .bind(before)
    .execute(pool)
    .await?;
    Ok(())
}
