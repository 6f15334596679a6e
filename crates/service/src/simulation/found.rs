//! Founding a whole neighbourhood at once, and filling its history.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::meters::PhaseType;
use domain::simulation::refusal::MeterRefusal;
use domain::simulation::{Profile, Whereabouts};
use domain::{MeterId, SiteId};
use serde_json::json;
use storage::meters::NewMeter;
use storage::simulation::meters::NewSimulated;

use super::engine::boundary;
use super::resources::{NewResource, checked, production_factor};
use crate::people::audit::Change;
use crate::{Action, Error, Principal, Service, resolve};

/// Meters with what is behind them, parents before their children.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Neighbourhood {
    pub meters: Vec<FoundedMeter>,
    /// Share of the light that the thickest clouds take, 0 to 1.
    pub clouds: f64,
}

/// A meter to be founded.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundedMeter {
    pub number: String,
    pub name: String,
    /// Its type: Feeder, Transformer, Household, Building.
    pub meter_type: String,
    /// Number of the meter above it, which comes earlier in the list or is there already.
    pub parent: Option<String>,
    /// How it is connected.
    pub phase_type: Option<PhaseType>,
    /// A named group of meters.
    pub area: Option<String>,
    /// Where it is.
    pub city: Option<String>,
    pub state: Option<String>,
    /// Postal code.
    pub pincode: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// What is behind it; nothing of a meter above others.
    pub er: Option<NewResource>,
    /// How consumption goes over a day.
    pub profile: Profile,
    /// K of what is drawn.
    pub load_factor: f64,
}

/// Founds a neighbourhood in one transaction; the ids of its meters, in their order. They generate
/// from the world's present on.
pub async fn found(
    service: &Service,
    who: &Principal,
    neighbourhood: Neighbourhood,
) -> Result<Vec<MeterId>, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    let mut engine = service.simulation().hold(service).await?;
    let site = super::site(service).await?;
    let mut clock = engine.clock()?.clone();
    let known = storage::simulation::meters::list(service.pool(), site.id).await?;
    let mut ids: HashMap<String, MeterId> =
        known.into_iter().map(|meter| (meter.number, meter.id)).collect();
    let behind = neighbourhood.meters.iter().filter_map(|meter| meter.er.clone());
    let behind = behind.map(checked).collect::<Result<Vec<_>, Error>>()?;
    let mut change = Change::begin(service, who).await?.at(site.id);
    let resources =
        storage::simulation::resources::insert(&mut *change.db, site.id, &behind, clock.current)
            .await?;
    let mut resources = resources.into_iter().zip(&behind);
    let mut made = Vec::with_capacity(neighbourhood.meters.len());
    for meter in neighbourhood.meters {
        let parent = meter.parent.as_ref().map(|number| {
            let refused = || MeterRefusal::NoParent { number: number.clone() };
            let missing = || Error::invalid("parent", refused());
            ids.get(number).copied().ok_or_else(missing)
        });
        let new = as_meter(site.id, &meter, parent.transpose()?);
        let id = storage::meters::insert(&mut *change.db, &new).await?.id;
        ids.insert(meter.number.clone(), id);
        let er = meter.er.as_ref().and_then(|_| resources.next());
        made.push(NewSimulated {
            production_factor: er.map_or(0.0, |(_, er)| production_factor(er.kind)),
            link: er.map(|(er, _)| (er, clock.recorded_to)),
            ..simulated(id, meter)
        });
    }
    storage::simulation::meters::insert(&mut *change.db, &made, clock.current).await?;
    clock.clouds = neighbourhood.clouds;
    storage::simulation::clock::put(&mut *change.db, &clock).await?;
    let meters: Vec<MeterId> = made.iter().map(|meter| meter.id).collect();
    let detail = json!({"resources": behind.len(), "clouds": clock.clouds});
    super::commit(change, "simulation.found", &meters, detail).await?;
    engine.follow_clock(service, clock).await?;
    engine.plan_again();
    drop(engine);
    service.reload().await?;
    Ok(meters)
}

fn as_meter(site: SiteId, meter: &FoundedMeter, parent: Option<MeterId>) -> NewMeter {
    NewMeter {
        parent,
        phase_type: meter.phase_type,
        area: meter.area.clone(),
        latitude: meter.latitude,
        longitude: meter.longitude,
        ..NewMeter::named(site, &meter.number, &meter.name, &meter.meter_type)
    }
}

/// How a meter is simulated before it is linked.
fn simulated(id: MeterId, meter: FoundedMeter) -> NewSimulated {
    NewSimulated {
        id,
        whereabouts: Whereabouts {
            city: meter.city,
            state: meter.state,
            pincode: meter.pincode,
            ..Whereabouts::default()
        },
        consumption_factor: meter.load_factor,
        production_factor: 0.0,
        profile: meter.profile,
        link: None,
    }
}

/// How far history was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Where it begins.
    pub from: DateTime<Utc>,
    /// Where it ends: the world's present now.
    pub to: DateTime<Utc>,
}

/// Records everything from one instant to another and lets the world's clock stand there. A world that
/// has no records yet begins at `from`, and so do its meters; another one goes on from where it is.
pub async fn fill(
    service: &Service,
    who: &Principal,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Filled, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    let mut engine = service.simulation().hold(service).await?;
    let mut clock = engine.clock()?.clone();
    let mut change = Change::begin(service, who).await?.at(clock.site);
    if !engine.has_records() {
        clock.recorded_to = boundary(from, TimeDelta::minutes(clock.record_minutes.into()));
        let begins = clock.recorded_to;
        storage::simulation::meters::begin_at(&mut *change.db, clock.site, begins).await?;
        engine.plan_again();
    }
    let from = clock.recorded_to;
    clock.current = to.max(from);
    storage::simulation::clock::put(&mut *change.db, &clock).await?;
    let detail = json!({"from": from, "to": clock.current});
    change.commit("simulation.fill", "simulation", &detail).await?;
    engine.follow_clock(service, clock).await?;
    drop(engine);
    // Chunk by chunk, so that others get their turn.
    while service.simulation().engine.lock().await.advance(service, service.simulation()).await? {}
    Ok(Filled { from, to: to.max(from) })
}
