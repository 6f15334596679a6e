//! All sites at a glance: how each is doing, and the buildings on it.

pub mod page;

use std::sync::Arc;

use domain::live::{NodeLive, Snapshot};
use domain::losses::balance::Verdict;
use domain::meters::hierarchy::Tree;
use domain::meters::{LoadRole, Meter};
use domain::overview::portfolio::{BuildingState, SiteRow, SiteState, Standing};
use domain::sites::Site;

use crate::alarms::open::Open;
use crate::live::{LiveState, SiteLive};
use crate::operation::clock;
use crate::registry::Known;
use crate::{Action, Core, Error, Principal, Service};

/// The type of a meter that is a building's, whatever it counts as in the load status.
const BUILDING: &str = "Building";

/// Every site, the default one first, then by name.
pub fn list(service: &Service, who: &Principal) -> Result<Vec<SiteState>, Error> {
    Ok(rows(service, service.live(), service.alarms(), who)?
        .into_iter()
        .map(|row| row.state)
        .collect())
}

/// The same, with what is live of each.
pub(crate) fn rows(
    core: &Core,
    live: &LiveState,
    alarms: &Open,
    who: &Principal,
) -> Result<Vec<SiteRow>, Error> {
    who.require_somewhere(Action::See)?;
    let known = core.registry().known();
    let mut sites: Vec<&Arc<Site>> =
        known.sites.values().filter(|site| who.may(Action::See, site.id)).collect();
    sites.sort_by_key(|site| (site.id != storage::sites::DEFAULT, &site.name));
    Ok(sites.into_iter().map(|site| row(core, live, alarms, &known, site)).collect())
}

fn row(core: &Core, live: &LiveState, alarms: &Open, known: &Known, site: &Site) -> SiteRow {
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let snapshot = live.with(site.id, SiteLive::snapshot);
    let at = snapshot.as_ref().map_or_else(|| clock::now(core, site), |live| live.at);
    let open = alarms.of(site.id);
    let standing = snapshot.as_ref().map(|live| Standing::of(live, open.len()));
    let buildings = buildings(&tree).into_iter().map(|meter| {
        let below = tree.subtree(meter.id);
        let open =
            open.iter().filter(|alarm| below.iter().any(|it| it.id == alarm.meter_id)).count();
        building(meter, snapshot.as_ref(), open)
    });
    let state = SiteState {
        slug: site.slug.clone(),
        name: site.name.clone(),
        in_addresses: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
        kind: site.kind,
        time_zone: site.zone.name().to_owned(),
        meters: tree.meters().len(),
        at,
        standing: standing.unwrap_or_default(),
        today_start: site.today_start(at),
        buildings: buildings.collect(),
    };
    SiteRow { state, snapshot }
}

/// The meters that are buildings and stand below no other one.
pub(crate) fn buildings(tree: &Tree) -> Vec<&Meter> {
    let outermost =
        |meter: &&Meter| is_building(meter) && !tree.ancestors(meter.id).any(is_building);
    tree.meters().iter().filter(outermost).collect()
}

fn is_building(meter: &Meter) -> bool {
    meter.load_role == LoadRole::Building || meter.meter_type.0 == BUILDING
}

fn building(meter: &Meter, live: Option<&Snapshot>, open_alarms: usize) -> BuildingState {
    let value = live.and_then(|live| live.value(meter.id));
    let known = |node: &&NodeLive| node.balance.verdict != Verdict::Incomplete;
    let balance = live.and_then(|live| live.node(meter.id)).filter(known).map(|it| &it.balance);
    BuildingState {
        meter_id: meter.id,
        meter_number: meter.number.clone(),
        name: meter.name.clone(),
        location: meter.location.clone(),
        power_in_kw: value.and_then(|value| value.mean_kw),
        loss_kw: balance.and_then(|balance| balance.loss_kw),
        error_kw: balance.map(|balance| balance.error_kw),
        loss_percent: balance.and_then(|balance| balance.loss_percent),
        verdict: balance.map(|balance| balance.verdict),
        today_kwh: value.and_then(|value| value.today_kwh),
        open_alarms,
        newest_at: value.and_then(|value| value.at),
    }
}
