//! The first steps, from nothing to the first loss figure. Everything in them is known at once.

use chrono::TimeDelta;
use domain::energy::QUARTER;
use domain::live::NodeLive;
use domain::meters::hierarchy::Tree;
use domain::meters::{LoadRole, Meter, SourceKind};
use domain::overview::start::{EARLY_FROM, FirstLoss, FirstMeter, StartPage};
use domain::sites::{Site, SiteKind};

use crate::live::{Early, LiveState, SiteLive};
use crate::meters::energy_meters::total_energy;
use crate::operation::clock;
use crate::pages::{Query, known_site};
use crate::{Action, Core, Error, Principal, Service};

/// A site with more meters than this is past its first steps, whatever its balance says.
const FIRST_FEW: usize = 5;

/// How far a site is with its first steps.
pub fn start(service: &Service, who: &Principal, query: &Query) -> Result<StartPage, Error> {
    let known = service.registry().known();
    let site = Site::clone(&*known_site(service, who, query)?);
    who.require_on(Action::See, site.id, || Error::no_site(&site.slug))?;
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let main = main(&tree);
    let below = main.and_then(|main| below(service.live(), &tree, main));
    let first = |meter: &Meter| first(service.live(), meter, known.devices.contains(&meter.id));
    let (main_step, below_step) = (main.map(first), below.map(first));
    let both_read = [&main_step, &below_step].into_iter().flatten().all(FirstMeter::is_read);
    let loss = match main.filter(|_| below.is_some() && both_read) {
        Some(main) => loss(service, service.live(), &site, &tree, main),
        None => FirstLoss::NoMeters,
    };
    Ok(StartPage {
        now: clock::now(service, &site),
        slug: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
        main: main_step,
        below: below_step,
        loss,
        may_name: who.may(Action::Administer, site.id),
        site,
    })
}

/// The same where the site is not through yet: for whoever looks at it elsewhere.
pub fn start_progress(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Option<StartPage>, Error> {
    let page = start(service, who, query)?;
    let known = service.registry().known();
    let meters = known.trees.get(&page.site.id).map_or(0, |tree| tree.meters().len());
    let is_early = meters <= FIRST_FEW && page.site.kind == SiteKind::Live;
    let is_known = matches!(page.loss, FirstLoss::Known { .. });
    Ok(Some(page).filter(|_| is_early && !is_known))
}

/// The meter that reads what comes in: one with a load below it, else one of the grid, else the first.
fn main(tree: &Tree) -> Option<&Meter> {
    let enters = |meter: &&Meter| {
        let kind = meter.meter_type.source_kind();
        !meter.feeds_parent && matches!(kind, SourceKind::Grid | SourceKind::Load)
    };
    let is_grid = |meter: &&Meter| {
        meter.meter_type.source_kind() == SourceKind::Grid || meter.load_role == LoadRole::Grid
    };
    let roots = || tree.roots().filter(enters);
    let with_load = || roots().find(|root| tree.children(root.id).any(|it| !it.feeds_parent));
    with_load().or_else(|| roots().find(is_grid)).or_else(|| roots().next())
}

/// A load directly below it, rather one that is read.
fn below<'a>(live: &LiveState, tree: &'a Tree, main: &Meter) -> Option<&'a Meter> {
    let loads = || tree.children(main.id).filter(|child| !child.feeds_parent);
    let is_read = |child: &&Meter| live.latest(child.id).is_some();
    loads().find(is_read).or_else(|| loads().next())
}

fn first(live: &LiveState, meter: &Meter, has_device: bool) -> FirstMeter {
    let latest = live.latest(meter.id);
    let live = live.meter(meter.id);
    FirstMeter {
        id: meter.id,
        number: meter.number.clone(),
        name: meter.name.clone(),
        has_device,
        status: live.as_ref().map(|live| live.status).unwrap_or_default(),
        power_kw: live.as_ref().and_then(|live| live.power_kw),
        register_kwh: latest.as_ref().and_then(total_energy),
        at: live.as_ref().and_then(|live| live.at),
        reason: live.and_then(|live| live.reason),
    }
}

fn loss(core: &Core, live: &LiveState, site: &Site, tree: &Tree, main: &Meter) -> FirstLoss {
    let now = clock::now(core, site);
    let look = |live: &SiteLive| {
        let snapshot = live.snapshot();
        let known = |node: &NodeLive| Some((node.balance.clone(), node.balance.loss_kw?));
        snapshot.node(main.id).and_then(known).ok_or_else(|| live.early(main, now))
    };
    match live.with(site.id, look) {
        None => FirstLoss::Soon(EARLY_FROM),
        Some(Ok((balance, loss_kw))) => FirstLoss::Known { balance, loss_kw },
        Some(Err(Early::Balance(from, to, balance))) if to - from >= EARLY_FROM => {
            FirstLoss::Early {
                from,
                to,
                left: (QUARTER - (to - from)).max(TimeDelta::zero()),
                balance: *balance,
            }
        }
        Some(Err(Early::Balance(from, to, _))) => FirstLoss::Soon(EARLY_FROM - (to - from)),
        Some(Err(Early::Held(meters))) => {
            let name = |id| tree.get(id).map(|meter| meter.name.clone());
            FirstLoss::Held(meters.into_iter().filter_map(name).collect())
        }
    }
}
