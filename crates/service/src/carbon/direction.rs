//! Which register of a source says what it produced.
//!
//! Of a meter that feeds its parent it is that of import. Of another one nobody said which way round it
//! counts: on each day of the site's clock it is the register that counted more on that day, in whichever
//! part of the day is asked for, so that windows add up.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::energy::Energy;
use domain::energy::window::Window;
use domain::meters::Meter;
use domain::sites::Site;
use sqlx::PgPool;
use storage::energy::Direction;

use crate::Error;

/// Which way sources count that do not feed their parent.
#[derive(Debug)]
pub(crate) struct Directions {
    zone: chrono_tz::Tz,
    /// Whether they count by export, since which day on; of days without energy that of the day before.
    since: HashMap<MeterId, Vec<(NaiveDate, bool)>>,
}

impl Directions {
    /// Of sources in a window.
    pub(crate) async fn load(
        pool: &PgPool,
        site: &Site,
        meters: impl IntoIterator<Item = &Meter>,
        window: Window,
    ) -> Result<Self, Error> {
        let mut since: HashMap<MeterId, Vec<(NaiveDate, bool)>> = HashMap::new();
        let unsaid = meters.into_iter().filter(|meter| !meter.feeds_parent);
        let unsaid: Vec<MeterId> = unsaid.map(|meter| meter.id).collect();
        if !unsaid.is_empty() {
            let days = (site.date_at(window.from), site.date_at(window.to));
            let found = storage::energy::directions(pool, &unsaid, days).await?;
            for Direction { meter, day, exports } in found {
                let days = since.entry(meter).or_default();
                if days.last().is_none_or(|(_, before)| *before != exports) {
                    days.push((day, exports));
                }
            }
        }
        Ok(Self { zone: site.zone, since })
    }

    /// What a source produced at a time, of what its registers counted then.
    pub(crate) fn produced(&self, meter: &Meter, energy: &Energy, at: DateTime<Utc>) -> f64 {
        match self.by_export(meter.id, at) {
            Some(true) if !meter.feeds_parent => energy.export.0,
            Some(_) => energy.import.0,
            None => produced_today(meter, energy),
        }
    }

    /// Whether a source counts by export at a time; none where nothing is known of its days.
    fn by_export(&self, meter: MeterId, at: DateTime<Utc>) -> Option<bool> {
        let day = at.with_timezone(&self.zone).date_naive();
        let days = self.since.get(&meter)?;
        let next = days.partition_point(|(since, _)| *since <= day);
        days.get(next.saturating_sub(1)).map(|(_, exports)| *exports)
    }

    /// The days from which on a source counts another way than before.
    pub(super) fn changes(&self) -> impl Iterator<Item = NaiveDate> {
        self.since.values().flat_map(|days| days.iter().skip(1)).map(|(day, _)| *day)
    }
}

/// What a source produced, of what its registers counted on one day so far.
pub(crate) fn produced_today(meter: &Meter, energy: &Energy) -> f64 {
    if meter.feeds_parent { energy.import.0 } else { energy.import.0.max(energy.export.0) }
}
