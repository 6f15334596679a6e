//! Reports that are still to be mailed. A row is written when the report is claimed, so that neither a
//! restart nor a mail server that is away loses one.

use std::time::Duration;

use domain::message::Message;
use domain::reports::Month;
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::Error;

/// A mail that is due.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Due {
    pub id: i64,
    /// The schedule that it follows.
    pub schedule: i64,
    /// The month that it reports.
    pub month: Month,
    /// The mailbox.
    pub address: String,
    /// Which attempt this is, from 1.
    #[sqlx(try_from = "i32")]
    pub attempt: u32,
}

/// For so long nobody else gets a mail that was taken; whoever took it and was killed loses it to the
/// next one after that.
pub const LEASE: Duration = Duration::from_mins(3);

/// Takes the mail that is due first, but none whose report stands aside. Waits are an hour at most: a longer
/// one is of a clock that was ahead.
pub async fn take(pool: &PgPool) -> Result<Option<Due>, Error> {
    Ok(sqlx::query_as(
        "WITH due AS ( \
             SELECT id FROM report_outbox \
             WHERE (next_at <= now() OR next_at > now() + interval '61 minutes') \
                 AND NOT EXISTS (SELECT FROM set_aside aside \
                     WHERE aside.schedule_id = report_outbox.schedule_id \
                         AND aside.start = month::timestamp AT TIME ZONE 'UTC') \
             ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
         UPDATE report_outbox mail \
         SET attempts = attempts + 1, next_at = now() + make_interval(secs => $1) \
         FROM due WHERE mail.id = due.id \
         RETURNING mail.id, mail.schedule_id AS schedule, mail.month, mail.address, \
             mail.attempts AS attempt",
    )
    .bind(LEASE.as_secs_f64())
    .fetch_optional(pool)
    .await?)
}

/// Removes a mail that was delivered, and notes that it was.
pub async fn delivered(pool: &PgPool, due: &Due) -> Result<(), Error> {
    sqlx::query(
        "WITH gone AS (DELETE FROM report_outbox WHERE id = $1) \
         UPDATE report_schedules SET sent_at = now(), sent_month = $3 WHERE id = $2",
    )
    .bind(due.id)
    .bind(due.schedule)
    .bind(due.month)
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes why a mail was not delivered, and when it is tried again.
pub async fn again(
    pool: &PgPool,
    id: i64,
    problem: &Message,
    after: Duration,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE report_outbox SET problem = $2, next_at = now() + make_interval(secs => $3) \
         WHERE id = $1",
    )
    .bind(id)
    .bind(problem)
    .bind(after.as_secs_f64())
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes why a report could not be made, and when it is tried again, for each mailbox that waits for it.
pub async fn unmade(
    db: impl PgExecutor<'_>,
    due: &Due,
    problem: &Message,
    after: Duration,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE report_outbox SET problem = $3, \
             next_at = CASE WHEN id = $4 THEN now() + make_interval(secs => $5) \
                 ELSE greatest(next_at, now() + make_interval(secs => $5)) END \
         WHERE schedule_id = $1 AND month = $2",
    )
    .bind(due.schedule)
    .bind(due.month)
    .bind(problem)
    .bind(due.id)
    .bind(after.as_secs_f64())
    .execute(db)
    .await?;
    Ok(())
}

/// Gives a mail up, and leaves word why.
pub async fn give_up(pool: &PgPool, due: &Due, problem: &Message) -> Result<(), Error> {
    sqlx::query(
        "WITH gone AS (DELETE FROM report_outbox WHERE id = $1) \
         UPDATE report_schedules SET problem = $3 WHERE id = $2",
    )
    .bind(due.id)
    .bind(due.schedule)
    .bind(problem)
    .execute(pool)
    .await?;
    Ok(())
}

/// Removes what waits for mailboxes that a schedule does not name any more; a report that nobody waits for
/// stands aside no more.
pub async fn forget(
    connection: &mut PgConnection,
    schedule: i64,
    named: &[String],
) -> Result<u64, Error> {
    let done =
        sqlx::query("DELETE FROM report_outbox WHERE schedule_id = $1 AND NOT address = ANY($2)")
            .bind(schedule)
            .bind(named)
            .execute(&mut *connection)
            .await?;
    sqlx::query(
        "DELETE FROM set_aside aside WHERE schedule_id = $1 \
             AND NOT EXISTS (SELECT FROM report_outbox mail WHERE mail.schedule_id = $1 \
                 AND mail.month = (aside.start AT TIME ZONE 'UTC')::date)",
    )
    .bind(schedule)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
