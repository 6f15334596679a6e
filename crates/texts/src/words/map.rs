//! The map of the grid.

use domain::grid::view::map::Spare;

use crate::language::{Text, tell};

pub const MAP: Text = Text("Map of transformers", "Karte der Transformatoren");
pub const HELP: Text = Text(
    "Arrow keys move the map, plus and minus zoom, Enter checks the place in its middle. The \
     form and the list beside the map say the same.",
    "Pfeiltasten bewegen die Karte, Plus und Minus zoomen, Enter prüft den Ort in ihrer Mitte. \
     Formular und Liste neben der Karte sagen dasselbe.",
);
pub const CREDIT: Text = Text(
    "Outlines: DataSF, Planning Neighborhoods (ODC PDDL). Map: Leaflet",
    "Umrisse: DataSF, Planning Neighborhoods (ODC PDDL). Karte: Leaflet",
);
pub const SPARE: Text = Text("Spare consumption, kW", "Freier Verbrauch, kW");
pub const CLUSTER: Text =
    Text("cluster, ring: share with 24 kW spare", "Gruppe, Ring: Anteil mit 24 kW frei");
pub const NEAR: Text = Text("500 m", "500 m");
pub const CHECK_HERE: Text = Text("Check here", "Hier prüfen");

pub const fn spare(spare: Spare) -> Text {
    match spare {
        Spare::Much => Text("40 and more", "40 und mehr"),
        Spare::Good => Text("24 to 40", "24 bis 40"),
        Spare::Some => Text("8 to 24", "8 bis 24"),
        Spare::Little => Text("under 8", "unter 8"),
    }
}

pub fn capacity(kva: f64) -> String {
    format!("{kva} kVA")
}

pub fn spare_kw(consumption: f64, production: f64) -> String {
    let (consumption, production) =
        (crate::figures::fixed(consumption, 1), crate::figures::fixed(production, 1));
    tell!(
        "Spare {consumption} kW, solar {production} kW",
        "Frei {consumption} kW, Solar {production} kW"
    )
}
