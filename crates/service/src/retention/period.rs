//! How long sites keep what, on their clocks.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::site::Site;
use domain::{MeterId, SiteId};
use sqlx::PgPool;

use crate::Error;

/// From when on a site keeps its rows.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// The site.
    pub(super) id: SiteId,
    /// Every meter of the site, retired ones too.
    pub(super) meters: Vec<MeterId>,
    /// Readings.
    pub(super) readings: DateTime<Utc>,
    /// Quarter-hours and hours: never less than readings, for they could be computed again.
    pub(super) quarters: DateTime<Utc>,
    /// Days, and alarms that are over: the first one, and when it begins.
    pub(super) days: (NaiveDate, DateTime<Utc>),
}

impl Kept {
    fn of(site: &Site, meters: Vec<MeterId>, now: DateTime<Utc>) -> Self {
        let today = site.date_at(now);
        let day =
            |days: u32| today.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN);
        let keeps = site.retention;
        let quarters = keeps.hourly_days.max(keeps.raw_days);
        let days = day(keeps.daily_days.max(quarters));
        Self {
            id: site.id,
            meters,
            readings: site.day_start(day(keeps.raw_days)),
            quarters: site.day_start(day(quarters)),
            days: (days, site.day_start(days)),
        }
    }
}

/// What each site keeps, at its present.
pub(super) async fn all(
    pool: &PgPool,
    present: impl Fn(&Site) -> DateTime<Utc>,
) -> Result<Vec<Kept>, Error> {
    let mut kept = Vec::new();
    for site in storage::sites::list(pool).await? {
        let meters = storage::meters::list(pool, site.id, false).await?;
        let meters = meters.into_iter().map(|meter| meter.id).collect();
        kept.push(Kept::of(&site, meters, present(&site)));
    }
    Ok(kept)
}
