//! Alarms that were raised: the open ones, and the history.

pub mod agreement;
pub mod looks;
pub mod outbox;
pub mod recipients;
pub mod rules;
mod settle;

use chrono::{DateTime, Utc};
use domain::alarms::{Kind, RuleId, Severity};
use domain::message::Message;
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

pub use settle::{Deed, Done, Told, settle, told};

/// An alarm.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Alarm {
    pub id: i64,
    pub site: SiteId,
    /// The rule that raised it; none where it was removed since.
    pub rule: Option<RuleId>,
    pub meter: MeterId,
    pub meter_number: String,
    pub meter_name: String,
    /// What its rule looks at.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    pub about: Message,
    /// The figure that raised it.
    pub value: Option<f64>,
    /// What the figure is stated in.
    pub unit: String,
    /// When it was raised, by the clock of the site.
    pub raised_at: DateTime<Utc>,
    /// When it was cleared; none while it is open.
    pub cleared_at: Option<DateTime<Utc>>,
    /// When somebody said that they know of it, and who.
    pub acknowledged: Option<(DateTime<Utc>, String)>,
    /// What they said.
    pub note: Option<String>,
}

macro_rules! select {
($rest:literal) => {
        select!("", "alarms", $rest)
    };
    ($with:literal, $from:literal, $rest:literal) => {
        concat!(
            $with,
            "SELECT alarm.id, alarm.site_id AS site, alarm.rule_id AS rule, \
                 alarm.meter_id AS meter, meter.meter_number, \
                 meter.meter_name, alarm.kind, alarm.severity, alarm.about, alarm.value, alarm.unit, \
                 alarm.raised_at, alarm.cleared_at, CASE WHEN alarm.acknowledged_at IS NOT NULL THEN \
                     ROW(alarm.acknowledged_at, alarm.acknowledged_by) END AS acknowledged, \
                 alarm.note \
             FROM ",
            $from,
            " alarm JOIN energy_meters meter ON meter.id = alarm.meter_id ",
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

/// Alarms of a site, raised last first.
pub async fn list(pool: &PgPool, site: SiteId, asked: AlarmsFilter) -> Result<Vec<Alarm>, Error> {
    Ok(sqlx::query_as(select!(
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
    .bind(asked.before)
    .bind(asked.limit)
    .fetch_all(pool)
    .await?)
}

/// Every open alarm of every site.
pub async fn open(pool: &PgPool) -> Result<Vec<Alarm>, Error> {
    Ok(sqlx::query_as(select!("WHERE alarm.cleared_at IS NULL ORDER BY alarm.id"))
        .fetch_all(pool)
        .await?)
}

/// Alarms of a site, or of one of its meters, that are over, raised last first; those with a lower id
/// than `before`.
pub async fn over(
    pool: &PgPool,
    site: SiteId,
    meter: Option<MeterId>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Alarm>, Error> {
    Ok(sqlx::query_as(select!(
        "WHERE alarm.site_id = $1 AND alarm.cleared_at IS NOT NULL \
             AND ($2::bigint IS NULL OR alarm.meter_id = $2) \
             AND ($3::bigint IS NULL OR alarm.id < $3) ORDER BY alarm.id DESC LIMIT $4"
    ))
    .bind(site)
    .bind(meter)
    .bind(before)
    .bind(limit)
    .fetch_all(pool)
    .await?)
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
    pub unit: &'static str,
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
    let count = sqlx::query_scalar(
        "SELECT count(*) FROM alarms \
         WHERE site_id = $1 AND cleared_at >= $2 AND ($3::bigint IS NULL OR meter_id = $3)",
    )
    .bind(site)
    .bind(since)
    .bind(meter)
    .fetch_one(pool)
    .await?;
    Ok(count)
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
