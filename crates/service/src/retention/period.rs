//! How long sites keep what, on their clocks.

use chrono::{DateTime, NaiveDate, Utc};
use domain::sites::Site;
use domain::{MeterId, SiteId};
use sqlx::PgPool;

use crate::Error;

/// From when on a site keeps its rows.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) id: SiteId,
    /// Every meter of the site, retired ones too.
    pub(super) meters: Vec<MeterId>,
    pub(super) readings: DateTime<Utc>,
    /// Quarter-hours and hours.
    pub(super) quarters: DateTime<Utc>,
    /// Days, and alarms that are over: the first one, and when it begins.
    pub(super) days: (NaiveDate, DateTime<Utc>),
}

impl Kept {
    fn of(site: &Site, meters: Vec<MeterId>, now: DateTime<Utc>) -> Self {
        let kept = site.retention.kept(site.date_at(now));
        Self {
            id: site.id,
            meters,
            readings: site.day_start(kept.readings),
            quarters: site.day_start(kept.quarters),
            days: (kept.days, site.day_start(kept.days)),
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
