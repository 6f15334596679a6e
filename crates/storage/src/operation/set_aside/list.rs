//! What stands aside, as people are told of it.

use chrono::{DateTime, Utc};
use domain::message::Message;
use domain::operation::task::Work;
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgPool};

use crate::Error;

/// Whose parts stand aside, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Meter {
        /// The meter.
        id: MeterId,
        /// Its number.
        number: String,
        /// Its name.
        name: String,
    },
    /// That of a schedule by which reports are sent.
    Schedule(i64),
}

/// The parts of one kind that stand aside of one meter or schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// What.
    pub work: Work,
    /// Whose.
    pub whose: Whose,
    /// How many parts.
    pub parts: u64,
    /// The start of the first and of the last of them.
    pub first: DateTime<Utc>,
    /// See `first`.
    pub last: DateTime<Utc>,
    /// Why the one that failed last did.
    pub error: Message,
    /// When that was.
    pub failed_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    work: Work,
    meter_id: Option<MeterId>,
    meter_number: Option<String>,
    meter_name: Option<String>,
    schedule_id: Option<i64>,
    parts: i64,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
    error: Message,
    failed_at: DateTime<Utc>,
}

impl TryFrom<Row> for Aside {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let whose = match (row.meter_id, row.meter_number, row.meter_name, row.schedule_id) {
            (Some(id), Some(number), Some(name), None) => Whose::Meter { id, number, name },
            (None, None, None, Some(schedule)) => Whose::Schedule(schedule),
            _ => {
                let value = row.work.as_str().to_owned();
                return Err(Error::Unreadable { column: "set_aside.meter_id".to_owned(), value });
            }
        };
        Ok(Self {
            work: row.work,
            whose,
            parts: row.parts.unsigned_abs(),
            first: row.first,
            last: row.last,
            error: row.error,
            failed_at: row.failed_at,
        })
    }
}

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
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT work, meter_id, meter_number, meter_name, schedule_id, count(*) AS parts, \
             min(start) AS first, max(start) AS last, \
             (array_agg(error ORDER BY failed_at DESC))[1] AS error, max(failed_at) AS failed_at \
         FROM set_aside \
             LEFT JOIN energy_meters meter ON meter.id = meter_id \
             LEFT JOIN report_schedules schedule ON schedule.id = schedule_id \
         WHERE meter.site_id = $1 OR schedule.site_id = $1 \
         GROUP BY work, meter_id, meter_number, meter_name, schedule_id \
         ORDER BY max(failed_at) DESC, meter_id, schedule_id, work",
    )
    .bind(site)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Aside::try_from).collect()
}
