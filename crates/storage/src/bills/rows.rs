//! Bills as they are stored.

use std::collections::HashMap;

use domain::bills::{Bill, BillSummary, Inputs, Override};
use domain::month::Month;
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgExecutor, PgPool};
use uuid::Uuid;

use crate::Error;

/// A whole bill.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Stored {
    /// What a list shows.
    #[sqlx(flatten)]
    pub summary: BillSummary,
    pub site: SiteId,
    /// What is to be paid, and why.
    pub bill: Bill,
    /// What an issued bill was computed from; of a credit note, the bill that it takes back.
    pub inputs: Option<Inputs>,
    /// Who let it be issued although its coverage is low.
    pub overridden: Option<Override>,
    /// Why a credit note was made.
    pub reason: Option<String>,
}

macro_rules! summary {
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT bill.id, bill.site_id AS site, bill.meter_id, meter_number, meter_name, bill.month, \
                 CASE WHEN bill.kind = 'credit_note' THEN 'creditNote' \
                     WHEN bill.number IS NULL THEN 'draft' \
                     WHEN note.id IS NOT NULL THEN 'credited' ELSE 'issued' END AS state, \
                 bill.number, bill.issued_at, bill.generated_at, bill.side, \
                 bill.consumed_kwh AS consumed, bill.produced_kwh AS produced, bill.coverage, \
                 bill.estimated_kwh, bill.amount_due, sites.currency, bill.digest, \
                 taken_back.number AS credits, note.number AS credited_by",
            $more,
            " FROM bills AS bill JOIN energy_meters ON energy_meters.id = bill.meter_id \
              JOIN sites ON sites.id = bill.site_id \
              LEFT JOIN bills AS taken_back ON taken_back.id = bill.credits \
              LEFT JOIN bills AS note ON note.credits = bill.id ",
            $rest
        )
    };
}

macro_rules! whole {
    ($rest:literal) => {
        summary!(
            ", bill.content AS bill, coalesce(bill.inputs, taken_back.inputs) AS inputs, \
              bill.override AS overridden, bill.reason",
            $rest
        )
    };
}

/// The bills of a site's month, by meter and in the order in which they were issued, drafts last; of
/// all months without one.
pub async fn list(
    pool: &PgPool,
    site: SiteId,
    month: Option<Month>,
    meter: Option<MeterId>,
) -> Result<Vec<BillSummary>, Error> {
    Ok(sqlx::query_as(summary!(
        "",
        "WHERE bill.site_id = $1 AND ($2::date IS NULL OR bill.month = $2) \
             AND ($3::bigint IS NULL OR bill.meter_id = $3) \
         ORDER BY bill.month DESC, bill.meter_id, bill.number NULLS LAST"
    ))
    .bind(site)
    .bind(month)
    .bind(meter)
    .fetch_all(pool)
    .await?)
}

/// The bill with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Stored>, Error> {
    Ok(sqlx::query_as(whole!("WHERE bill.id = $1")).bind(id).fetch_optional(db).await?)
}

/// The bills with this number: one at most in each site.
pub async fn by_number(
    db: impl PgExecutor<'_>,
    site: Option<SiteId>,
    number: &str,
) -> Result<Vec<Stored>, Error> {
    Ok(sqlx::query_as(whole!(
        "WHERE bill.number = $1 AND ($2::bigint IS NULL OR bill.site_id = $2) ORDER BY bill.site_id"
    ))
    .bind(number)
    .bind(site)
    .fetch_all(db)
    .await?)
}

/// The issued bill of a meter's month that no credit note takes back.
pub async fn in_force(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    month: Month,
) -> Result<Option<Stored>, Error> {
    Ok(sqlx::query_as(whole!(
        "WHERE bill.meter_id = $1 AND bill.month = $2 AND bill.number IS NOT NULL \
             AND bill.kind = 'bill' AND note.id IS NULL"
    ))
    .bind(meter)
    .bind(month)
    .fetch_optional(db)
    .await?)
}

/// Those of the meters that have an issued bill for a month that no credit note takes back, with its
/// number.
pub async fn in_force_among(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    month: Month,
) -> Result<HashMap<MeterId, String>, Error> {
    let rows: Vec<(MeterId, String)> = sqlx::query_as(
        "SELECT meter_id, number FROM bills AS bill \
         WHERE meter_id = ANY($1) AND month = $2 AND number IS NOT NULL AND kind = 'bill' \
             AND NOT EXISTS (SELECT FROM bills AS note WHERE note.credits = bill.id)",
    )
    .bind(meters)
    .bind(month)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The ids of the drafts of meters' months.
pub async fn draft_ids(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    month: Month,
) -> Result<HashMap<MeterId, Uuid>, Error> {
    let rows: Vec<(MeterId, Uuid)> = sqlx::query_as(
        "SELECT meter_id, id FROM bills WHERE meter_id = ANY($1) AND month = $2 AND number IS NULL",
    )
    .bind(meters)
    .bind(month)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().collect())
}
