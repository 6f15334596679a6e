//! Who is told of the alarms of a site.

use domain::SiteId;
use domain::alarms::{RecipientKind, Severity};
use domain::message::Message;
use sqlx::types::Json;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;
use crate::alarms::rules::word;

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its id.
    pub id: i64,
    /// The site.
    pub site: SiteId,
    /// How it is told.
    pub kind: RecipientKind,
    /// URL or mailbox.
    pub address: String,
    /// The least grave alarm it is told of.
    pub min_severity: Severity,
    /// Whether it is told at all.
    pub enabled: bool,
    /// Messages that wait for it.
    pub waiting: i64,
    /// Why the oldest of them was not delivered; else why one was given up.
    pub problem: Option<Message>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    site_id: i64,
    kind: String,
    address: String,
    min_severity: String,
    enabled: bool,
    waiting: i64,
    problem: Option<Json<Message>>,
}

impl TryFrom<Row> for Recipient {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            site: SiteId(row.site_id),
            kind: word("alarm_recipients.kind", &row.kind, RecipientKind::parse)?,
            address: row.address,
            min_severity: word(
                "alarm_recipients.min_severity",
                &row.min_severity,
                Severity::parse,
            )?,
            enabled: row.enabled,
            waiting: row.waiting,
            problem: row.problem.map(|problem| problem.0),
        })
    }
}

macro_rules! select {
    ($with:literal, $from:literal, $rest:literal) => {
        concat!(
            $with,
            "SELECT recipient.id, recipient.site_id, recipient.kind, recipient.address, \
                 recipient.min_severity, recipient.enabled, \
                 (SELECT count(*) FROM alarm_outbox message WHERE message.recipient_id = recipient.id) \
                     AS waiting, \
                 coalesce((SELECT message.problem FROM alarm_outbox message \
                     WHERE message.recipient_id = recipient.id ORDER BY message.id LIMIT 1), \
                     recipient.problem) AS problem \
             FROM ",
            $from,
            " recipient ",
            $rest
        )
    };
}

/// The recipients of a site, in the order in which they were added.
pub async fn list(pool: &PgPool, site: SiteId) -> Result<Vec<Recipient>, Error> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "",
        "alarm_recipients",
        "WHERE recipient.site_id = $1 ORDER BY recipient.id"
    ))
    .bind(site.0)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Recipient::try_from).collect()
}

/// Every address that is told of alarms, of whatever site, once.
pub async fn addresses(pool: &PgPool) -> Result<Vec<(RecipientKind, String)>, Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT kind, address FROM alarm_recipients WHERE enabled ORDER BY kind, address",
    )
    .fetch_all(pool)
    .await?;
    let kind = |kind: String| word("alarm_recipients.kind", &kind, RecipientKind::parse);
    rows.into_iter().map(|(named, address)| Ok((kind(named)?, address))).collect()
}

/// The recipient with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Recipient>, Error> {
    let row: Option<Row> =
        sqlx::query_as(select!("", "alarm_recipients", "WHERE recipient.id = $1"))
            .bind(id)
            .fetch_optional(db)
            .await?;
    row.map(Recipient::try_from).transpose()
}

/// The recipient with this id, which nobody else changes until the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Recipient>, Error> {
    let row: Option<Row> = sqlx::query_as(select!(
        "",
        "alarm_recipients",
        "WHERE recipient.id = $1 FOR NO KEY UPDATE OF recipient"
    ))
    .bind(id)
    .fetch_optional(db)
    .await?;
    row.map(Recipient::try_from).transpose()
}

/// Adds a recipient; its id is given.
pub async fn insert(db: impl PgExecutor<'_>, new: &Recipient) -> Result<Recipient, Error> {
    let row: Row = sqlx::query_as(select!(
        "WITH made AS (INSERT INTO alarm_recipients (site_id, kind, address, min_severity, enabled) \
         VALUES ($1, $2, $3, $4, $5) RETURNING *) ",
        "made",
        ""
    ))
    .bind(new.site.0)
    .bind(new.kind.as_str())
    .bind(&new.address)
    .bind(new.min_severity.as_str())
    .bind(new.enabled)
    .fetch_one(db)
    .await?;
    row.try_into()
}

/// Stores a recipient. None where there is none with this id.
pub async fn update(
    db: impl PgExecutor<'_>,
    changed: &Recipient,
) -> Result<Option<Recipient>, Error> {
    let row: Option<Row> = sqlx::query_as(select!(
        "WITH made AS (UPDATE alarm_recipients \
         SET kind = $2, address = $3, min_severity = $4, enabled = $5 WHERE id = $1 RETURNING *) ",
        "made",
        ""
    ))
    .bind(changed.id)
    .bind(changed.kind.as_str())
    .bind(&changed.address)
    .bind(changed.min_severity.as_str())
    .bind(changed.enabled)
    .fetch_optional(db)
    .await?;
    row.map(Recipient::try_from).transpose()
}

/// Removes a recipient, and with it what waits for it. Whether there was one.
pub async fn delete(db: impl PgExecutor<'_>, id: i64) -> Result<bool, Error> {
    let done =
        sqlx::query("DELETE FROM alarm_recipients WHERE id = $1").bind(id).execute(db).await?;
    Ok(done.rows_affected() > 0)
}
