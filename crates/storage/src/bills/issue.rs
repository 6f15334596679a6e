//! Issuing bills, and taking them back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::bills::{Bill, Override};
use domain::month::Month;
use domain::{MeterId, SiteId};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{Computed, DraftKey, Stored};
use crate::Error;

/// A bill to be issued.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    pub computed: Computed,
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
    let numbers: Vec<String> = (first..).zip(bills).map(|(n, _)| number(of.month, n)).collect();
    let meters: Vec<MeterId> = bills.iter().map(|issued| issued.computed.inputs.meter).collect();
    let drafts: Vec<(MeterId, Uuid)> = sqlx::query_as(
        "DELETE FROM bills WHERE meter_id = ANY($1) AND month = $2 AND number IS NULL \
         RETURNING meter_id, id",
    )
    .bind(&meters)
    .bind(of.month)
    .fetch_all(&mut *db)
    .await?;
    let drafts: HashMap<MeterId, Uuid> = drafts.into_iter().collect();
    let ids: Vec<Option<Uuid>> = meters.iter().map(|meter| drafts.get(meter).copied()).collect();
    sqlx::query(concat!(
        "INSERT INTO bills (site_id, month, generated_at, issued_at, id, number, meter_id, digest, \
             inputs, override, ",
        content!(columns),
        ") SELECT $1, $2, $3, $3, coalesce(draft_id, gen_random_uuid()), n, meter, hash, \
             computed_from, nullif(overridden, 'null'), ",
        content!(values),
        " FROM UNNEST($4::uuid[], $5::text[], $6::bigint[], $7::text[], $8::jsonb[], $9::jsonb[], \
             $10::jsonb[]) AS new (draft_id, n, meter, hash, bill, computed_from, overridden)",
    ))
    .bind(of.site)
    .bind(of.month)
    .bind(of.at)
    .bind(ids)
    .bind(&numbers)
    .bind(meters)
    .bind(bills.iter().map(|issued| &issued.computed.digest).collect::<Vec<_>>())
    .bind(bills.iter().map(|issued| &issued.computed.bill).collect::<Vec<_>>())
    .bind(bills.iter().map(|issued| &issued.computed.inputs).collect::<Vec<_>>())
    .bind(bills.iter().map(|issued| &issued.overridden).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(numbers)
}

/// Stores a `note` that takes a bill back, with the number `n` of its month; answers the number.
pub async fn credit(
    db: impl PgExecutor<'_>,
    credited: &Stored,
    note: &Bill,
    reason: &str,
    (at, n): (DateTime<Utc>, i32),
) -> Result<String, Error> {
    let summary = &credited.summary;
    let number = number(summary.month, n);
    sqlx::query(concat!(
        "INSERT INTO bills (kind, site_id, meter_id, month, generated_at, issued_at, number, \
             digest, credits, reason, ",
        content!(columns),
        ") SELECT 'credit_note', $1, $2, $3, $4, $4, $5, $6, $7, $8, ",
        content!(values),
        " FROM (SELECT $9::jsonb AS bill) AS new",
    ))
    .bind(credited.site)
    .bind(summary.meter_id)
    .bind(summary.month)
    .bind(at)
    .bind(&number)
    .bind(&summary.digest)
    .bind(summary.id)
    .bind(reason)
    .bind(note)
    .execute(db)
    .await?;
    Ok(number)
}

fn number(month: Month, n: i32) -> String {
    format!("{month}-{n:04}")
}
