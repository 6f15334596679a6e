//! Taking a meter away: retired where it has a history, deleted where it has none.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::meters::refusal::PlaceRefusal;
use sqlx::{FromRow, PgConnection, PgExecutor};

use crate::Error;
use crate::span::Key;

/// Deletes a meter with its device and its placements. Whether there was one. A meter with others
/// below it, retired ones too, is refused with `has_children`. Whoever calls this has made sure that
/// the meter has no [history](has_history), and holds the [tree](super::lock_tree).
pub async fn delete(db: impl PgExecutor<'_>, id: MeterId) -> Result<bool, Error> {
    let found: Option<(String, bool)> = sqlx::query_as(
        "WITH deleted AS (\
             DELETE FROM energy_meters WHERE id = $1 \
                 AND NOT EXISTS (SELECT FROM energy_meters WHERE parent_meter_id = $1) RETURNING id\
         ) \
         SELECT meter_name, EXISTS (SELECT FROM deleted) FROM energy_meters WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    match found {
        Some((name, false)) => Err(Error::Refused {
            code: "has_children".to_owned(),
            message: PlaceRefusal::HasBelow { name }.into(),
        }),
        found => Ok(found.is_some()),
    }
}

/// Whether a meter was ever read: a reading is stored, or energy of readings that are dropped by now.
pub async fn was_read(db: impl PgExecutor<'_>, id: MeterId) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM meter_readings WHERE meter_id = $1) \
             OR EXISTS (SELECT FROM energy_intervals WHERE meter_id = $1) \
             OR EXISTS (SELECT FROM energy_days WHERE meter_id = $1)",
    )
    .bind(id)
    .fetch_one(db)
    .await?)
}

/// Whether a meter has something to keep: it [was read](was_read), it was billed, if only by a draft, or it takes part
/// in trades.
pub async fn has_history(db: &mut PgConnection, id: MeterId) -> Result<bool, Error> {
    if was_read(&mut *db, id).await? {
        return Ok(true);
    }
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM bills WHERE meter_id = $1) \
             OR EXISTS (SELECT FROM p2p_trades WHERE seller_meter_id = $1) \
             OR EXISTS (SELECT FROM p2p_trades WHERE buyer_meter_id = $1)",
    )
    .bind(id)
    .fetch_one(db)
    .await?)
}

/// Data that would be lost with a meter, and reasons to keep it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Erasable {
    /// When its oldest reading was taken, or its oldest energy lies.
    pub first: Option<DateTime<Utc>>,
    /// When its newest reading was taken.
    pub last: Option<DateTime<Utc>>,
    pub has_device: bool,
    #[sqlx(flatten)]
    pub kept_by: KeptBy,
}

/// Reasons why a meter cannot be deleted.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeptBy {
    /// Whether it takes part in trades, or a bill of it was issued.
    pub is_billed: bool,
    /// Whether meters hang below it, retired ones too.
    pub has_below: bool,
    /// Whether a virtual meter is computed from it.
    pub is_input: bool,
}

/// See [`Erasable`].
pub async fn erasable(db: impl PgExecutor<'_>, id: MeterId) -> Result<Erasable, Error> {
    Ok(sqlx::query_as(
        "SELECT least( \
                 (SELECT min(\"timestamp\") FROM meter_readings WHERE meter_id = $1), \
                 (SELECT min(bucket_start) FROM energy_intervals WHERE meter_id = $1)) AS first, \
             (SELECT max(\"timestamp\") FROM meter_readings WHERE meter_id = $1) AS last, \
             EXISTS (SELECT FROM devices WHERE meter_id = $1) AS has_device, \
             EXISTS (SELECT FROM bills WHERE meter_id = $1 AND number IS NOT NULL) \
                 OR EXISTS (SELECT FROM p2p_trades WHERE seller_meter_id = $1) \
                 OR EXISTS (SELECT FROM p2p_trades WHERE buyer_meter_id = $1) AS is_billed, \
             EXISTS (SELECT FROM energy_meters WHERE parent_meter_id = $1) AS has_below, \
             EXISTS (SELECT FROM virtual_meters WHERE input_id = $1) AS is_input",
    )
    .bind(id)
    .fetch_one(db)
    .await?)
}

/// Statements that delete what no foreign key takes along with a meter. The queue of the rollup stays: by it readings
/// that are stored meanwhile are [found](erase_late).
const ERASE: [&str; 14] = [
    "DELETE FROM rollup_claims WHERE meter_id = $1",
    "DELETE FROM loss_queue WHERE meter_id = $1",
    "DELETE FROM power_loss_analysis WHERE meter_id = $1",
    "DELETE FROM energy_days WHERE meter_id = $1",
    "DELETE FROM energy_intervals WHERE meter_id = $1",
    "DELETE FROM quarantine WHERE meter_id = $1",
    "DELETE FROM outliers WHERE meter_id = $1",
    "DELETE FROM reading_conflicts WHERE meter_id = $1",
    "DELETE FROM reading_corrections WHERE meter_id = $1",
    "DELETE FROM refused_readings WHERE meter_id = $1",
    "DELETE FROM meter_cadences WHERE meter_id = $1",
    "DELETE FROM meter_registers WHERE meter_id = $1",
    "DELETE FROM meter_readings WHERE meter_id = $1",
    "DELETE FROM bills WHERE meter_id = $1 AND number IS NULL",
];

/// Deletes a meter with its device, its readings and all that was made of them. Whether there was one. The bills that
/// were issued, trades, meters below it and those that are computed from it keep it from being deleted.
pub async fn erase(db: &mut PgConnection, id: MeterId) -> Result<bool, Error> {
    crate::rollup::hold_off_claims(&mut *db).await?;
    for statement in ERASE {
        sqlx::query(statement).bind(id).execute(&mut *db).await?;
    }
    delete(&mut *db, id).await
}

/// Deletes readings that were stored while their meter was deleted, in quarter-hours that are claimed for the rollup.
/// Rows that plain SQL wrote stay: their meter may be yet to come.
pub async fn erase_late(db: &mut PgConnection, claims: &[Key]) -> Result<(), Error> {
    let (meters, starts): (Vec<i64>, Vec<DateTime<Utc>>) =
        claims.iter().map(|(meter, start)| (meter.0, *start)).unzip();
    sqlx::query(
        "DELETE FROM meter_readings USING UNNEST($1::bigint[], $2::timestamptz[]) AS late (id, start) \
         WHERE meter_id = late.id AND source <> 'sql' \
             AND \"timestamp\" >= late.start AND \"timestamp\" < late.start + interval '15 minutes' \
             AND NOT EXISTS (SELECT FROM energy_meters WHERE energy_meters.id = late.id)",
    )
    .bind(meters)
    .bind(starts)
    .execute(db)
    .await?;
    Ok(())
}
