//! Bills as they are stored.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::bills::{Bill, Inputs, Override, Side};
use domain::month::Month;
use domain::{MeterId, SiteId};
use rust_decimal::Decimal;
use sqlx::types::Json;
use sqlx::{FromRow, PgExecutor, PgPool};
use uuid::Uuid;

use crate::Error;
use crate::error::word;

/// What a list shows of a bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its UUID.
    pub id: Uuid,
    /// The meter.
    pub meter: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// The month.
    pub month: Month,
    /// Whether it takes another bill back.
    pub is_credit_note: bool,
    /// Its number; none for a draft.
    pub number: Option<String>,
    /// When it was issued, on the clock of the site.
    pub issued_at: Option<DateTime<Utc>>,
    /// When it was computed, on the clock of the site.
    pub generated_at: DateTime<Utc>,
    /// As what the meter is billed.
    pub side: Side,
    /// kWh drawn.
    pub consumed: Decimal,
    /// kWh delivered.
    pub produced: Decimal,
    /// Share of the month backed by readings.
    pub coverage: f64,
    /// kWh whose place is a guess.
    pub estimated_kwh: f64,
    /// To be paid.
    pub amount_due: Decimal,
    /// SHA-256 of what it was computed from.
    pub digest: String,
    /// Number of the bill that a credit note takes back.
    pub credits: Option<String>,
    /// Number of the credit note that takes it back.
    pub credited_by: Option<String>,
}

/// A whole bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// What a list shows.
    pub summary: Summary,
    /// The site.
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

#[derive(FromRow)]
struct Row {
    id: Uuid,
    site_id: i64,
    meter_id: i64,
    meter_number: String,
    meter_name: String,
    month: NaiveDate,
    kind: String,
    number: Option<String>,
    issued_at: Option<DateTime<Utc>>,
    generated_at: DateTime<Utc>,
    side: String,
    consumed_kwh: Decimal,
    produced_kwh: Decimal,
    coverage: f64,
    estimated_kwh: f64,
    amount_due: Decimal,
    digest: String,
    credits_number: Option<String>,
    credited_by: Option<String>,
}

#[derive(FromRow)]
struct WholeRow {
    #[sqlx(flatten)]
    row: Row,
    content: Json<Bill>,
    inputs: Option<Json<Inputs>>,
    #[sqlx(rename = "override")]
    overridden: Option<Json<Override>>,
    reason: Option<String>,
}

impl TryFrom<Row> for Summary {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            meter: MeterId(row.meter_id),
            meter_number: row.meter_number,
            meter_name: row.meter_name,
            month: Month::of(row.month),
            is_credit_note: word("bills.kind", &row.kind, is_credit_note)?,
            number: row.number,
            issued_at: row.issued_at,
            generated_at: row.generated_at,
            side: word("bills.side", &row.side, Side::parse)?,
            consumed: row.consumed_kwh,
            produced: row.produced_kwh,
            coverage: row.coverage,
            estimated_kwh: row.estimated_kwh,
            amount_due: row.amount_due,
            digest: row.digest,
            credits: row.credits_number,
            credited_by: row.credited_by,
        })
    }
}

fn is_credit_note(kind: &str) -> Option<bool> {
    match kind {
        "bill" => Some(false),
        "credit_note" => Some(true),
        _ => None,
    }
}

impl TryFrom<WholeRow> for Stored {
    type Error = Error;

    fn try_from(whole: WholeRow) -> Result<Self, Error> {
        Ok(Self {
            site: SiteId(whole.row.site_id),
            summary: whole.row.try_into()?,
            bill: whole.content.0,
            inputs: whole.inputs.map(|inputs| inputs.0),
            overridden: whole.overridden.map(|given| given.0),
            reason: whole.reason,
        })
    }
}

macro_rules! summary {
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT bill.id, bill.site_id, bill.meter_id, meter_number, meter_name, bill.month, \
                 bill.kind, bill.number, bill.issued_at, bill.generated_at, bill.side, \
                 bill.consumed_kwh, bill.produced_kwh, bill.coverage, bill.estimated_kwh, \
                 bill.amount_due, bill.digest, taken_back.number AS credits_number, \
                 note.number AS credited_by",
            $more,
            " FROM bills AS bill JOIN energy_meters ON energy_meters.id = bill.meter_id \
              LEFT JOIN bills AS taken_back ON taken_back.id = bill.credits \
              LEFT JOIN bills AS note ON note.credits = bill.id ",
            $rest
        )
    };
}

macro_rules! whole {
    ($rest:literal) => {
        summary!(
            ", bill.content, coalesce(bill.inputs, taken_back.inputs) AS inputs, bill.override, \
              bill.reason",
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
) -> Result<Vec<Summary>, Error> {
    let rows: Vec<Row> = sqlx::query_as(summary!(
        "",
        "WHERE bill.site_id = $1 AND ($2::date IS NULL OR bill.month = $2) \
             AND ($3::bigint IS NULL OR bill.meter_id = $3) \
         ORDER BY bill.month DESC, bill.meter_id, bill.number NULLS LAST"
    ))
    .bind(site.0)
    .bind(month.map(Month::first))
    .bind(meter.map(|meter| meter.0))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Summary::try_from).collect()
}

/// The bill with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Stored>, Error> {
    let row: Option<WholeRow> =
        sqlx::query_as(whole!("WHERE bill.id = $1")).bind(id).fetch_optional(db).await?;
    row.map(Stored::try_from).transpose()
}

/// The bills with this number: one at most in each site.
pub async fn by_number(
    db: impl PgExecutor<'_>,
    site: Option<SiteId>,
    number: &str,
) -> Result<Vec<Stored>, Error> {
    let rows: Vec<WholeRow> = sqlx::query_as(whole!(
        "WHERE bill.number = $1 AND ($2::bigint IS NULL OR bill.site_id = $2) ORDER BY bill.site_id"
    ))
    .bind(number)
    .bind(site.map(|site| site.0))
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// The issued bill of a meter's month that no credit note takes back.
pub async fn in_force(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    month: Month,
) -> Result<Option<Stored>, Error> {
    let row: Option<WholeRow> = sqlx::query_as(whole!(
        "WHERE bill.meter_id = $1 AND bill.month = $2 AND bill.number IS NOT NULL \
             AND bill.kind = 'bill' AND note.id IS NULL"
    ))
    .bind(meter.0)
    .bind(month.first())
    .fetch_optional(db)
    .await?;
    row.map(Stored::try_from).transpose()
}

/// Those of the meters that have an issued bill for a month that no credit note takes back, with its
/// number.
pub async fn in_force_among(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    month: Month,
) -> Result<HashMap<MeterId, String>, Error> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT meter_id, number FROM bills AS bill \
         WHERE meter_id = ANY($1) AND month = $2 AND number IS NOT NULL AND kind = 'bill' \
             AND NOT EXISTS (SELECT FROM bills AS note WHERE note.credits = bill.id)",
    )
    .bind(meters.iter().map(|meter| meter.0).collect::<Vec<_>>())
    .bind(month.first())
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(meter, number)| (MeterId(meter), number)).collect())
}

/// The ids of the drafts of meters' months.
pub async fn draft_ids(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    month: Month,
) -> Result<HashMap<MeterId, Uuid>, Error> {
    let rows: Vec<(i64, Uuid)> = sqlx::query_as(
        "SELECT meter_id, id FROM bills WHERE meter_id = ANY($1) AND month = $2 AND number IS NULL",
    )
    .bind(meters.iter().map(|meter| meter.0).collect::<Vec<_>>())
    .bind(month.first())
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(meter, id)| (MeterId(meter), id)).collect())
}
