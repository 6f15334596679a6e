//! Waiting for energy that is being computed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::refusal::BillRefusal;
use domain::month::Month;
use domain::sites::Site;
use sqlx::PgPool;
use tokio::time::Instant;

use crate::Error;

/// How long issuing and the API's draft wait for what is being computed, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(100);

/// Waits a little until a meter's energy of a month is computed up to an instant; refuses where it takes longer.
pub(super) async fn wait_for_rollup(
    pool: &PgPool,
    site: &Site,
    meter: MeterId,
    month: Month,
    to: DateTime<Utc>,
) -> Result<(), Error> {
    let (from, began) = (site.day_start(month.first()), Instant::now());
    while !storage::rollup::behind(pool, &[meter], from, to).await?.is_empty() {
        if began.elapsed() > PATIENCE {
            return Err(Error::NotComputed(BillRefusal::NotComputed { month }.into()));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
