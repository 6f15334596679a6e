//! What all pages of the browser share: the site and the period that an address names. What a page of one area shows
//! is loaded by the `page` of that area.

pub(crate) mod query;
pub mod start;

use std::sync::Arc;

use domain::live::Snapshot;
use domain::meters::Meter;
use domain::sites::{Site, SiteKind};
use domain::view::{GridMeter, PeriodContext};
use domain::{MeterId, SiteId};

use crate::live::{LiveState, SiteLive};
use crate::{Action, Core, Error, Principal, Service, request_cache, simulation};

pub use query::Query;

/// With more meters than this one of them is typed, not chosen.
pub(crate) const MOST_CHOICES: usize = 500;

/// What the frame around every page shows of the site that the address names.
pub async fn snapshot(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Snapshot, Error> {
    let site = looked_at(service, who, query).await?;
    look(service.live(), site, SiteLive::snapshot)
}

/// The same, without the meters, for pages that show no live figures.
pub async fn site_status(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Snapshot, Error> {
    let site = looked_at(service, who, query).await?;
    look(service.live(), site, SiteLive::site_status)
}

/// The site that somebody looks at: a simulated one goes on for it.
async fn looked_at(service: &Service, who: &Principal, query: &Query) -> Result<SiteId, Error> {
    let site = site(service, who, Action::See, query).await?;
    if site.kind == SiteKind::Simulated {
        simulation::looked(service);
    }
    Ok(site.id)
}

/// The period that is asked for, on the clock of the site, from what is known at once.
pub fn period(service: &Service, who: &Principal, query: &Query) -> Result<PeriodContext, Error> {
    at_site(service, Site::clone(&*known_site(service, who, query)?), query)
}

/// Name of the site that the address names, and how many meters it has, for those who see them all.
pub fn site_card(
    core: &Core,
    who: &Principal,
    query: &Query,
) -> Result<(String, Option<usize>), Error> {
    let site = known_site(core, who, query)?;
    let sees_all = who.may(Action::See, site.id) || who.may(Action::SeeGrid, site.id);
    let known = core.registry().known();
    let tree = known.trees.get(&site.id).filter(|_| sees_all);
    Ok((site.name.clone(), tree.map(|tree| tree.meters().len())))
}

/// The meter between the site and the grid; none where there is none or several.
pub fn grid_meter(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Option<GridMeter>, Error> {
    let site = known_site(service, who, query)?;
    who.require_on(Action::See, site.id, || Error::no_site(&site.slug))?;
    let known = service.registry().known();
    let Some(tree) = known.trees.get(&site.id) else { return Ok(None) };
    let Some(meter) = tree.grid_meter() else { return Ok(None) };
    let demand = look(service.live(), site.id, |live| live.demand(meter.id))?;
    let demand_kw = demand.map(|demand| demand.projected_kw);
    Ok(Some(GridMeter { id: meter.id, name: meter.name.clone(), demand_kw }))
}

/// The site that the address names, or the default site, from what is known at once; none of others' sites.
pub(crate) fn known_site(core: &Core, who: &Principal, query: &Query) -> Result<Arc<Site>, Error> {
    who.require_known()?;
    let known = core.registry().known();
    let site = match query.get("site") {
        None => known.sites.get(&storage::sites::DEFAULT),
        Some(slug) => known.sites.values().find(|site| site.slug == slug),
    };
    let site = site.filter(|site| who.knows(site.id)).cloned();
    site.ok_or_else(|| Error::no_site(query.get("site").unwrap_or("default")))
}

/// A site that a page can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub name: String,
    /// What names it in an address; none of the site that is meant where none is named.
    pub slug: Option<String>,
    /// Whether it has its own clock.
    pub is_simulated: bool,
}

/// The sites that pages can show, the default site first, then by name.
pub fn sites(core: &Core, who: &Principal) -> Result<Vec<Choice>, Error> {
    who.require_known()?;
    let known = core.registry().known();
    let choice = |site: &Arc<Site>| Choice {
        name: site.name.clone(),
        slug: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
        is_simulated: site.kind == SiteKind::Simulated,
    };
    let mut choices: Vec<Choice> =
        known.sites.values().filter(|site| who.knows(site.id)).map(choice).collect();
    choices.sort_by_key(|choice| (choice.slug.is_some(), choice.name.clone()));
    Ok(choices)
}

/// The address of the page that somebody starts on: the overview of a plant, else the grid, else a meter of their own.
pub fn home(core: &Core, who: &Principal) -> String {
    let choices = sites(core, who).unwrap_or_default();
    let on = |action: Action, path: &str| {
        let first = choices.iter().find(|choice| may(core, who, action, choice.slug.as_deref()))?;
        Some(match &first.slug {
            Some(slug) => format!("{path}?site={slug}"),
            None => path.to_owned(),
        })
    };
    let known = core.registry().known();
    let own = || {
        let own = who.owns().next()?;
        let site = known.sites.get(&own.site)?;
        Some(format!("/energy?site={}&meter={}", site.slug, own.meter))
    };
    let found = on(Action::See, "/").or_else(|| on(Action::SeeGrid, "/grid")).or_else(own);
    found.unwrap_or_else(|| "/account".to_owned())
}

/// Whether somebody may do this on the site of this slug, or the default site.
pub fn may(core: &Core, who: &Principal, action: Action, slug: Option<&str>) -> bool {
    let query = slug.map_or_else(Query::default, |slug| Query::default().with("site", slug));
    known_site(core, who, &query).is_ok_and(|site| who.may(action, site.id))
}

/// Whether somebody has a meter of their own on a site.
pub fn is_owner(core: &Core, who: &Principal, slug: Option<&str>) -> bool {
    let query = slug.map_or_else(Query::default, |slug| Query::default().with("site", slug));
    known_site(core, who, &query).is_ok_and(|site| who.owns().any(|own| own.site == site.id))
}

/// The actions that somebody may do on the site that the address names.
pub fn rights(core: &Core, who: &Principal, query: &Query) -> Vec<Action> {
    let Ok(site) = known_site(core, who, query) else { return Vec::new() };
    Action::ALL.into_iter().filter(|action| who.may(*action, site.id)).collect()
}

/// The site that a page is about, by the first part of its path, where its address names none.
pub fn site_of_place(first: &str) -> Option<&'static str> {
    OF_WORLD.contains(&first).then_some("world")
}

/// The first parts of addresses that are about the simulated world, unless they name another site.
const OF_WORLD: [&str; 6] = ["grid", "connections", "simulator", "bills", "trades", "energy"];

/// The parameters of an address, with the site that its path means: a meter is on one, and networks
/// and accounts are those of the simulated world.
pub fn address(core: &Core, who: &Principal, path: &str, search: &str) -> Query {
    let query = Query::parse(search);
    let known = core.registry().known();
    let mut parts = path.trim_matches('/').split('/');
    let first = parts.next().unwrap_or_default();
    if let Some(site) = site_of_place(first) {
        return query.or("site", site);
    }
    let id = matches!(first, "meters" | "devices").then(|| parts.next()).flatten();
    let meter = id.and_then(|id| id.parse().ok()).map(MeterId);
    let site = meter.and_then(|meter| known.site_of(meter));
    match site.filter(|site| who.knows(site.id)) {
        Some(site) if site.id != storage::sites::DEFAULT => query.with("site", &site.slug),
        Some(_) => query.with("site", ""),
        None => query,
    }
}

/// The site that the address names, or the default site.
pub(crate) async fn site(
    core: &Core,
    who: &Principal,
    action: Action,
    query: &Query,
) -> Result<Site, Error> {
    crate::sites::resolve(core, who, action, query.site().as_ref()).await
}

pub(crate) async fn shown(
    service: &Service,
    who: &Principal,
    action: Action,
    query: &Query,
) -> Result<PeriodContext, Error> {
    at_site(service, site(service, who, action, query).await?, query)
}

/// The period on the clock of a meter's own site, whatever the address names.
pub(crate) async fn shown_of(
    service: &Service,
    meter: &Meter,
    query: &Query,
) -> Result<PeriodContext, Error> {
    at_site(service, crate::sites::of(service, meter).await?, query)
}

pub(crate) fn at_site(
    service: &Service,
    site: Site,
    query: &Query,
) -> Result<PeriodContext, Error> {
    let now = request_cache::present(service, &site);
    let period = query.period()?;
    let window = period.window(&site, now).map_err(query::refused)?;
    let (before, whole) = (period.previous_window(&site, now), period.whole(&site, now));
    let slug = (site.id != storage::sites::DEFAULT).then(|| site.slug.clone());
    Ok(PeriodContext { site, slug, period, now, window, before, whole })
}

pub(crate) fn look<T>(
    live: &LiveState,
    site: SiteId,
    look: impl FnOnce(&SiteLive) -> T,
) -> Result<T, Error> {
    live.with(site, look).ok_or_else(|| Error::no_site(site))
}
