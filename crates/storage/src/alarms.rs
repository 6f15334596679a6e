//! Alarms that were raised: the open ones, and the history.

pub mod agreement;
pub mod looks;
pub mod outbox;
pub mod recipients;
pub mod rules;
mod settle;

use chrono::{DateTime, Utc};
use domain::alarms::{Alarm, Kind, RuleId, Severity};
use domain::message::Message;
use domain::{MeterId, SiteId};
use sqlx::postgres::PgRow;
use sqlx::{FromRow as _, PgExecutor, PgPool, Row as _};

use crate::Error;

pub use settle::{Deed, Done, Told, settle, told};

macro_rules! select {
    ($rest:literal) => {
        select!("", "alarms", $rest)
    };
    ($with:literal, $from:literal, $rest:literal) => {
        concat!(
            $with,
            "SELECT alarm.*, site.slug AS site, meter.meter_number, meter.meter_name FROM ",
            $from,
            " alarm JOIN sites site ON site.id = alarm.site_id \
              JOIN energy_meters meter ON meter.id = alarm.meter_id ",
            $rest
        )
    };
}

use select;

/// Which alarms are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlarmsFilter {
    /// Those of one meter.
    pub meter: Option<MeterId>,
    /// Those that are open.
    pub open: bool,
    /// Those that were not over before this.
    pub from: Option<DateTime<Utc>>,
    /// Those that were raised before this.
    pub to: Option<DateTime<Utc>>,
    /// Those with a lower id: raised before that one.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: i64,
}

/// Alarms, and those of them that this program cannot read.
#[derive(Debug, Default)]
pub struct StoredAlarms {
    pub alarms: Vec<Alarm>,
    /// By id, with what is wrong: SQL or another program wrote them. They hold up no other.
    pub unreadable: Vec<(i64, Error)>,
}

impl StoredAlarms {
    fn read(rows: &[PgRow]) -> Result<Self, Error> {
        let mut found = Self::default();
        for row in rows {
            match Alarm::from_row(row) {
                Ok(alarm) => found.alarms.push(alarm),
                Err(error @ sqlx::Error::ColumnDecode { .. }) => {
                    found.unreadable.push((row.try_get("id")?, error.into()));
                }
                Err(ours) => return Err(ours.into()),
            }
        }
        Ok(found)
    }
}

/// A page of alarms. What cannot be read is made up for by what lies behind it, so that a page that is not full is
/// the last.
struct Page {
    alarms: Vec<Alarm>,
    /// The next ones have lower ids.
    before: Option<i64>,
    /// How many there is room for.
    left: i64,
}

impl Page {
    const fn new(before: Option<i64>, limit: i64) -> Self {
        Self { alarms: Vec::new(), before, left: limit }
    }

    /// Takes what was found; whether that was all there is room for, or all there is.
    fn takes(&mut self, rows: &[PgRow]) -> Result<bool, Error> {
        let mut found = StoredAlarms::read(rows)?;
        self.alarms.append(&mut found.alarms);
        let Some(last) = rows.last().filter(|_| !found.unreadable.is_empty()) else {
            return Ok(true);
        };
        self.before = Some(last.try_get("id")?);
        self.left = found.unreadable.len().try_into().unwrap_or(self.left);
        Ok(false)
    }
}

/// Alarms of a site, raised last first; none that this program cannot read.
pub async fn list(pool: &PgPool, site: SiteId, asked: AlarmsFilter) -> Result<Vec<Alarm>, Error> {
    let mut page = Page::new(asked.before, asked.limit);
    loop {
        let rows = sqlx::query(select!(
            "WHERE alarm.site_id = $1 AND ($2::bigint IS NULL OR alarm.meter_id = $2) \
                 AND (NOT $3 OR alarm.cleared_at IS NULL) \
                 AND ($4::timestamptz IS NULL OR coalesce(alarm.cleared_at, 'infinity') >= $4) \
                 AND ($5::timestamptz IS NULL OR alarm.raised_at < $5) \
                 AND ($6::bigint IS NULL OR alarm.id < $6) \
             ORDER BY alarm.id DESC LIMIT $7"
        ))
        .bind(site)
        .bind(asked.meter)
        .bind(asked.open)
        .bind(asked.from)
        .bind(asked.to)
        .bind(page.before)
        .bind(page.left)
        .fetch_all(pool)
        .await?;
        if page.takes(&rows)? {
            return Ok(page.alarms);
        }
    }
}

