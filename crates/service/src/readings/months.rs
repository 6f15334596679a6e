//! Which months of readings and of quarter-hours have a partition of their own: those that a site keeps, up
//! to three months past its clock. They are made ahead, never while readings are stored: what lies
//! elsewhere, because a clock made it up or because it is too old to be kept for long, goes into the
//! default partition.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Months, NaiveTime, Utc};
use sqlx::PgPool;

use crate::registry::Registry;
use crate::{Error, instants};

/// How far past the clock of a site.
const AHEAD: Months = Months::new(3);

/// Makes the partitions that are missing.
pub(crate) async fn prepare(pool: &PgPool, registry: &Registry) -> Result<(), Error> {
    let known = registry.known();
    let (mut readings, mut quarters) = (BTreeSet::new(), BTreeSet::new());
    for site in known.sites.values() {
        let now = registry.now(site);
        let kept = site.retention.kept(site.date_at(now));
        let to = now.checked_add_months(AHEAD).unwrap_or(now);
        readings.extend(between(site.day_start(kept.readings), to));
        quarters.extend(between(site.day_start(kept.quarters), to));
    }
    storage::readings::partitions::ensure(pool, readings).await?;
    storage::readings::partitions::ensure_intervals(pool, quarters).await?;
    Ok(())
}

/// The months (UTC) from that of one instant to that of another, each by its beginning.
fn between(from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    let first = from.max(instants::FIRST_READING).date_naive().with_day(1);
    let first = first.map(|date| date.and_time(NaiveTime::MIN).and_utc());
    std::iter::successors(first, |month| month.checked_add_months(Months::new(1)))
        .take_while(move |month| *month <= to)
}
