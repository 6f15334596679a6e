//! What is still to be told of alarms. A message is written with the change that it tells of, so that
//! neither a restart nor a receiver that is away loses one.

use std::time::Duration;

use domain::alarms::{Change, RecipientKind};
use domain::message::Message;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// Messages that wait for one recipient at most …
pub const MOST_WAITING: i64 = 1_000;
/// … and of one meter, so that one that tells of a thousand excursions at once keeps no place of others.
pub const MOST_OF_METER: i64 = 100;

/// Queues the message of a change for everyone who is to be told. Answers how many are not told, since
/// too much waits for them already.
pub(crate) async fn tell(db: impl PgExecutor<'_>, alarm: i64, event: Change) -> Result<u64, Error> {
    let left_out: i64 = sqlx::query_scalar(
        "WITH told AS ( \
             SELECT recipient.id, (SELECT count(*) < $3 AND count(*) FILTER (WHERE about.meter_id = alarm.meter_id) < $4 \
                 FROM alarm_outbox waiting JOIN alarms about ON about.id = waiting.alarm_id \
                 WHERE waiting.recipient_id = recipient.id) AS has_room \
             FROM alarms alarm JOIN alarm_recipients recipient ON recipient.site_id = alarm.site_id \
             WHERE alarm.id = $1 AND recipient.enabled \
                 AND array_position(ARRAY['info', 'warning', 'critical'], recipient.min_severity) \
                     <= array_position(ARRAY['info', 'warning', 'critical'], alarm.severity)), \
         queued AS ( \
             INSERT INTO alarm_outbox (recipient_id, alarm_id, event) \
             SELECT id, $1, $2 FROM told WHERE has_room \
             ON CONFLICT (recipient_id, alarm_id, event) DO NOTHING) \
         SELECT count(*) FROM told WHERE NOT has_room",
    )
    .bind(alarm)
    .bind(event)
    .bind(MOST_WAITING)
    .bind(MOST_OF_METER)
    .fetch_one(db)
    .await?;
    if left_out > 0 {
        tracing::error!(
            alarm,
            "{left_out} recipients are not told that an alarm was {}: {MOST_WAITING} messages wait \
             for them already, or {MOST_OF_METER} of this meter; mend or remove them",
            event.as_str()
        );
    }
    Ok(left_out.unsigned_abs())
}

/// A message that is due.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Due {
    pub id: i64,
    /// How it is sent.
    pub kind: RecipientKind,
    /// Where to.
    pub address: String,
    /// The alarm it is about.
    pub alarm: i64,
    /// What happened to the alarm.
    pub event: Change,
    /// Which attempt this is, from 1.
    #[sqlx(try_from = "i32")]
    pub attempt: u32,
}

/// Takes messages that are due, the oldest of each recipient first. For the time of `lease` nobody else
/// gets them; whoever took them and was killed loses them to the next one after that. Waits are an hour at most:
/// a longer one is of a clock that was ahead, and over.
pub async fn take(pool: &PgPool, limit: i64, lease: Duration) -> Result<Vec<Due>, Error> {
    Ok(sqlx::query_as(
        "WITH due AS ( \
             SELECT message.id FROM alarm_outbox message \
             WHERE (message.next_at <= now() OR message.next_at > now() + interval '61 minutes') \
                 AND NOT EXISTS ( \
                 SELECT 1 FROM alarm_outbox earlier \
                 WHERE earlier.recipient_id = message.recipient_id AND earlier.id < message.id) \
             ORDER BY message.next_at, message.id LIMIT $1 FOR UPDATE SKIP LOCKED) \
         UPDATE alarm_outbox message \
         SET attempts = attempts + 1, next_at = now() + make_interval(secs => $2) \
         FROM due, alarm_recipients recipient \
         WHERE message.id = due.id AND recipient.id = message.recipient_id \
         RETURNING message.id, recipient.kind, recipient.address, message.alarm_id AS alarm, message.event, \
             message.attempts AS attempt",
    )
    .bind(limit)
    .bind(lease.as_secs_f64())
    .fetch_all(pool)
    .await?)
}

/// Removes all that waits for a recipient. How many messages it was.
pub async fn empty(db: impl PgExecutor<'_>, recipient: i64) -> Result<u64, Error> {
    let query = sqlx::query("DELETE FROM alarm_outbox WHERE recipient_id = $1").bind(recipient);
    Ok(query.execute(db).await?.rows_affected())
}

/// Removes a message that was delivered; the recipient hears again.
pub async fn delivered(pool: &PgPool, id: i64) -> Result<(), Error> {
    sqlx::query(
        "WITH gone AS (DELETE FROM alarm_outbox WHERE id = $1 RETURNING recipient_id) \
         UPDATE alarm_recipients recipient SET problem = NULL FROM gone \
         WHERE recipient.id = recipient_id AND problem IS NOT NULL",
    )
    .bind(id)
    .execute(pool)
    .await?;
    Ok(())
}

/// Gives a message up, and leaves word why.
pub async fn give_up(pool: &PgPool, id: i64, problem: &Message) -> Result<(), Error> {
    sqlx::query(
        "WITH gone AS (DELETE FROM alarm_outbox WHERE id = $1 RETURNING recipient_id) \
         UPDATE alarm_recipients recipient SET problem = $2 FROM gone \
         WHERE recipient.id = recipient_id",
    )
    .bind(id)
    .bind(problem)
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes why a message was not delivered, and when it is tried again.
pub async fn again(
    pool: &PgPool,
    id: i64,
    problem: &Message,
    after: Duration,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE alarm_outbox SET problem = $2, next_at = now() + make_interval(secs => $3) \
         WHERE id = $1",
    )
    .bind(id)
    .bind(problem)
    .bind(after.as_secs_f64())
    .execute(pool)
    .await?;
    Ok(())
}
