//! Changing how the world runs: factors, switches, spikes. Selectors intersect.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::people::Difference;
use domain::simulation::Resource;
use domain::simulation::SimulatedMeter;
use domain::simulation::record::{Spike, SpikeSize};
use domain::simulation::refusal::{MeterRefusal, ResourceRefusal, SpikeRefusal};
use domain::simulation::{
    LogType, MOST_LOAD_FACTOR, MeterStatus, ResourceType, SpikeKind, appliance,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::meters::{check_factor, named};
use super::resources::{self, ResourceRef, appliance_named};
use crate::people::audit::Change;
use crate::resolve::MeterRef;
use crate::{Action, Core, Error, Principal, Service, resolve};

/// A spike lasts at most a year.
const LONGEST_SPIKE: u32 = 366 * 24 * 60;
/// A gigawatt is more than any meter of a neighbourhood carries.
const MOST_KW: f64 = 1e6;

/// Scales what meters draw and make. At least one selector is needed; several intersect.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlRequest {
    /// One meter.
    #[serde(default)]
    pub meter_id: Option<MeterRef>,
    /// All meters below this one.
    #[serde(default)]
    pub parent_meter_id: Option<MeterRef>,
    /// This appliance alone, wherever it is.
    #[serde(default)]
    pub appliance_type: Option<String>,
    /// The meters of this postal code.
    #[serde(default)]
    pub pincode: Option<String>,
    /// K, 0 to 1,000.
    pub load_factor: f64,
    /// Which side; both unless stated.
    #[serde(default)]
    pub log_type: Option<LogType>,
}

/// How far a change reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Controlled {
    /// Always `success`.
    pub status: &'static str,
    /// How many meters were changed.
    pub changed: usize,
}

/// Switches a meter, or the one of a resource, on or off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToggleRequest {
    /// The resource.
    #[serde(default)]
    pub er_id: Option<ResourceRef>,
    /// Or the meter.
    #[serde(default)]
    pub meter_id: Option<MeterRef>,
    /// What it becomes; the opposite of what it is unless stated.
    #[serde(default)]
    pub status: Option<MeterStatus>,
}

/// What was switched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Switched {
    /// Id of the meter.
    pub id: i64,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its number.
    pub meter_id: String,
    /// The resource that it is linked to.
    pub er_id: Option<i64>,
    /// What it is now.
    pub status: MeterStatus,
}

/// A sudden load, or a new source, for a time. Selectors as in control.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpikeRequest {
    /// One meter.
    #[serde(default)]
    pub meter_id: Option<MeterRef>,
    /// All meters below this one.
    #[serde(default)]
    pub parent_meter_id: Option<MeterRef>,
    /// The meters that have this appliance.
    #[serde(default)]
    pub appliance_type: Option<String>,
    /// The meters of this postal code.
    #[serde(default)]
    pub pincode: Option<String>,
    /// A load, or a source.
    pub kind: SpikeKind,
    /// kW that come on top of each meter.
    #[serde(default, rename = "magnitude_kW")]
    pub magnitude_kw: Option<f64>,
    /// Or what the meter's own is multiplied by, 0 to 1,000.
    #[serde(default)]
    pub factor: Option<f64>,
    /// Simulated minutes, from the next record on.
    pub duration_minutes: u32,
}

/// A spike as it was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spiked {
    /// Always `success`.
    pub status: &'static str,
    /// How many meters it is on.
    pub changed: usize,
    /// Since when, in the world's time.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
}

/// Which meters a change is for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    meter: Option<&'a MeterRef>,
    parent: Option<&'a MeterRef>,
    appliance: Option<&'static appliance::Appliance>,
    pincode: Option<&'a str>,
}

impl<'a> Target<'a> {
    pub(super) fn new(
        meter: Option<&'a MeterRef>,
        parent: Option<&'a MeterRef>,
        appliance: Option<&str>,
        pincode: Option<&'a str>,
    ) -> Result<Self, Error> {
        let appliance = appliance.map(appliance_named).transpose()?;
        let target = Self { meter, parent, appliance, pincode };
        let none = meter.is_none() && parent.is_none() && appliance.is_none() && pincode.is_none();
        if none {
            return Err(Error::refused("no_selector", MeterRefusal::NoSelector));
        }
        Ok(target)
    }
}

/// A meter of the world and the resource behind it.
pub(super) type Selected = (MeterId, Option<ResourceType>);

