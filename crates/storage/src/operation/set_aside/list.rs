//! What stands aside, as people are told of it.

use domain::SiteId;
use domain::operation::set_aside::Aside;
use domain::operation::task::Work;
use sqlx::PgPool;

use crate::Error;

/// How many parts of each kind stand aside.
pub async fn counts(pool: &PgPool) -> Result<Vec<(Work, u64)>, Error> {
    let rows: Vec<(Work, i64)> =
        sqlx::query_as("SELECT work, count(*) FROM set_aside GROUP BY work ORDER BY work")
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(|(work, count)| (work, count.unsigned_abs())).collect())
}

/// What stands aside at a site, by meter or schedule and kind, what failed last first.
pub async fn list(pool: &PgPool, site: SiteId) -> Result<Vec<Aside>, Error> {
    Ok(sqlx::query_as(
        "SELECT work, meter_id, meter_number, meter_name, schedule_id, count(*) AS parts, \
             min(start) AS first, max(start) AS last, max(failed_at) AS failed_at, \
             (array_agg(error ORDER BY failed_at DESC))[1] AS error_said, \
             (array_agg(error ->> 'message' ORDER BY failed_at DESC))[1] AS error \
         FROM set_aside \
             LEFT JOIN energy_meters meter ON meter.id = meter_id \
             LEFT JOIN report_schedules schedule ON schedule.id = schedule_id \
         WHERE meter.site_id = $1 OR schedule.site_id = $1 \
         GROUP BY work, meter_id, meter_number, meter_name, schedule_id \
         ORDER BY max(failed_at) DESC, meter_id, schedule_id, work",
    )
    .bind(site)
    .fetch_all(pool)
    .await?)
}
