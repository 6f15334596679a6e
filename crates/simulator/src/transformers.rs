//! Transformers of San Francisco as they might be: spread over its neighbourhoods, mostly pole types,
//! some of them nearly full. The same seed gives the same set.

mod land;

use domain::grid::feasibility::{Loading, Place, Power};

use crate::plant::noise::Noise;
use land::Land;

/// Transformers of the demonstration.
pub const DEMO: usize = 2_000;
/// Their seed.
pub const SEED: u64 = 37_774;

/// Rated capacity in kVA, and how many of a thousand have it. Up to 167 kVA they hang on poles; the
/// larger ones stand on pads or in vaults.
const CLASSES: [(f64, u32); 9] = [
    (25.0, 210),
    (37.5, 160),
    (50.0, 270),
    (75.0, 140),
    (100.0, 100),
    (167.0, 50),
    (250.0, 30),
    (333.0, 20),
    (500.0, 20),
];

/// Connected load is this share of what may be connected.
const LEAST_LOAD: f64 = 0.20;
const MOST_LOAD: f64 = 0.95;
/// Connected generation is at most this share of what may be connected; most have far less.
const MOST_PRODUCTION: f64 = 0.95;

/// A transformer.
#[derive(Debug, Clone, PartialEq)]
pub struct Transformer {
    /// Its label: TX-0001 and so on.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What it carries, and what is connected.
    pub loading: Loading,
}

/// The first `count` transformers of a seed.
pub fn transformers(seed: u64, count: usize) -> impl Iterator<Item = Transformer> {
    let land = Land::of_san_francisco();
    (1..=count).map(move |number| {
        let noise = Noise::new(seed).stream(number as u64);
        Transformer {
            name: format!("TX-{number:04}"),
            place: land.place(noise.stream(0)),
            loading: loading(noise),
        }
    })
}

fn loading(noise: Noise) -> Loading {
    let capacity = class(noise.uniform(0));
    let load = LEAST_LOAD + (MOST_LOAD - LEAST_LOAD) * noise.uniform(1);
    let production = MOST_PRODUCTION * noise.uniform(2).powi(3);
    Loading {
        capacity: tenths(capacity),
        consumption: tenths(0.8 * capacity * load),
        production: tenths(0.3 * capacity * production),
    }
}

fn class(at: f64) -> f64 {
    let mut thousandths = 0;
    for (capacity, share) in CLASSES {
        thousandths += share;
        if at * 1000.0 < f64::from(thousandths) {
            return capacity;
        }
    }
    CLASSES[0].0
}

/// Rounded to 0.1 kW.
fn tenths(kilo: f64) -> Power {
    Power::new((kilo * 10.0).round() / 10.0).unwrap_or(Power::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_of_a_seed_is_always_the_same_and_begins_every_larger_one() {
        let few: Vec<_> = transformers(7, 50).collect();
        assert_eq!(transformers(7, 500).take(50).collect::<Vec<_>>(), few);
        assert_ne!(transformers(8, 50).collect::<Vec<_>>(), few);
        assert_eq!(few[0].name, "TX-0001");
    }

    #[test]
    fn loads_lie_between_a_fifth_and_nineteen_twentieths_of_the_limit() {
        for transformer in transformers(SEED, DEMO) {
            let loading = transformer.loading;
            let share = loading.consumption.kilo() / loading.consumption_limit();
            assert!((0.19..=0.96).contains(&share), "{transformer:?}");
            assert!(loading.spare_production() > 0.0, "{transformer:?}");
            assert!((25.0..=500.0).contains(&loading.capacity.kilo()));
        }
    }

    #[test]
    fn most_hang_on_poles() {
        let poles = transformers(SEED, DEMO).filter(|tx| tx.loading.capacity.kilo() <= 167.0);
        assert!((1_800..=1_900).contains(&poles.count()));
    }

    #[test]
    fn they_stand_on_land_all_over_the_city() {
        let land = Land::of_san_francisco();
        let all: Vec<_> = transformers(SEED, DEMO).collect();
        assert!(all.iter().all(|transformer| land.holds(transformer.place)));
        // A point in the bay, one in the ocean, and one in the Mission.
        let at = |latitude, longitude| Place { latitude, longitude };
        assert!(!land.holds(at(37.80, -122.34)) && !land.holds(at(37.76, -122.53)));
        assert!(land.holds(at(37.7599, -122.4148)));
        let near = |place: Place, radius| {
            all.iter().filter(|transformer| transformer.place.distance_m(place) < radius).count()
        };
        assert!(near(at(37.7599, -122.4148), 500.0) > 5, "the Mission");
        assert!(near(at(37.7530, -122.4900), 500.0) > 5, "the Sunset");
    }
}
