//! What a person finds by typing, over all sites that pages can show.

use std::collections::HashMap;
use std::sync::Arc;

use domain::SiteId;
use domain::find::Wanted;
use domain::find::view::{FoundLogger, FoundMeter, FoundPage, FoundSite, NamedSite};
use domain::meters::Meter;
use domain::sites::Site;

use crate::pages::{Query, known_site};
use crate::registry::Known;
use crate::{Action, Core, Error, Principal};

/// Meters that are listed at most.
const MOST: usize = 200;

/// The meters, loggers and sites that answer to what was typed; those of the site that the address
/// names come first among equals.
pub async fn find(core: &Core, who: &Principal, query: &Query) -> Result<FoundPage, Error> {
    let here = known_site(core, who, query)?;
    let typed = query.get("q").unwrap_or_default().trim().to_owned();
    let wanted = Wanted::parse(&typed);
    let slug = named(&here).slug;
    let Ok(Some(look)) = &wanted else {
        let (meters, loggers, sites) = (Vec::new(), Vec::new(), Vec::new());
        return Ok(FoundPage { typed, wanted, meters, all_meters: 0, loggers, sites, slug });
    };
    let known = core.registry().known();
    let (meters, all_meters) = meters(&known, who, here.id, look);
    let loggers = storage::devices::loggers::serials(core.pool()).await?;
    let loggers = loggers.into_iter().filter(|(_, site)| who.may(Action::See, *site));
    let loggers = loggers.filter_map(|(serial, site)| {
        let rank = look.rank([serial.as_str()])?;
        let elsewhere = elsewhere(&known.sites, site, here.id);
        Some(FoundLogger { rank, serial: serial.as_str().to_owned(), elsewhere })
    });
    let mut loggers: Vec<_> = loggers.take(MOST).collect();
    loggers.sort_by_key(|logger| logger.rank);
    let others = known.sites.values().filter(|site| site.id != here.id && who.knows(site.id));
    let sites = others.filter_map(|site| {
        let rank = look.rank([site.name.as_str(), site.slug.as_str()])?;
        Some(FoundSite { rank, site: named(site) })
    });
    let mut sites: Vec<_> = sites.collect();
    sites.sort_by(|a, b| (a.rank, &a.site.name).cmp(&(b.rank, &b.site.name)));
    Ok(FoundPage { typed, wanted, meters, all_meters, loggers, sites, slug })
}

/// The best meters, and how many there are in all.
fn meters(
    known: &Known,
    who: &Principal,
    here: SiteId,
    wanted: &Wanted,
) -> (Vec<FoundMeter>, usize) {
    let trees = known.trees.iter().filter(|(site, _)| who.may(Action::See, **site));
    let all = trees.flat_map(|(_, tree)| tree.meters());
    let mut found: Vec<_> =
        all.filter_map(|meter| Some((wanted.rank(texts(meter))?, meter))).collect();
    let order = |rank, meter: &Meter| (rank, meter.site != here, meter.level);
    found.sort_by(|(a, first), (b, second)| {
        order(*a, first).cmp(&order(*b, second)).then_with(|| first.name.cmp(&second.name))
    });
    let count = found.len();
    let best = found.into_iter().take(MOST).map(|(rank, meter)| FoundMeter {
        rank,
        id: meter.id,
        name: meter.name.clone(),
        number: meter.number.clone(),
        place: meter.location.clone().or_else(|| meter.area.clone()),
        elsewhere: elsewhere(&known.sites, meter.site, here),
    });
    (best.collect(), count)
}

/// What a meter may be found by, what is meant most often first.
fn texts(meter: &Meter) -> impl Iterator<Item = &str> {
    let given = [&meter.location, &meter.area, &meter.channel_prefix];
    let always = [&meter.name, &meter.number].map(String::as_str);
    let kind = [meter.meter_type.source_kind().names(), meter.meter_type.0.as_str()];
    always.into_iter().chain(given.into_iter().filter_map(|text| text.as_deref())).chain(kind)
}

fn elsewhere(sites: &HashMap<SiteId, Arc<Site>>, site: SiteId, here: SiteId) -> Option<NamedSite> {
    (site != here).then(|| sites.get(&site)).flatten().map(|site| named(site))
}

fn named(site: &Site) -> NamedSite {
    let slug = (site.id != storage::sites::DEFAULT).then(|| site.slug.clone());
    NamedSite { name: site.name.clone(), slug }
}
