//! What a change of a site would make anew, and what it would take away.

use chrono::{DateTime, NaiveDate, Utc};
use domain::SiteSlug;
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Serialize;

use super::zone::{Span, kept_to};
use super::{NewSite, SiteView, changed, resolve};
use crate::operation::clock;
use crate::{Action, Core, Error, Patch, Principal};

/// What a change would do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SitePreview {
    /// The site as it would be.
    pub site: SiteView,
    /// What another zone makes anew; null where the zone stays.
    pub zone: Option<ZonePreview>,
    /// What another retention drops, by resolution: readings, quarter-hours, days. Empty where it
    /// stays.
    pub dropped: Vec<Dropped>,
}

/// What another zone makes anew.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ZonePreview {
    /// When today began by the old clock.
    pub today_before: DateTime<Utc>,
    /// When it begins by the new one.
    pub today_after: DateTime<Utc>,
    /// Meters with days.
    pub meters: usize,
    /// Days of meters that are summed up again.
    pub days: usize,
    /// Days of meters that stay as they were counted: their quarter-hours are no longer kept.
    pub days_kept: i64,
    /// Balances of nodes by hour and day that are computed again.
    pub balances: i64,
    /// The last whole day by both clocks; null where nothing was counted.
    pub last_day: Option<LastDay>,
}

/// What the site drew from outside on one day, by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastDay {
    /// The day.
    pub date: NaiveDate,
    /// By the old clock, kWh.
    pub before_kwh: f64,
    /// By the new one, kWh.
    pub after_kwh: f64,
}

/// What is no longer kept.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dropped {
    /// `rawDays`, `hourlyDays` or `dailyDays`.
    pub resolution: &'static str,
    /// The first day that is kept now.
    pub kept_from: NaiveDate,
    /// The first day that would be kept.
    pub keeps_from: NaiveDate,
    /// Rows that go, up to a million: they cannot be brought back.
    pub rows: i64,
}

/// Says what a change of a site would do; nothing is stored.
pub async fn preview(
    service: &Core,
    who: &Principal,
    slug: &SiteSlug,
    patch: Patch<NewSite>,
) -> Result<SitePreview, Error> {
    let site = resolve(service, who, Action::Administer, Some(slug)).await?;
    let changed = changed(&site, patch)?;
    let zone =
        if changed.zone == site.zone { None } else { Some(zone(service, &site, &changed).await?) };
    let dropped = dropped(service, &site, &changed).await?;
    Ok(SitePreview { site: changed.into(), zone, dropped })
}

async fn zone(service: &Core, old: &Site, new: &Site) -> Result<ZonePreview, Error> {
    let (pool, now) = (service.pool(), clock::now(service, old));
    let pasts = storage::recount::zones::pasts(pool, old.id).await?;
    let spans: Vec<_> = pasts.iter().map(|past| (past, Span::of(past, old, new))).collect();
    let balances = storage::recount::zones::balances(pool, old.id, kept_to(&pasts, old)).await?;
    let known = service.registry().known();
    let roots = known.trees.get(&old.id).map(|tree| tree.roots().map(|root| root.id).collect());
    let roots: Vec<_> = roots.unwrap_or_default();
    let date = old.date_at(now).min(new.date_at(now)).pred_opt();
    let imported = async |site: &Site, date: NaiveDate| {
        let to = site.day_start(date.succ_opt().unwrap_or(date));
        storage::recount::zones::imported(pool, &roots, site.day_start(date), to).await
    };
    let last_day = match date {
        Some(date) if !pasts.is_empty() => Some(LastDay {
            date,
            before_kwh: imported(old, date).await?,
            after_kwh: imported(new, date).await?,
        }),
        _ => None,
    };
    Ok(ZonePreview {
        today_before: old.today_start(now),
        today_after: new.today_start(now),
        meters: pasts.len(),
        days: spans.iter().map(|(_, span)| span.dates().count()).sum(),
        days_kept: spans.iter().map(|(past, span)| span.kept(past)).sum(),
        balances,
        last_day,
    })
}

async fn dropped(service: &Core, old: &Site, new: &Site) -> Result<Vec<Dropped>, Error> {
    let (pool, today) = (service.pool(), old.date_at(clock::now(service, old)));
    let kept = |site: &Site| {
        let kept = site.retention.kept(today);
        [kept.readings, kept.quarters, kept.days]
    };
    let (kept, keeps) = (kept(old), kept(new));
    let mut dropped = Vec::new();
    for (i, resolution) in ["rawDays", "hourlyDays", "dailyDays"].into_iter().enumerate() {
        if keeps[i] <= kept[i] {
            continue;
        }
        let before = old.day_start(keeps[i]);
        let rows = match i {
            0 => storage::recount::zones::readings_before(pool, old.id, before).await?,
            1 => storage::recount::zones::quarters_before(pool, old.id, before).await?,
            _ => storage::recount::zones::days_before(pool, old.id, keeps[i]).await?,
        };
        dropped.push(Dropped { resolution, kept_from: kept[i], keeps_from: keeps[i], rows });
    }
    Ok(dropped)
}
