//! The page of the simulated world.

use std::collections::{BTreeSet, HashMap};

use domain::MeterId;
use domain::meters::hierarchy::Tree;
use domain::simulation::view::{
    ChosenMeter, SimulatorPage, WorldAppliance, WorldClock, WorldMeter, WorldRecord,
};
use domain::simulation::{MeterStatus, Resource, ResourceType, SimulatedMeter, appliance};

use crate::live::SiteLive;
use crate::operation::clock;
use crate::pages::{Query, look};
use crate::simulation::{self, MeterData};
use crate::{Action, Error, Principal, Service, resolve};

/// The waveform shows so many of the newest records: a day of quarter-hours.
const RECORDS: u32 = 96;

/// The simulated world, and the meter that the query names.
pub async fn simulator(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<SimulatorPage, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    let site = simulation::site(service).await?;
    let status = simulation::status(service, who).await?;
    let resources = simulation::resources(service, who).await?;
    let views: HashMap<MeterId, SimulatedMeter> =
        simulation::meters(service, who).await?.into_iter().map(|view| (view.id, view)).collect();
    let known = service.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let newest = look(service.live(), site.id, SiteLive::snapshot)?;
    let newest: HashMap<_, _> =
        newest.values.iter().map(|value| (value.id, value.power_kw)).collect();
    let in_order = tree.roots().flat_map(|root| tree.subtree(root.id));
    let meters: Vec<_> = in_order
        .filter_map(|meter| {
            let view = views.get(&meter.id)?;
            let resource = view.er.and_then(|er| resources.iter().find(|r| r.id == er));
            let newest = newest.get(&meter.id).copied().flatten();
            Some(world_meter(&tree, view, &meter.name, resource, newest))
        })
        .collect();
    let asked = query.number("meter").map(MeterId);
    let chosen = meters
        .iter()
        .find(|meter| Some(meter.id) == asked)
        .or_else(|| meters.iter().find(|meter| meter.kind.is_some()))
        .cloned();
    let chosen = match chosen {
        Some(meter) => {
            let resource = views.get(&meter.id).and_then(|view| view.er);
            let resource = resources.iter().find(|r| Some(r.id) == resource);
            Some(chosen_meter(service, who, meter, resource).await?)
        }
        None => None,
    };
    Ok(SimulatorPage {
        clock: WorldClock {
            at: clock::now(service, &site),
            days_per_minute: status.clock.days_per_minute,
            paused_because: status.clock.paused_because,
            record_minutes: status.clock.record_minutes,
        },
        chosen,
        loose: resources
            .iter()
            .filter(|resource| resource.meter_number.is_none())
            .map(|resource| (resource.id, resource.name.clone()))
            .collect(),
        catalogue: appliance::CATALOGUE.iter().map(|known| known.name.to_owned()).collect(),
        pincodes: views
            .values()
            .filter_map(|view| view.whereabouts.pincode.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        meters,
        site,
    })
}

fn world_meter(
    tree: &Tree,
    view: &SimulatedMeter,
    name: &str,
    resource: Option<&Resource>,
    newest_kw: Option<f64>,
) -> WorldMeter {
    let id = view.id;
    WorldMeter {
        id,
        number: view.number.clone(),
        name: name.to_owned(),
        depth: tree.ancestors(id).count(),
        is_parent: tree.is_node(id),
        kind: resource.map(|resource| resource.kind),
        appliances: resource.map(|resource| resource.appliances.clone()).unwrap_or_default(),
        is_on: view.status == MeterStatus::On,
        factors: (view.consumption_factor, view.production_factor),
        newest_kw,
    }
}

async fn chosen_meter(
    service: &Service,
    who: &Principal,
    meter: WorldMeter,
    resource: Option<&Resource>,
) -> Result<ChosenMeter, Error> {
    let records = simulation::records(service, who, meter.id, RECORDS).await?;
    let site = simulation::site(service).await?;
    let now = clock::now(service, &site);
    let spikes = storage::simulation::spikes::after(service.pool(), site.id, now).await?;
    let factors = storage::simulation::meters::appliance_factors(service.pool(), site.id).await?;
    let own = factors.iter().filter(|factor| factor.meter_id == meter.id.0);
    let own: HashMap<&str, (f64, f64)> = own
        .map(|factor| (factor.appliance.as_str(), (factor.consumption, factor.production)))
        .collect();
    Ok(ChosenMeter {
        resource: resource.map(|resource| (resource.id, resource.name.clone())),
        appliances: appliances(&meter, &own),
        records: records.iter().map(record).collect(),
        spikes: spikes
            .into_iter()
            .filter(|(of, _)| *of == meter.id)
            .map(|(_, spike)| spike)
            .collect(),
        meter,
    })
}

/// Each appliance once, in the order in which they were named.
fn appliances(meter: &WorldMeter, own: &HashMap<&str, (f64, f64)>) -> Vec<WorldAppliance> {
    let mut found: Vec<WorldAppliance> = Vec::new();
    for known in meter.appliances.iter().filter_map(|name| appliance::find(name)) {
        if let Some(same) = found.iter_mut().find(|same| same.name == known.name) {
            same.count += 1;
            continue;
        }
        let (consumption, production) = own.get(known.name).copied().unwrap_or((1.0, 1.0));
        found.push(WorldAppliance {
            name: known.name.to_owned(),
            count: 1,
            rated_kw: known.base_kwh * 60.0,
            makes: known.source,
            factor: if known.source { production } else { consumption },
            is_idle: known.source && meter.kind != Some(ResourceType::Prosumer),
        });
    }
    found
}

fn record(data: &MeterData) -> WorldRecord {
    WorldRecord {
        at: data.timestamp,
        minutes: data.interval_minutes,
        consumption_kwh: data.consumption_kwh,
        production_kwh: data.production_kwh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn household(kind: ResourceType, appliances: &[&str]) -> WorldMeter {
        WorldMeter {
            id: MeterId(1),
            number: "MT1".into(),
            name: "MT1".into(),
            depth: 0,
            is_parent: false,
            kind: Some(kind),
            appliances: appliances.iter().map(|name| (*name).to_owned()).collect(),
            is_on: true,
            factors: (1.0, 0.0),
            newest_kw: None,
        }
    }

    #[test]
    fn an_appliance_named_in_several_ways_is_one_with_its_count_and_its_k() {
        let meter = household(ResourceType::Prosumer, &["AC", "Solar Panel", "Air Conditioner"]);
        let own = HashMap::from([("Air Conditioner", (0.5, 1.0)), ("Solar Panel", (1.0, 2.0))]);
        let found = appliances(&meter, &own);
        let seen: Vec<_> =
            found.iter().map(|it| (it.name.as_str(), it.count, it.factor, it.is_idle)).collect();
        assert_eq!(seen, [("Air Conditioner", 2, 0.5, false), ("Solar Panel", 1, 2.0, false)]);
    }

    #[test]
    fn solar_panels_of_a_consumer_make_nothing() {
        let found = appliances(&household(ResourceType::Consumer, &["Solar"]), &HashMap::new());
        assert!(found[0].is_idle);
    }
}