/// Every open alarm of every site.
pub async fn open(pool: &PgPool) -> Result<StoredAlarms, Error> {
    let all = sqlx::query(select!("WHERE alarm.cleared_at IS NULL ORDER BY alarm.id"));
    StoredAlarms::read(&all.fetch_all(pool).await?)
}

/// Alarms of a site, or of one of its meters, that are over, raised last first; those with a lower id
/// than `before`, and none that this program cannot read.
pub async fn over(
    pool: &PgPool,
    site: SiteId,
    meter: Option<MeterId>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Alarm>, Error> {
    let mut page = Page::new(before, limit);
    loop {
        let rows = sqlx::query(select!(
            "WHERE alarm.site_id = $1 AND alarm.cleared_at IS NOT NULL \
                 AND ($2::bigint IS NULL OR alarm.meter_id = $2) \
                 AND ($3::bigint IS NULL OR alarm.id < $3) ORDER BY alarm.id DESC LIMIT $4"
        ))
        .bind(site)
        .bind(meter)
        .bind(page.before)
        .bind(page.left)
        .fetch_all(pool)
        .await?;
        if page.takes(&rows)? {
            return Ok(page.alarms);
        }
    }
}

/// The alarm with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Alarm>, Error> {
    Ok(sqlx::query_as(select!("WHERE alarm.id = $1")).bind(id).fetch_optional(db).await?)
}

/// An alarm to raise.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAlarm {
    pub site: SiteId,
    /// The rule that raises it.
    pub rule: RuleId,
    pub meter: MeterId,
    /// What the rule looks at.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    pub about: Message,
    /// The figure.
    pub value: Option<f64>,
    /// What the figure is stated in.
    pub unit: String,
    /// When, by the clock of the site.
    pub at: DateTime<Utc>,
}

/// Says something else of an open alarm from now on. Nobody is told anew.
pub async fn reword(db: impl PgExecutor<'_>, id: i64, about: &Message) -> Result<(), Error> {
    sqlx::query("UPDATE alarms SET about = $2 WHERE id = $1 AND cleared_at IS NULL")
        .bind(id)
        .bind(about)
        .execute(db)
        .await?;
    Ok(())
}

/// Clears an alarm. Whether it was open.
pub async fn clear(pool: &PgPool, id: i64, at: DateTime<Utc>) -> Result<bool, Error> {
    let mut transaction = pool.begin().await?;
    let was_open = settle::clear(&mut transaction, id, at).await?;
    transaction.commit().await?;
    Ok(was_open)
}

/// Clears the open alarms of a rule that is switched off or removed. Nobody is told: somebody chose
/// to look no more.
pub async fn clear_of(
    db: impl PgExecutor<'_>,
    rule: RuleId,
    at: DateTime<Utc>,
) -> Result<u64, Error> {
    let done = sqlx::query(
        "UPDATE alarms SET cleared_at = greatest($2, raised_at) \
         WHERE rule_id = $1 AND cleared_at IS NULL",
    )
    .bind(rule)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Notes that somebody knows of an alarm. Whether nobody had said so before.
pub async fn acknowledge(
    db: impl PgExecutor<'_>,
    id: i64,
    who: &str,
    note: Option<&str>,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE alarms SET acknowledged_at = now(), acknowledged_by = $2, note = $3 \
         WHERE id = $1 AND acknowledged_at IS NULL",
    )
    .bind(id)
    .bind(who)
    .bind(note)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// How many alarms of a site, or of one of its meters, were cleared since an instant.
pub async fn cleared_since(
    pool: &PgPool,
    site: SiteId,
    meter: Option<MeterId>,
    since: DateTime<Utc>,
) -> Result<i64, Error> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM alarms \
         WHERE site_id = $1 AND cleared_at >= $2 AND ($3::bigint IS NULL OR meter_id = $3)",
    )
    .bind(site)
    .bind(since)
    .bind(meter)
    .fetch_one(pool)
    .await?)
}

/// Deletes alarms of a site that were over before an instant. How many there were.
pub async fn delete_over(pool: &PgPool, site: SiteId, before: DateTime<Utc>) -> Result<u64, Error> {
    let done = sqlx::query("DELETE FROM alarms WHERE site_id = $1 AND cleared_at < $2")
        .bind(site)
        .bind(before)
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}
