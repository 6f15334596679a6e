//! The map of the grid.

use domain::view::grid::map::Spare;

pub(crate) const MAP: &str = "Map of transformers";
pub(crate) const CARD: &str = "The grid";
pub(crate) const HELP: &str = "Arrow keys move the map, plus and minus zoom, Enter checks the place \
                               in its middle. The form and the list beside the map say the same.";
pub(crate) const CREDIT: &str = "Outlines: DataSF, Planning Neighborhoods (ODC PDDL). Map: Leaflet";
pub(crate) const SPARE: &str = "Spare consumption, kW";
pub(crate) const CLUSTER: &str = "cluster, ring: share with 24 kW spare";
#[cfg(feature = "hydrate")]
pub(crate) const NEAR: &str = "500 m";
#[cfg(feature = "hydrate")]
pub(crate) const CHECK_HERE: &str = "Check here";

pub(crate) const fn spare(spare: Spare) -> &'static str {
    match spare {
        Spare::Much => "40 and more",
        Spare::Good => "24 to 40",
        Spare::Some => "8 to 24",
        Spare::Little => "under 8",
    }
}

#[cfg(feature = "hydrate")]
pub(crate) fn capacity(kva: f64) -> String {
    format!("{kva} kVA")
}

#[cfg(feature = "hydrate")]
pub(crate) fn spare_kw(consumption: f64, production: f64) -> String {
    let (consumption, production) =
        (crate::figures::fixed(consumption, 1), crate::figures::fixed(production, 1));
    format!("Spare {consumption} kW, solar {production} kW")
}
