//! Who gets the monthly report of a site, and when.

use chrono::NaiveTime;
use domain::SiteId;
use domain::reports::{Month, Schedule};
use sqlx::{PgConnection, PgExecutor, PgPool};

use crate::Error;
use crate::reports::outbox::LEASE;

macro_rules! select {
    ($with:literal, $from:literal, $rest:literal) => {
        concat!(
            $with,
            "SELECT schedule.id, schedule.site_id AS site, schedule.addresses, schedule.day, \
                 schedule.hour, schedule.language, schedule.enabled, schedule.next_month AS next, \
                 CASE WHEN schedule.sent_at IS NOT NULL AND schedule.sent_month IS NOT NULL \
                     THEN ROW(schedule.sent_at, schedule.sent_month) END AS sent, schedule.version, \
                 (SELECT count(*) FROM report_outbox mail WHERE mail.schedule_id = schedule.id) \
                     AS waiting, \
                 coalesce((SELECT mail.problem FROM report_outbox mail \
                     WHERE mail.schedule_id = schedule.id ORDER BY mail.problem IS NULL, mail.id \
                     LIMIT 1), schedule.problem) AS problem \
             FROM ",
            $from,
            " schedule ",
            $rest
        )
    };
}

/// The schedules of a site, in the order in which they were added.
pub async fn list(db: impl PgExecutor<'_>, site: SiteId) -> Result<Vec<Schedule>, Error> {
    Ok(sqlx::query_as(select!(
        "",
        "report_schedules",
        "WHERE schedule.site_id = $1 ORDER BY schedule.id"
    ))
    .bind(site)
    .fetch_all(db)
    .await?)
}

/// Every schedule that is switched on.
pub async fn enabled(pool: &PgPool) -> Result<Vec<Schedule>, Error> {
    Ok(sqlx::query_as(select!(
        "",
        "report_schedules",
        "WHERE schedule.enabled ORDER BY schedule.id"
    ))
    .fetch_all(pool)
    .await?)
}

/// The schedule with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Schedule>, Error> {
    Ok(sqlx::query_as(select!("", "report_schedules", "WHERE schedule.id = $1"))
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// The schedule with this id, which nobody else changes until the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Schedule>, Error> {
    Ok(sqlx::query_as(select!(
        "",
        "report_schedules",
        "WHERE schedule.id = $1 FOR NO KEY UPDATE OF schedule"
    ))
    .bind(id)
    .fetch_optional(db)
    .await?)
}

/// Adds a schedule; its id is given.
pub async fn insert(db: impl PgExecutor<'_>, new: &Schedule) -> Result<Schedule, Error> {
    Ok(sqlx::query_as(select!(
        "WITH made AS (INSERT INTO report_schedules \
             (site_id, addresses, day, hour, language, enabled, next_month) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *) ",
        "made",
        ""
    ))
    .bind(new.site)
    .bind(&new.addresses)
    .bind(i16::from(new.due.day()))
    .bind(i16::from(new.due.hour()))
    .bind(new.language)
    .bind(new.enabled)
    .bind(new.next)
    .fetch_one(db)
    .await?)
}

/// Stores a schedule as people changed it. None where there is none with this id.
pub async fn update(
    db: impl PgExecutor<'_>,
    changed: &Schedule,
) -> Result<Option<Schedule>, Error> {
    Ok(sqlx::query_as(select!(
        "WITH made AS (UPDATE report_schedules \
         SET addresses = $2, day = $3, hour = $4, language = $5, enabled = $6, next_month = $7, \
             version = version + 1 \
         WHERE id = $1 RETURNING *) ",
        "made",
        ""
    ))
    .bind(changed.id)
    .bind(&changed.addresses)
    .bind(i16::from(changed.due.day()))
    .bind(i16::from(changed.due.hour()))
    .bind(changed.language)
    .bind(changed.enabled)
    .bind(changed.next)
    .fetch_optional(db)
    .await?)
}

/// Removes a schedule, and with it what waits to be delivered. Whether there was one.
pub async fn delete(db: impl PgExecutor<'_>, id: i64) -> Result<bool, Error> {
    let done =
        sqlx::query("DELETE FROM report_schedules WHERE id = $1").bind(id).execute(db).await?;
    Ok(done.rows_affected() > 0)
}

/// Moves a schedule on from the month that is due, and queues its report for each mailbox. Whether it
/// stood there still: of several processes one is the first.
pub async fn claim(pool: &PgPool, id: i64, month: Month) -> Result<bool, Error> {
    let mut transaction = pool.begin().await?;
    let moved = sqlx::query(
        "UPDATE report_schedules SET next_month = $3, problem = NULL \
         WHERE id = $1 AND next_month = $2 AND enabled",
    )
    .bind(id)
    .bind(month)
    .bind(month.next().first())
    .execute(&mut *transaction)
    .await?;
    if moved.rows_affected() > 0 {
        queue(&mut transaction, id, month).await?;
    }
    transaction.commit().await?;
    Ok(moved.rows_affected() > 0)
}

/// Queues the report of a month for each mailbox of a schedule. One that stands aside or waits there already
/// for a later attempt is tried at once; one that may be under way is left alone.
pub async fn queue(db: &mut PgConnection, id: i64, month: Month) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM set_aside WHERE schedule_id = $1 AND start = $2::timestamp AT TIME ZONE 'UTC'",
    )
    .bind(id)
    .bind(month.first().and_time(NaiveTime::MIN))
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO report_outbox (schedule_id, month, address) \
         SELECT DISTINCT id, $2::date, unnest(addresses) FROM report_schedules WHERE id = $1 \
         ON CONFLICT (schedule_id, month, address) DO UPDATE SET next_at = now() \
             WHERE report_outbox.next_at > now() + make_interval(secs => $3)",
    )
    .bind(id)
    .bind(month)
    .bind(LEASE.as_secs_f64())
    .execute(db)
    .await?;
    Ok(())
}
