//! What each meter of the world records, in an order in which children come before their parents.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::simulation::Resource;
use domain::simulation::SimulatedMeter;
use domain::simulation::record::{self, Behind, Energy, Installed, Nature, Registers};
use domain::simulation::sun::Place;
use domain::simulation::{MeterStatus, ResourceType, appliance};
use domain::sites::Site;
use domain::{MeterId, Reading};
use storage::simulation::clock::Clock;
use storage::simulation::meters::ApplianceFactor;

use crate::simulation::engine::reading;
use crate::{Core, Error};

/// The world as it is to be recorded.
#[derive(Default)]
pub(crate) struct Plan {
    /// Children before parents.
    nodes: Vec<Node>,
}

struct Node {
    meter: MeterId,
    makes: Makes,
}

enum Makes {
    /// The sum of these nodes.
    Sum(Vec<usize>),
    /// What is behind it, since when.
    Own(Box<Behind>, DateTime<Utc>),
    /// Nothing: it is off, or not linked.
    Nothing,
}

impl Plan {
    pub(crate) async fn load(core: &Core, clock: &Clock) -> Result<Self, Error> {
        let pool = core.pool();
        let site = storage::sites::by_id(pool, clock.site).await?;
        let site = site.ok_or_else(crate::simulation::engine::state::no_world)?;
        let meters = storage::simulation::meters::list(pool, clock.site).await?;
        let resources = storage::simulation::resources::list(pool, clock.site).await?;
        let resources: HashMap<i64, Resource> = resources.into_iter().map(|r| (r.id, r)).collect();
        let mut factors: HashMap<i64, Vec<ApplianceFactor>> = HashMap::new();
        for factor in storage::simulation::meters::appliance_factors(pool, clock.site).await? {
            factors.entry(factor.meter_id).or_default().push(factor);
        }
        let mut spikes: HashMap<MeterId, Vec<_>> = HashMap::new();
        for (meter, spike) in
            storage::simulation::spikes::after(pool, clock.site, clock.recorded_to).await?
        {
            spikes.entry(meter).or_default().push(spike);
        }
        let behind = |meter: &SimulatedMeter| {
            let (er, since) = (resources.get(&meter.er?)?, meter.linked_at?);
            let own = factors.get(&meter.id.0).map_or(&[][..], Vec::as_slice);
            let behind = Behind {
                kind: er.kind,
                appliances: installed(er, meter, own),
                profile: meter.profile,
                place: place(meter, &site),
                spikes: spikes.get(&meter.id).cloned().unwrap_or_default(),
            };
            (meter.status == MeterStatus::On).then_some((behind, since))
        };
        Ok(Self { nodes: children_first(&meters, behind) })
    }

    /// How many meters may record.
    pub(crate) fn len(&self) -> usize {
        self.nodes.iter().filter(|node| !matches!(node.makes, Makes::Nothing)).count()
    }

    pub(crate) fn meters(&self) -> Vec<MeterId> {
        self.nodes.iter().map(|node| node.meter).collect()
    }

    /// The registers of a meter that was never read.
    pub(crate) fn fresh(&self, meter: MeterId) -> Registers {
        let node = self.nodes.iter().find(|node| node.meter == meter);
        match node.map(|node| &node.makes) {
            Some(Makes::Own(behind, _)) if behind.kind == ResourceType::Prosumer => {
                Registers::default().with_production()
            }
            _ => Registers::default(),
        }
    }

