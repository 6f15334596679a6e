//! Energy that passed meters at each price, kept in memory until one of its days is computed again.
//!
//! For a month it is summed up of hundreds of thousands of quarter-hours, and asked for by several pages, over and over.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use domain::sites::Site;
use sqlx::PgPool;
use storage::energy::{PassedAtPrice, days, passed_at_prices};

use crate::recent::Recent;

/// Sums that are kept at most, some fifty bytes each.
const MOST: usize = 50_000;
/// The days of quarter-hours that began later are computed again every few minutes.
const RECENT: TimeDelta = TimeDelta::minutes(30);

/// The stretches of time in each of which one price holds, up to a last quarter-hour.
pub(crate) struct PriceStretches<'a> {
    pub(crate) starts: &'a [DateTime<Utc>],
    /// The place of the price from each start on.
    pub(crate) places: &'a [usize],
    pub(crate) last: DateTime<Utc>,
}

/// All that sums depend on.
#[derive(PartialEq)]
struct Basis {
    meters: Vec<MeterId>,
    starts: Vec<DateTime<Utc>>,
    places: Vec<usize>,
    last: DateTime<Utc>,
    /// Differs after each computation of one of the days.
    version: String,
}

/// The sums that were asked for last.
pub(crate) struct PassedSums(Recent<Basis, Vec<PassedAtPrice>>);

impl Default for PassedSums {
    fn default() -> Self {
        Self(Recent::new(MOST))
    }
}

impl PassedSums {
    /// The sums of meters of a site, see [`passed_at_prices`].
    pub(crate) async fn load(
        &self,
        pool: &PgPool,
        site: &Site,
        meters: &[MeterId],
        asked: &PriceStretches<'_>,
    ) -> Result<Arc<Vec<PassedAtPrice>>, storage::Error> {
        let &PriceStretches { starts, places, last } = asked;
        let read =
            async || passed_at_prices(pool, meters, starts, places, last).await.map(Arc::new);
        let Some(first) = starts.first().filter(|_| Utc::now() - last > RECENT) else {
            return read().await;
        };
        let dates: (NaiveDate, NaiveDate) = (site.date_at(*first), site.date_at(last));
        // Read before the sums: what is computed meanwhile gives another version.
        let version = days::version(pool, meters, dates).await?;
        let (meters, starts, places) = (meters.to_vec(), starts.to_vec(), places.to_vec());
        let basis = Basis { meters, starts, places, last, version };
        if let Some(known) = self.0.find(&basis) {
            return Ok(known);
        }
        let sums = read().await?;
        self.0.keep(basis, sums.len(), Arc::clone(&sums));
        Ok(sums)
    }
}
