//! What is watched, and from when on it is an alarm.

use chrono::{DateTime, Utc};
use domain::alarms::{Direction, Kind, Limits, Rule, RuleId, Severity, Tank, Terms};
use domain::readings::channel::Name;
use domain::{MeterId, SiteId};
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;
use sqlx::{FromRow, PgExecutor, PgPool, Postgres};

use crate::Error;

#[derive(FromRow)]
struct Row {
    id: RuleId,
    site_id: SiteId,
    meter_id: Option<MeterId>,
    kind: Kind,
    channel: Option<Name>,
    direction: Option<Direction>,
    raise_at: Option<f64>,
    clear_at: Option<f64>,
    nominal: Option<f64>,
    tank_litres: Option<f64>,
    filled_at: Option<DateTime<Utc>>,
    delay_s: i32,
    clear_delay_s: i32,
    severity: Severity,
    enabled: bool,
}

impl From<Row> for Rule {
    fn from(row: Row) -> Self {
        let limits = row.direction.zip(row.raise_at.zip(row.clear_at));
        let tank = row.tank_litres.zip(row.filled_at);
        Self {
            id: row.id,
            site: row.site_id,
            meter: row.meter_id,
            terms: Terms {
                kind: row.kind,
                channel: row.channel,
                limits: limits.map(|(direction, (raise, clear))| Limits {
                    direction,
                    raise,
                    clear,
                }),
                nominal: row.nominal,
                tank: tank.map(|(litres, filled_at)| Tank { litres, filled_at }),
                delay_s: row.delay_s.unsigned_abs(),
                clear_delay_s: row.clear_delay_s.unsigned_abs(),
                severity: row.severity,
                enabled: row.enabled,
            },
        }
    }
}

macro_rules! columns {
    () => {
        "id, site_id, meter_id, kind, channel, direction, raise_at, clear_at, nominal, tank_litres, \
         filled_at, delay_s, clear_delay_s, severity, enabled"
    };
}

/// The rules of all sites, or of one, in the order in which they were made.
pub async fn list(pool: &PgPool, site: Option<SiteId>) -> Result<Vec<Rule>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM alarm_rules WHERE $1::bigint IS NULL OR site_id = $1 ORDER BY id"
    ))
    .bind(site)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Rule::from).collect())
}

/// The rule with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: RuleId) -> Result<Option<Rule>, Error> {
    let row: Option<Row> =
        sqlx::query_as(concat!("SELECT ", columns!(), " FROM alarm_rules WHERE id = $1"))
            .bind(id)
            .fetch_optional(db)
            .await?;
    Ok(row.map(Rule::from))
}

/// The rule with this id, which nobody else changes until the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, id: RuleId) -> Result<Option<Rule>, Error> {
    let row: Option<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM alarm_rules WHERE id = $1 FOR NO KEY UPDATE"
    ))
    .bind(id)
    .fetch_optional(db)
    .await?;
    Ok(row.map(Rule::from))
}

/// Adds a rule; its id is given.
pub async fn insert(db: impl PgExecutor<'_>, rule: &Rule) -> Result<Rule, Error> {
    let query = sqlx::query_as(concat!(
        "INSERT INTO alarm_rules (meter_id, channel, direction, raise_at, clear_at, nominal, \
             tank_litres, filled_at, delay_s, clear_delay_s, severity, enabled, site_id, kind) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ",
        columns!()
    ));
    let query = changeable(query, rule).bind(rule.site).bind(rule.terms.kind);
    Ok(query.fetch_one(db).await?.into())
}

/// Stores what a rule says and for which meter. None where there is none with this id.
pub async fn update(db: impl PgExecutor<'_>, rule: &Rule) -> Result<Option<Rule>, Error> {
    let query = sqlx::query_as(concat!(
        "UPDATE alarm_rules SET meter_id = $1, channel = $2, direction = $3, raise_at = $4, \
             clear_at = $5, nominal = $6, tank_litres = $7, filled_at = $8, delay_s = $9, \
             clear_delay_s = $10, severity = $11, enabled = $12 \
         WHERE id = $13 RETURNING ",
        columns!()
    ));
    let row = changeable(query, rule).bind(rule.id).fetch_optional(db).await?;
    Ok(row.map(Rule::from))
}

type RowQuery<'q> = QueryAs<'q, Postgres, Row, PgArguments>;

/// Binds $1 to $12: all of a rule that may change.
fn changeable<'q>(query: RowQuery<'q>, rule: &'q Rule) -> RowQuery<'q> {
    let terms = &rule.terms;
    query
        .bind(rule.meter)
        .bind(terms.channel)
        .bind(terms.limits.map(|limits| limits.direction))
        .bind(terms.limits.map(|limits| limits.raise))
        .bind(terms.limits.map(|limits| limits.clear))
        .bind(terms.nominal)
        .bind(terms.tank.map(|tank| tank.litres))
        .bind(terms.tank.map(|tank| tank.filled_at))
        .bind(seconds(terms.delay_s))
        .bind(seconds(terms.clear_delay_s))
        .bind(terms.severity)
        .bind(terms.enabled)
}

/// Deletes a rule. None where there is none with this id.
pub async fn delete(db: impl PgExecutor<'_>, id: RuleId) -> Result<Option<Rule>, Error> {
    let row: Option<Row> =
        sqlx::query_as(concat!("DELETE FROM alarm_rules WHERE id = $1 RETURNING ", columns!()))
            .bind(id)
            .fetch_optional(db)
            .await?;
    Ok(row.map(Rule::from))
}

/// Seconds as stored. More than the column takes fails its range check, as no one means it.
fn seconds(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(-1)
}
