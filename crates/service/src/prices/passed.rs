//! Energy that passed meters at each price, kept in memory until one of its days is computed again.
//!
//! For a month it is summed up of hundreds of thousands of quarter-hours, and asked for by several pages, over and over.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use domain::sites::Site;
use parking_lot::Mutex;
use sqlx::PgPool;
use storage::energy::{PassedAtPrice, days, passed_at_prices};

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

/// Sums, the last ones asked for first.
#[derive(Default)]
pub(crate) struct PassedSums(Mutex<VecDeque<(Basis, Arc<Vec<PassedAtPrice>>)>>);

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
        if let Some(known) = self.find(&basis) {
            return Ok(known);
        }
        let sums = read().await?;
        self.keep(basis, Arc::clone(&sums));
        Ok(sums)
    }

    fn find(&self, basis: &Basis) -> Option<Arc<Vec<PassedAtPrice>>> {
        let mut kept = self.0.lock();
        let place = kept.iter().position(|(known, _)| known == basis)?;
        let found = kept.remove(place)?;
        let sums = Arc::clone(&found.1);
        kept.push_front(found);
        Some(sums)
    }

    fn keep(&self, basis: Basis, sums: Arc<Vec<PassedAtPrice>>) {
        let mut kept = self.0.lock();
        kept.push_front((basis, sums));
        let mut count = 0;
        kept.retain(|(_, sums)| {
            count += sums.len();
            count <= MOST
        });
    }
}
