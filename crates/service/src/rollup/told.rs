//! Hours that can be balanced since export registers were read again.
//!
//! A register that is read seldom and did not move changes no quarter-hour when it is read, and yet only then
//! is it known that nothing passed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::QUARTER;
use domain::energy::staleness::FORGOTTEN_AFTER;
use domain::sites::Site;
use sqlx::PgConnection;
use storage::span::Key;

use super::claims::Run;
use crate::Error;

/// When the export registers of meters were read last.
pub(super) struct Told(HashMap<MeterId, DateTime<Utc>>);

impl Told {
    /// As stored for the meters of some runs.
    pub(super) async fn read<'a>(
        connection: &mut PgConnection,
        runs: impl Iterator<Item = &'a Run> + Clone,
    ) -> Result<Self, Error> {
        let meters: Vec<MeterId> = runs.clone().map(Run::meter).collect();
        let first = runs.map(|run| run.span.from).min().unwrap_or_default();
        let since = first - FORGOTTEN_AFTER;
        Ok(Self(storage::energy::intervals::export_read(connection, &meters, since).await?))
    }

    /// The hours between when they were read last by these and by later ones, on their sites' clocks.
    pub(super) fn hours_until(&self, later: &Self, sites: &HashMap<MeterId, &Site>) -> Vec<Key> {
        let both = self.0.iter().filter_map(|(id, a)| Some((*id, *a, *later.0.get(id)?)));
        both.flat_map(|(meter, a, b)| {
            let site = sites.get(&meter).copied();
            let hours = site.map(|site| between(site, a.min(b), a.max(b))).unwrap_or_default();
            hours.into_iter().map(move |hour| (meter, hour))
        })
        .collect()
    }
}

/// The hours in which a stretch lies that is long enough for a balance to wait for its end.
fn between(site: &Site, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    if to - from <= QUARTER {
        return Vec::new();
    }
    let to = to.min(from + FORGOTTEN_AFTER);
    std::iter::successors(Some(site.hour_start(from)), |&hour| Some(site.hour_end(hour)))
        .take_while(|&hour| hour < to)
        .collect()
}