    /// Adds the readings of the records from `start` to `end`, and moves the registers on.
    pub(crate) fn record(
        &self,
        nature: Nature,
        start: DateTime<Utc>,
        end: DateTime<Utc>,
        registers: &mut HashMap<MeterId, (DateTime<Utc>, Registers)>,
        readings: &mut Vec<Reading>,
    ) {
        let minutes = u32::try_from((end - start).num_minutes()).unwrap_or(1).max(1);
        let mut made: Vec<Option<Energy>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let energy = match &node.makes {
                Makes::Nothing => None,
                Makes::Own(_, since) if *since > start => None,
                Makes::Own(behind, _) => {
                    Some(record::record(nature, node.meter, behind, start, minutes))
                }
                Makes::Sum(below) => {
                    let below: Vec<_> = below.iter().filter_map(|&index| made[index]).collect();
                    record::sum(&below)
                }
            };
            if let Some(energy) = &energy {
                let stood = registers.get(&node.meter).copied();
                let before = base(node.meter, stood, energy, start, readings);
                let after = before.after(energy);
                readings.push(reading(node.meter, end, after.reading(energy, minutes)));
                registers.insert(node.meter, (end, after));
            }
            made.push(energy);
        }
    }
}

/// The registers that a record starts from. Where the meter was not read at its start, or begins to
/// make energy with it, a reading says where they stand.
fn base(
    meter: MeterId,
    stood: Option<(DateTime<Utc>, Registers)>,
    energy: &Energy,
    start: DateTime<Utc>,
    readings: &mut Vec<Reading>,
) -> Registers {
    let (read_at, registers) = match stood {
        Some((at, registers)) => (Some(at), registers),
        None => (None, Registers::default()),
    };
    let begins = energy.production_kwh.is_some() && registers.export_kwh.is_none();
    let registers = if begins { registers.with_production() } else { registers };
    if read_at != Some(start) {
        readings.push(reading(meter, start, registers.values()));
    } else if begins {
        // The reading at the start is stored already, without a register of production.
        readings.push(reading(meter, start + TimeDelta::seconds(1), registers.values()));
    }
    registers
}

fn installed(er: &Resource, meter: &SimulatedMeter, own: &[ApplianceFactor]) -> Vec<Installed> {
    let known = er.appliances.iter().filter_map(|name| appliance::find(name));
    known
        .map(|appliance| {
            let factor = own.iter().find(|factor| factor.appliance == appliance.name);
            let (consumption, production) =
                factor.map_or((1.0, 1.0), |factor| (factor.consumption, factor.production));
            Installed {
                appliance,
                consumption: meter.consumption_factor * consumption,
                production: meter.production_factor * production,
            }
        })
        .collect()
}

fn place(meter: &SimulatedMeter, site: &Site) -> Place {
    let at = &meter.whereabouts;
    match (at.latitude, at.longitude) {
        (Some(latitude), Some(longitude)) => Place { latitude, longitude },
        _ => Place {
            latitude: site.latitude.unwrap_or_default(),
            longitude: site.longitude.unwrap_or_default(),
        },
    }
}

/// The meters as nodes, those deepest in the tree first.
fn children_first(
    meters: &[SimulatedMeter],
    behind: impl Fn(&SimulatedMeter) -> Option<(Behind, DateTime<Utc>)>,
) -> Vec<Node> {
    let parents: HashMap<MeterId, Option<MeterId>> =
        meters.iter().map(|meter| (meter.id, meter.parent)).collect();
    let depth = |meter: &SimulatedMeter| {
        let up = std::iter::successors(meter.parent, |above| parents.get(above).copied().flatten());
        up.take(meters.len()).count()
    };
    let mut ordered: Vec<&SimulatedMeter> = meters.iter().collect();
    ordered.sort_by_cached_key(|meter| (std::cmp::Reverse(depth(meter)), meter.id));
    let mut below: HashMap<MeterId, Vec<usize>> = HashMap::new();
    let mut nodes = Vec::with_capacity(ordered.len());
    for meter in ordered {
        let index = nodes.len();
        let makes = match below.remove(&meter.id) {
            Some(children) => Makes::Sum(children),
            None => match behind(meter) {
                Some((behind, since)) => Makes::Own(Box::new(behind), since),
                None => Makes::Nothing,
            },
        };
        if let Some(parent) = meter.parent {
            below.entry(parent).or_default().push(index);
        }
        nodes.push(Node { meter: meter.id, makes });
    }
    nodes
}
