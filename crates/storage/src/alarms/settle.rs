//! What follows of looks at a meter: alarms that are raised and cleared, and who is told of it.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::alarms::{Alarm, Change, RuleId};
use sqlx::{FromRow, PgConnection, PgPool};

use super::{NewAlarm, select};
use crate::Error;
use crate::alarms::outbox::tell;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// An alarm is raised, unless one of the same rule and meter is open.
    Raise(NewAlarm),
    /// An alarm is entered that is over since, unless one of the same rule and meter is of that time already.
    Enter(NewAlarm, DateTime<Utc>),
    /// An open alarm is cleared.
    Clear(i64, DateTime<Utc>),
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// An alarm was raised.
    Raised(Alarm),
    /// One was open already.
    Open(Alarm),
    /// An alarm was entered.
    Entered(Alarm),
    /// The one with this id is over.
    Cleared(i64),
    /// Nothing: the rule or the meter is gone, the rule is switched off, or of that time was told already.
    Nothing,
}

/// Does all of it in one transaction, in order, or nothing. What is done again after it was done has no effect.
pub async fn settle(pool: &PgPool, deeds: &[Deed]) -> Result<Vec<Done>, Error> {
    let mut transaction = pool.begin().await?;
    let mut all = Vec::with_capacity(deeds.len());
    for deed in deeds {
        all.push(match deed {
            Deed::Raise(new) => raise(&mut transaction, new).await?,
            Deed::Enter(new, cleared_at) => enter(&mut transaction, new, *cleared_at).await?,
            Deed::Clear(id, at) => {
                clear(&mut transaction, *id, *at).await?;
                Done::Cleared(*id)
            }
        });
    }
    transaction.commit().await?;
    Ok(all)
}

async fn raise(connection: &mut PgConnection, new: &NewAlarm) -> Result<Done, Error> {
    if let Some(alarm) = insert(&mut *connection, new, None).await? {
        tell(&mut *connection, alarm.id, Change::Raised).await?;
        return Ok(Done::Raised(alarm));
    }
    let there: Option<Alarm> = sqlx::query_as(select!(
        "WHERE alarm.rule_id = $1 AND alarm.meter_id = $2 AND alarm.cleared_at IS NULL"
    ))
    .bind(new.rule)
    .bind(new.meter)
    .fetch_optional(connection)
    .await?;
    Ok(there.map_or(Done::Nothing, Done::Open))
}

async fn enter(
    connection: &mut PgConnection,
    new: &NewAlarm,
    cleared_at: DateTime<Utc>,
) -> Result<Done, Error> {
    let Some(alarm) = insert(&mut *connection, new, Some(cleared_at)).await? else {
        return Ok(Done::Nothing);
    };
    for change in [Change::Raised, Change::Cleared] {
        tell(&mut *connection, alarm.id, change).await?;
    }
    Ok(Done::Entered(alarm))
}

/// One that is over is not of a time of which another one was told.
async fn insert(
    connection: &mut PgConnection,
    new: &NewAlarm,
    cleared_at: Option<DateTime<Utc>>,
) -> Result<Option<Alarm>, Error> {
    Ok(sqlx::query_as(select!(
        "WITH made AS (INSERT INTO alarms (site_id, rule_id, meter_id, kind, severity, about, value, unit, \
             raised_at, cleared_at) \
          SELECT $1, rule.id, meter.id, $4, $5, $6, $7, $8, $9, $10 \
          FROM alarm_rules rule, energy_meters meter \
          WHERE rule.id = $2 AND rule.enabled AND meter.id = $3 \
              AND ($10::timestamptz IS NULL OR NOT EXISTS ( \
                  SELECT FROM alarms told WHERE told.rule_id = $2 AND told.meter_id = $3 \
                      AND told.raised_at <= $10 AND coalesce(told.cleared_at, 'infinity') >= $9)) \
          ON CONFLICT (rule_id, meter_id) WHERE cleared_at IS NULL DO NOTHING \
          RETURNING *) ",
        "made",
        ""
    ))
    .bind(new.site)
    .bind(new.rule)
    .bind(new.meter)
    .bind(new.kind)
    .bind(new.severity)
    .bind(&new.about)
    .bind(new.value)
    .bind(&new.unit)
    .bind(new.at)
    .bind(cleared_at.map(|cleared| cleared.max(new.at)))
    .fetch_optional(connection)
    .await?)
}

/// Clears an open alarm; whether it was open.
pub(super) async fn clear(
    connection: &mut PgConnection,
    id: i64,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE alarms SET cleared_at = greatest($2, raised_at) WHERE id = $1 AND cleared_at IS NULL",
    )
    .bind(id)
    .bind(at)
    .execute(&mut *connection)
    .await?;
    let was_open = done.rows_affected() > 0;
    if was_open {
        tell(connection, id, Change::Cleared).await?;
    }
    Ok(was_open)
}

/// Of which time an alarm was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Told {
    pub rule: RuleId,
    /// From when on.
    pub raised_at: DateTime<Utc>,
    /// Up to when; none while it is open.
    pub cleared_at: Option<DateTime<Utc>>,
}

/// The alarms of a meter that were not over before an instant.
pub async fn told(pool: &PgPool, meter: MeterId, since: DateTime<Utc>) -> Result<Vec<Told>, Error> {
    Ok(sqlx::query_as(
        "SELECT rule_id AS rule, raised_at, cleared_at FROM alarms \
         WHERE meter_id = $1 AND rule_id IS NOT NULL AND coalesce(cleared_at, 'infinity') >= $2 \
         ORDER BY raised_at",
    )
    .bind(meter)
    .bind(since)
    .fetch_all(pool)
    .await?)
}
