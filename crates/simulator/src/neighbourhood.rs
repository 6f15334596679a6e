//! The neighbourhood of the demonstration: two feeders of San Francisco, the transformers below them,
//! and who lives and works there. A pure description: the same seed, the same neighbours.

mod appliances;
mod streets;
#[cfg(test)]
mod tests;
mod trades;

use domain::simulation::ResourceType;

use crate::plant::noise::Noise;
use streets::{FEEDERS, Feeder, Transformer};
pub use trades::{Trade, trades};

/// Seed of who has what.
pub const SEED: u64 = 94_110;
/// Number of the first household is one more.
const FIRST_HOUSEHOLD: u32 = 100;
/// Of the households below a transformer, this many have solar panels; one more in the sunny streets.
const PROSUMERS: u32 = 2;

/// What a meter stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The start of a feeder: its meter shows the sum of the transformers below.
    Feeder,
    /// A distribution transformer: its meter shows the sum of the neighbours below.
    Transformer,
    Household,
    Office,
    /// A block of flats behind one meter.
    ApartmentBlock,
}

impl Kind {
    /// The type of its meter.
    pub const fn meter_type(self) -> &'static str {
        match self {
            Self::Feeder => "Feeder",
            Self::Transformer => "Transformer",
            Self::Household => "Household",
            Self::Office | Self::ApartmentBlock => "Building",
        }
    }
}

/// What draws and makes energy behind a meter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    pub name: String,
    /// Whether it also makes energy.
    pub kind: ResourceType,
    /// Its appliances; of several alike each is there.
    pub appliances: Vec<&'static str>,
}

/// A meter of the neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub number: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is, as people say it.
    pub address: String,
    /// The part of the city.
    pub area: &'static str,
    /// Its postal code.
    pub pincode: &'static str,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Number of the meter above it.
    pub parent: Option<String>,
    /// What stands behind it; nothing behind a feeder or a transformer.
    pub resource: Option<Resource>,
    /// Whether it chose the tariff by the time of day.
    pub has_time_of_use: bool,
}

/// The meters, parents first.
pub fn members() -> Vec<Member> {
    let mut members = Vec::new();
    let mut household = FIRST_HOUSEHOLD;
    for feeder in &FEEDERS {
        members.push(feeder.member());
        for transformer in feeder.transformers {
            members.push(transformer.member(feeder));
            for place in 0..transformer.households {
                household += 1;
                members.push(neighbour(feeder, transformer, place, household));
            }
            members.extend(transformer.business.iter().map(|business| {
                let (kind, number, name, house) = *business;
                let appliances = appliances::of_business(kind);
                let resource =
                    Resource { name: name.to_owned(), kind: ResourceType::Consumer, appliances };
                Member {
                    resource: Some(resource),
                    has_time_of_use: kind == Kind::Office,
                    ..transformer.at(feeder, kind, number.to_owned(), house)
                }
            }));
        }
    }
    members
}

fn neighbour(feeder: &Feeder, transformer: &Transformer, place: u32, household: u32) -> Member {
    let noise = Noise::new(SEED).stream(household.into());
    let number = format!("HH-{household:04}");
    let is_prosumer = place % 3 == 1 && place / 3 < PROSUMERS + u32::from(transformer.is_sunny);
    let house = transformer.first_house + 4 * place + u32::from(noise.uniform(0) < 0.5);
    let appliances = appliances::of_household(noise, is_prosumer);
    let kind = if is_prosumer { ResourceType::Prosumer } else { ResourceType::Consumer };
    let has_time_of_use = appliances.contains(&"EV Charger") || noise.uniform(1) < 0.1;
    Member {
        resource: Some(Resource {
            name: format!("{house} {}", transformer.street),
            kind,
            appliances,
        }),
        has_time_of_use,
        ..transformer.at(feeder, Kind::Household, number, house)
    }
}
