//! Runs that bill a whole site's month.

use domain::bills::{LeftOut, LeftOutMeter, Run, RunState};
use domain::message::Message;
use domain::month::Month;
use domain::{MeterId, SiteId};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use crate::Error;

macro_rules! columns {
    () => {
        "id, site_id, (SELECT slug FROM sites WHERE sites.id = site_id) AS site, month, issue, who, state, total, done, issued, held_back, doubtful, last_meter, \
         problem, started_at, finished_at"
    };
}

/// Begins a run. None where one of the same site and month is under way.
pub async fn begin(
    db: impl PgExecutor<'_>,
    site: SiteId,
    month: Month,
    issue: bool,
    total: usize,
    who: &str,
) -> Result<Option<Run>, Error> {
    Ok(sqlx::query_as(concat!(
        "INSERT INTO bill_runs (site_id, month, issue, total, who) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (site_id, month) WHERE state = 'running' DO NOTHING RETURNING ",
        columns!()
    ))
    .bind(site)
    .bind(month)
    .bind(issue)
    .bind(i32::try_from(total).unwrap_or(i32::MAX))
    .bind(who)
    .fetch_optional(db)
    .await?)
}

/// The run with this id.
pub async fn by_id(pool: &PgPool, id: Uuid) -> Result<Option<Run>, Error> {
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), " FROM bill_runs WHERE id = $1"))
        .bind(id)
        .fetch_optional(pool)
        .await?)
}

/// The runs of a site, newest first.
pub async fn list(pool: &PgPool, site: SiteId, month: Option<Month>) -> Result<Vec<Run>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM bill_runs WHERE site_id = $1 AND ($2::date IS NULL OR month = $2) \
          ORDER BY started_at DESC, id"
    ))
    .bind(site)
    .bind(month)
    .fetch_all(pool)
    .await?)
}

/// The oldest run that is under way.
pub async fn under_way(pool: &PgPool) -> Result<Option<Run>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM bill_runs WHERE state = 'running' ORDER BY started_at, id LIMIT 1"
    ))
    .fetch_optional(pool)
    .await?)
}

/// What a piece of a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The meter that was done last before it.
    pub from: MeterId,
    /// The meter that is done last after it.
    pub to: MeterId,
    /// Meters.
    pub done: usize,
    /// Bills issued.
    pub issued: usize,
    /// Bills held back.
    pub held_back: usize,
    /// Bills that somebody should look at.
    pub doubtful: usize,
}

/// Notes a piece of a run, in the transaction that stores its bills. False where the run is not where
/// the piece began any more: it was cancelled, or someone else went on with it.
pub async fn advance(db: impl PgExecutor<'_>, run: Uuid, step: Step) -> Result<bool, Error> {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let done = sqlx::query(
        "UPDATE bill_runs SET last_meter = $3, done = done + $4, issued = issued + $5, \
             held_back = held_back + $6, doubtful = doubtful + $7 \
         WHERE id = $1 AND state = 'running' AND last_meter = $2",
    )
    .bind(run)
    .bind(step.from)
    .bind(step.to)
    .bind(count(step.done))
    .bind(count(step.issued))
    .bind(count(step.held_back))
    .bind(count(step.doubtful))
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends a run that is under way. None where it has ended already.
pub async fn end(
    db: impl PgExecutor<'_>,
    run: Uuid,
    state: RunState,
    problem: Option<&Message>,
) -> Result<Option<Run>, Error> {
    Ok(sqlx::query_as(concat!(
        "UPDATE bill_runs SET state = $2, problem = $3, finished_at = now() \
         WHERE id = $1 AND state = 'running' RETURNING ",
        columns!()
    ))
    .bind(run)
    .bind(state)
    .bind(problem)
    .fetch_optional(db)
    .await?)
}

/// Notes which meters a run leaves out, in the transaction that does the others.
pub async fn leave_out(
    db: impl PgExecutor<'_>,
    run: Uuid,
    meters: &[(MeterId, LeftOut)],
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO bill_run_omissions (run_id, meter_id, reason) \
         SELECT $1, left_out.* FROM UNNEST($2::bigint[], $3::text[]) AS left_out",
    )
    .bind(run)
    .bind(meters.iter().map(|(meter, _)| *meter).collect::<Vec<_>>())
    .bind(meters.iter().map(|(_, reason)| *reason).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// The meters that a run has left out so far, by number.
pub async fn left_out(pool: &PgPool, run: Uuid) -> Result<Vec<LeftOutMeter>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id, meter_number, meter_name, reason \
         FROM bill_run_omissions \
         JOIN energy_meters AS meter ON meter.id = meter_id WHERE run_id = $1 \
         ORDER BY meter_number, meter.id",
    )
    .bind(run)
    .fetch_all(pool)
    .await?)
}
