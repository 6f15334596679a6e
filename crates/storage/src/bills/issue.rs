//! Issuing bills, and taking them back.

use chrono::{DateTime, Utc};
use domain::bills::{Bill, Inputs, Override};
use domain::month::Month;
use domain::{MeterId, SiteId};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{Columns, Computed, DraftKey};
use crate::Error;

/// A bill to be issued.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    /// The bill.
    pub computed: Computed,
    /// What it was computed from.
    pub inputs: Inputs,
    /// Who lets it be issued although its coverage is low.
    pub overridden: Option<Override>,
}

/// Takes the next numbers of a site's month, and holds everyone else up who issues bills of it until
/// the transaction ends. Answers the first.
pub async fn next_numbers(
    db: impl PgExecutor<'_>,
    site: SiteId,
    month: Month,
    count: usize,
) -> Result<i32, Error> {
    let last: i32 = sqlx::query_scalar(
        "INSERT INTO bill_numbers (site_id, month, last) VALUES ($1, $2, $3) \
         ON CONFLICT (site_id, month) DO UPDATE SET last = bill_numbers.last + $3 RETURNING last",
    )
    .bind(site)
    .bind(month)
    .bind(i32::try_from(count).unwrap_or(i32::MAX))
    .fetch_one(db)
    .await?;
    Ok(last - i32::try_from(count).unwrap_or(i32::MAX) + 1)
}

/// Keeps bills of a site's month from being issued until the transaction ends.
pub async fn hold(db: impl PgExecutor<'_>, site: SiteId, month: Month) -> Result<(), Error> {
    next_numbers(db, site, month, 0).await.map(|_| ())
}

/// Stores bills as issued, with numbers from `first` on, in place of their drafts, whose ids they keep.
/// Answers the numbers in the order given.
pub async fn issue(
    db: &mut PgConnection,
    of: DraftKey,
    first: i32,
    bills: &[Issued],
) -> Result<Vec<String>, Error> {
    let computed: Vec<Computed> = bills.iter().map(|issued| issued.computed.clone()).collect();
    let columns = Columns::of(&computed);
    let numbers: Vec<String> = (first..).zip(bills).map(|(n, _)| number(of.month, n)).collect();
    let meters: Vec<MeterId> = bills.iter().map(|issued| issued.computed.meter).collect();
    let drafts = super::draft_ids(&mut *db, &meters, of.month).await?;
    let ids: Vec<Option<Uuid>> = meters.iter().map(|meter| drafts.get(meter).copied()).collect();
    sqlx::query("DELETE FROM bills WHERE id = ANY($1) AND number IS NULL")
        .bind(&ids)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO bills (site_id, month, generated_at, issued_at, id, number, meter_id, side, \
             consumed_kwh, produced_kwh, coverage, estimated_kwh, amount_due, digest, content, \
             inputs, override) \
         SELECT $1, $2, $3, $3, coalesce(draft_id, gen_random_uuid()), n, meter, s, consumed, \
             produced, covered, estimated, due, hash, bill, computed_from, \
             nullif(overridden, 'null') \
         FROM UNNEST($4::uuid[], $5::text[], $6::bigint[], $7::text[], $8::numeric[], \
             $9::numeric[], $10::float8[], $11::float8[], $12::numeric[], $13::text[], \
             $14::jsonb[], $15::jsonb[], $16::jsonb[]) \
             AS new (draft_id, n, meter, s, consumed, produced, covered, estimated, due, hash, \
                 bill, computed_from, overridden)",
    )
    .bind(of.site)
    .bind(of.month)
    .bind(of.at)
    .bind(ids)
    .bind(&numbers)
    .bind(columns.meters)
    .bind(columns.sides)
    .bind(columns.consumed)
    .bind(columns.produced)
    .bind(columns.coverage)
    .bind(columns.estimated)
    .bind(columns.due)
    .bind(columns.digests)
    .bind(bills.iter().map(|issued| &issued.computed.bill).collect::<Vec<_>>())
    .bind(bills.iter().map(|issued| &issued.inputs).collect::<Vec<_>>())
    .bind(bills.iter().map(|issued| &issued.overridden).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(numbers)
}

/// A credit note to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNote<'a> {
    pub site: SiteId,
    pub meter: MeterId,
    pub month: Month,
    /// When, on the clock of the site.
    pub at: DateTime<Utc>,
    /// The bill that it takes back.
    pub credits: Uuid,
    /// That bill, turned round.
    pub bill: &'a Bill,
    /// The digest of that bill.
    pub digest: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Stores a credit note with the number `n` of its month; answers the number.
pub async fn credit(db: impl PgExecutor<'_>, note: NewNote<'_>, n: i32) -> Result<String, Error> {
    let number = number(note.month, n);
    sqlx::query(
        "INSERT INTO bills (kind, site_id, meter_id, month, generated_at, issued_at, number, side, \
             consumed_kwh, produced_kwh, coverage, estimated_kwh, amount_due, digest, content, \
             credits, reason) \
         VALUES ('credit_note', $1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
             $15)",
    )
    .bind(note.site)
    .bind(note.meter)
    .bind(note.month)
    .bind(note.at)
    .bind(&number)
    .bind(note.bill.side)
    .bind(note.bill.consumed)
    .bind(note.bill.produced)
    .bind(note.bill.coverage)
    .bind(note.bill.estimated_kwh)
    .bind(note.bill.amount_due)
    .bind(note.digest)
    .bind(note.bill)
    .bind(note.credits)
    .bind(note.reason)
    .execute(db)
    .await?;
    Ok(number)
}

fn number(month: Month, n: i32) -> String {
    format!("{month}-{n:04}")
}