/// The meters that a target means: those that record something of their own.
pub(super) async fn select(core: &Core, target: Target<'_>) -> Result<Vec<Selected>, Error> {
    let site = super::site(core).await?;
    let meters = storage::simulation::meters::list(core.pool(), site.id).await?;
    let resources = storage::simulation::resources::list(core.pool(), site.id).await?;
    let resources: HashMap<i64, &Resource> = resources.iter().map(|er| (er.id, er)).collect();
    let meter = target.meter.map(|meter| named(&meters, "meter_id", meter)).transpose()?;
    let above = target.parent.map(|meter| named(&meters, "parent_meter_id", meter)).transpose()?;
    if let Some(meter) = meter {
        refuse_sum(meter)?;
    }
    let parents: HashMap<MeterId, Option<MeterId>> =
        meters.iter().map(|meter| (meter.id, meter.parent)).collect();
    let is_below = |meter: &SimulatedMeter, above: &SimulatedMeter| {
        let mut up = std::iter::successors(meter.parent, |id| parents.get(id).copied().flatten())
            .take(meters.len());
        up.any(|id| id == above.id)
    };
    let resource_of = |meter: &SimulatedMeter| meter.er.and_then(|er| resources.get(&er).copied());
    let has = |meter: &SimulatedMeter, wanted: &appliance::Appliance| {
        let own = resource_of(meter).into_iter().flat_map(|er| &er.appliances);
        own.filter_map(|name| appliance::find(name)).any(|own| own.name == wanted.name)
    };
    let wanted = |candidate: &&SimulatedMeter| {
        candidate.created_at.is_some()
            && !candidate.has_children
            && meter.is_none_or(|meter| meter.id == candidate.id)
            && above.is_none_or(|above| is_below(candidate, above))
            && target.appliance.is_none_or(|appliance| has(candidate, appliance))
            && target
                .pincode
                .is_none_or(|code| candidate.whereabouts.pincode.as_deref() == Some(code))
    };
    let chosen = meters.iter().filter(wanted);
    Ok(chosen.map(|meter| (meter.id, resource_of(meter).map(|er| er.kind))).collect())
}

/// A meter above others has nothing of its own to change.
fn refuse_sum(meter: &SimulatedMeter) -> Result<(), Error> {
    if !meter.has_children {
        return Ok(());
    }
    Err(Error::refused("has_children", MeterRefusal::Sums { number: meter.number.clone() })
        .at("meter_id"))
}

/// Scales what the chosen meters draw and make, from the next record on.
pub async fn control(
    service: &Service,
    who: &Principal,
    request: ControlRequest,
) -> Result<Controlled, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    check_factor(request.load_factor)?;
    let log_type = request.log_type.unwrap_or(LogType::Both);
    let target = Target::new(
        request.meter_id.as_ref(),
        request.parent_meter_id.as_ref(),
        request.appliance_type.as_deref(),
        request.pincode.as_deref(),
    )?;
    let mut engine = service.simulation().hold(service).await?;
    let selected = select(service, target).await?;
    let meters: Vec<MeterId> = selected.iter().map(|(meter, _)| *meter).collect();
    let factor = request.load_factor;
    let mut change = Change::begin(service, who).await?.at(engine.clock()?.site);
    if let Some(appliance) = target.appliance {
        storage::simulation::meters::set_appliance_factors(
            &mut *change.db,
            &meters,
            appliance.name,
            log_type,
            factor,
        )
        .await?;
    } else {
        let makes = |(_, kind): &&Selected| *kind == Some(ResourceType::Prosumer);
        let prosumers: Vec<MeterId> =
            selected.iter().filter(makes).map(|(meter, _)| *meter).collect();
        let db = &mut *change.db;
        storage::simulation::meters::set_factors(db, &meters, &prosumers, log_type, factor).await?;
    }
    let appliance = target.appliance.map(|appliance| appliance.name);
    let detail = json!({"loadFactor": factor, "logType": log_type, "appliance": appliance});
    super::commit(change, "simulation.control", &meters, detail).await?;
    engine.plan_again();
    Ok(Controlled { status: "success", changed: meters.len() })
}

