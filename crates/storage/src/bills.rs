//! Bills: drafts, issued ones and credit notes; and what they are computed from.

/// The columns of a bill's content and its figures, and how they stand in `bill`, which has it as JSON.
macro_rules! content {
    (columns) => {
        "side, consumed_kwh, produced_kwh, coverage, estimated_kwh, amount_due, content"
    };
    (values) => {
        "bill ->> 'side', (bill ->> 'consumed')::numeric, (bill ->> 'produced')::numeric, \
         (bill ->> 'coverage')::float8, (bill ->> 'estimatedKwh')::float8, \
         (bill ->> 'amountDue')::numeric, bill"
    };
}

pub mod corrections;
mod issue;
mod metered;
mod meters;
mod rows;
pub mod runs;
pub mod tariffs;
pub mod trades;

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::bills::{Bill, Inputs};
use domain::month::Month;
use sqlx::PgExecutor;

pub use issue::{Issued, credit, hold, issue, next_numbers};
pub use metered::{Days, Quarters, days, gaps, quarters, thinned, totals};
pub use meters::{Standing, candidates, exporting, resource_sides, standings, to_bill};
pub use rows::{Stored, by_id, by_number, draft_ids, in_force, in_force_among, list};

use crate::Error;

/// A bill as it was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// What is to be paid, and why.
    pub bill: Bill,
    pub inputs: Inputs,
    /// SHA-256 of the inputs.
    pub digest: String,
}

/// The month that bills are stored for, and when they were computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftKey {
    pub site: SiteId,
    pub month: Month,
    /// When, on the clock of the site.
    pub at: DateTime<Utc>,
}

/// Stores drafts, in place of those there are.
pub async fn store_drafts(
    db: impl PgExecutor<'_>,
    of: DraftKey,
    bills: &[Computed],
) -> Result<(), Error> {
    sqlx::query(concat!(
        "INSERT INTO bills (site_id, month, generated_at, meter_id, digest, ",
        content!(columns),
        ") SELECT $1, $2, $3, meter, hash, ",
        content!(values),
        " FROM UNNEST($4::bigint[], $5::text[], $6::jsonb[]) AS new (meter, hash, bill) \
         ON CONFLICT (meter_id, month) WHERE number IS NULL DO UPDATE SET \
             generated_at = excluded.generated_at, side = excluded.side, \
             consumed_kwh = excluded.consumed_kwh, produced_kwh = excluded.produced_kwh, \
             coverage = excluded.coverage, estimated_kwh = excluded.estimated_kwh, \
             amount_due = excluded.amount_due, digest = excluded.digest, \
             content = excluded.content",
    ))
    .bind(of.site)
    .bind(of.month)
    .bind(of.at)
    .bind(bills.iter().map(|computed| computed.inputs.meter).collect::<Vec<_>>())
    .bind(bills.iter().map(|computed| &computed.digest).collect::<Vec<_>>())
    .bind(bills.iter().map(|computed| &computed.bill).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
