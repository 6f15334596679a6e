//! What is asked: at places where transformers of another seed would stand.

use std::sync::OnceLock;

use domain::grid::feasibility::{FeasibilityRequest, Kind, Place, Premises};
use simulator::transformers::{Transformer, transformers};

const SEED: u64 = 4_711;
const PLACES: usize = 50_000;

/// As a household asks: 1 to 20 kW, and a third of them with 1 to 8 kW of solar panels.
pub(crate) fn check(n: usize) -> FeasibilityRequest {
    let kw = 1.0 + (n % 39) as f64 / 2.0;
    if n.is_multiple_of(3) {
        request(n, kw, Some(1.0 + (n % 15) as f64 / 2.0))
    } else {
        request(n, kw, None)
    }
}

/// What only the largest transformers could take.
pub(crate) fn large(n: usize) -> FeasibilityRequest {
    request(n, 150.0, None)
}

/// What no transformer could take.
pub(crate) fn impossible(n: usize) -> FeasibilityRequest {
    request(n, 2_000.0, None)
}

/// A small load at a place.
pub(crate) fn at((latitude, longitude): (f64, f64), kw: f64) -> FeasibilityRequest {
    FeasibilityRequest { latitude, longitude, ..request(0, kw, None) }
}

fn request(n: usize, kw: f64, production: Option<f64>) -> FeasibilityRequest {
    static ALL: OnceLock<Vec<Place>> = OnceLock::new();
    let places = || transformers(SEED, PLACES).map(|transformer| transformer.place).collect();
    let place = ALL.get_or_init(places)[n % PLACES];
    FeasibilityRequest {
        kind: if production.is_some() { Kind::Prosumer } else { Kind::Consumer },
        requested_consumption_kw: kw,
        requested_production_kw: production.unwrap_or_default(),
        latitude: place.latitude,
        longitude: place.longitude,
        service_length_m: None,
        service_r_ohm_per_km: None,
        service_x_ohm_per_km: None,
        source_voltage_pu: None,
        premises: Premises::General,
        explain: false,
    }
}

/// A generated transformer as it is stored.
pub(crate) fn stored(transformer: Transformer) -> storage::grid::transformers::New {
    let Transformer { name, place, loading } = transformer;
    storage::grid::transformers::New { name, city: "San Francisco".to_owned(), place, loading }
}