/// Switches a meter on or off; off, it records nothing.
pub async fn toggle(
    service: &Service,
    who: &Principal,
    request: ToggleRequest,
) -> Result<Switched, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let mut engine = service.simulation().hold(service).await?;
    let meters = super::meters::all(service).await?;
    let meter = switchable(service, &meters, &request).await?;
    refuse_sum(meter)?;
    let status = request.status.unwrap_or(match meter.status {
        MeterStatus::On => MeterStatus::Off,
        MeterStatus::Off => MeterStatus::On,
    });
    let mut change = Change::begin(service, who).await?.at(engine.clock()?.site);
    storage::simulation::meters::set_status(&mut *change.db, &[meter.id], status).await?;
    let is = |status: MeterStatus| json!({"status": status});
    let difference = Difference::between(&is(meter.status), &is(status));
    let subject = format!("meter:{}", meter.id);
    change.commit_difference("simulation.toggle", &subject, difference).await?;
    engine.plan_again();
    Ok(Switched {
        id: meter.id.0,
        uuid: meter.uuid,
        meter_id: meter.number.clone(),
        er_id: meter.er,
        status,
    })
}

async fn switchable<'a>(
    core: &Core,
    meters: &'a [SimulatedMeter],
    request: &ToggleRequest,
) -> Result<&'a SimulatedMeter, Error> {
    let of_meter = request.meter_id.as_ref().map(|meter| named(meters, "meter_id", meter));
    let of_meter = of_meter.transpose()?;
    let Some(er) = &request.er_id else {
        return of_meter.ok_or_else(|| Error::refused("no_selector", MeterRefusal::NoSwitch));
    };
    let found = resources::find(core, er).await?.ok_or_else(|| {
        Error::refused("er_not_found", ResourceRefusal::None { id: er.to_string() }).at("er_id")
    })?;
    let linked = meters.iter().find(|meter| meter.er == Some(found.id));
    let linked = linked.ok_or_else(|| {
        Error::conflict("not_linked", ResourceRefusal::NotLinked { id: er.to_string() }).at("er_id")
    })?;
    match of_meter {
        Some(meter) if meter.id != linked.id => {
            let (id, number) = (er.to_string(), linked.number.clone());
            Err(Error::invalid("meter_id", ResourceRefusal::LinkedElsewhere { id, number }))
        }
        _ => Ok(linked),
    }
}

/// Puts a load or a source on top of the chosen meters for a time.
pub async fn spike(
    service: &Service,
    who: &Principal,
    request: SpikeRequest,
) -> Result<Spiked, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let size = size(&request)?;
    if !(1..=LONGEST_SPIKE).contains(&request.duration_minutes) {
        return Err(Error::invalid("duration_minutes", SpikeRefusal::Duration));
    }
    let target = Target::new(
        request.meter_id.as_ref(),
        request.parent_meter_id.as_ref(),
        request.appliance_type.as_deref(),
        request.pincode.as_deref(),
    )?;
    let mut engine = service.simulation().hold(service).await?;
    let selected = select(service, target).await?;
    let fits = |(_, kind): &&Selected| match request.kind {
        SpikeKind::Load => kind.is_some(),
        SpikeKind::Source => *kind == Some(ResourceType::Prosumer),
    };
    let meters: Vec<MeterId> = selected.iter().filter(fits).map(|(meter, _)| *meter).collect();
    if request.kind == SpikeKind::Source && meters.is_empty() && !selected.is_empty() {
        return Err(Error::refused("not_a_prosumer", SpikeRefusal::NoProsumer).at("kind"));
    }
    let from = engine.clock()?.recorded_to;
    let to = from + TimeDelta::minutes(request.duration_minutes.into());
    let spike = Spike { kind: request.kind, size, from, to };
    let mut change = Change::begin(service, who).await?.at(engine.clock()?.site);
    storage::simulation::spikes::insert(&mut *change.db, &meters, &spike).await?;
    let (kw, factor) = (request.magnitude_kw, request.factor);
    let detail = json!({"kind": request.kind, "kW": kw, "factor": factor, "from": from, "to": to});
    super::commit(change, "simulation.spike", &meters, detail).await?;
    engine.plan_again();
    Ok(Spiked { status: "success", changed: meters.len(), from, to })
}

fn size(request: &SpikeRequest) -> Result<SpikeSize, Error> {
    match (request.magnitude_kw, request.factor) {
        (Some(kw), None) if kw > 0.0 && kw <= MOST_KW => Ok(SpikeSize::Kw(kw)),
        (Some(_), None) => Err(Error::invalid("magnitude_kW", SpikeRefusal::Power)),
        (None, Some(factor)) if (0.0..=MOST_LOAD_FACTOR).contains(&factor) => {
            Ok(SpikeSize::Factor(factor))
        }
        (None, Some(_)) => Err(Error::invalid("factor", SpikeRefusal::Factor)),
        _ => Err(Error::invalid("magnitude_kW", SpikeRefusal::EitherSize)),
    }
}
