//! What each page of the browser is rendered from.

mod carbon;
mod counted;
mod losses;
pub mod meter;
mod query;
mod steps;

use chrono::Utc;
use domain::SiteId;
use domain::live::Snapshot;
use domain::site::Site;
use domain::view::{MetersPage, OverviewPage, Shown};

use crate::live::SiteLive;
use crate::{Error, Principal, Role, Service, window};

pub use carbon::carbon;
pub use losses::losses;
pub use query::Query;

/// What the frame around every page shows.
pub async fn snapshot(service: &Service, who: &Principal) -> Result<Snapshot, Error> {
    who.require(Role::Viewer)?;
    let site = default_site(service).await?;
    look(service, site, SiteLive::snapshot)
}

/// The overview.
pub async fn overview(service: &Service, who: &Principal) -> Result<OverviewPage, Error> {
    who.require(Role::Viewer)?;
    let now = Utc::now();
    let site = default_site(service).await?;
    look(service, site, |live| {
        let (today, yesterday) = live.days(now);
        OverviewPage {
            snapshot: live.snapshot(),
            today: live.input_profile(today, now),
            yesterday: live.input_profile(yesterday, today),
            loss_lines: live.loss_lines(now),
            dg_runs: live.dg_runs(today, now),
        }
    })
}

/// All meters, with what each counted in the period.
pub async fn meters(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<MetersPage, Error> {
    who.require(Role::Viewer)?;
    let shown = shown(service, query).await?;
    let tree = counted::Tree::load(service, &shown).await?;
    look(service, shown.site.id, |live| {
        let snapshot = live.snapshot();
        MetersPage {
            power_lines: live.power_lines(shown.now),
            counted: snapshot.meters.iter().map(|card| tree.of(&shown, card)).collect(),
            period: shown.period.label(shown.today()),
            snapshot,
        }
    })
}

/// The period that is asked for, on the clock of the site, from what is known at once.
pub fn period(service: &Service, who: &Principal, query: &Query) -> Result<Shown, Error> {
    who.require(Role::Viewer)?;
    let known = service.registry().known();
    let first = known.sites.iter().min_by_key(|(id, _)| id.0);
    let (_, site) = first.ok_or_else(|| Error::no_site("default"))?;
    at_site(Site::clone(site), query)
}

async fn default_site(service: &Service) -> Result<SiteId, Error> {
    Ok(site(service).await?.id)
}

async fn site(service: &Service) -> Result<Site, Error> {
    Ok(storage::sites::default(service.pool()).await?)
}

async fn shown(service: &Service, query: &Query) -> Result<Shown, Error> {
    at_site(site(service).await?, query)
}

fn at_site(site: Site, query: &Query) -> Result<Shown, Error> {
    let now = window::stored(Utc::now());
    let period = query.period()?;
    let window = period.window(&site, now).map_err(|error| query::refused(&error))?;
    let (before, whole) = (period.previous_window(&site, now), period.whole(&site, now));
    Ok(Shown { site, period, now, window, before, whole })
}

fn look<T>(service: &Service, site: SiteId, look: impl FnOnce(&SiteLive) -> T) -> Result<T, Error> {
    service.live().with(site, look).ok_or_else(|| Error::no_site(site))
}
