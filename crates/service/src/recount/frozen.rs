//! Times whose readings are gone.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::{QUARTER, floor};
use sqlx::PgPool;
use storage::span::Key;

use crate::Error;
use crate::registry::Known;

/// Which of some quarter-hours are frozen. One that never had a row is not, however old it is.
pub(crate) async fn frozen_among(
    pool: &PgPool,
    known: &Known,
    instants: impl IntoIterator<Item = (MeterId, DateTime<Utc>)>,
) -> Result<HashSet<Key>, Error> {
    let mut asked: Vec<Key> = instants
        .into_iter()
        .filter(|(meter, at)| known.frozen.get(meter).is_some_and(|to| at < to))
        .filter_map(|(meter, at)| Some((meter, floor(at, QUARTER)?)))
        .collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    asked.sort_unstable();
    asked.dedup();
    Ok(storage::energy::intervals::frozen(pool, &asked).await?.into_iter().collect())
}
