//! The page of all meters.

use crate::language::{Text, tell};
use crate::words::labels;

pub use crate::words::labels::{LOSS, METER, STATE};

pub const TITLE: Text = Text("Meters", "Zähler");
pub const PANE: Text = Text("Figure of the meters", "Darstellung der Zähler");
pub const TREE: Text =
    Text("Meters, from the grid to the machines", "Zähler, vom Netz bis zu den Maschinen");

pub fn counts(meters: usize, levels: usize, rows: usize) -> String {
    let meters = labels::meters(meters);
    let levels = match levels {
        1 => tell!("1 level", "1 Ebene"),
        _ => tell!("{levels} levels", "{levels} Ebenen"),
    };
    tell!("{meters}, {levels}, {rows} rows shown", "{meters}, {levels}, {rows} Zeilen")
}

pub const FILTER: Text = Text("Filter", "Filtern");
pub const FILTER_LABEL: Text = Text("Filter by name or number", "Nach Name oder Nummer filtern");
pub const EXPAND: Text = Text("Expand all", "Alle öffnen");
pub const FOLD: Text = Text("Fold all", "Alle schließen");
pub const TO_PANE: Text = Text("Flow, heat map, plan", "Fluss, Heatmap, Plan");
pub const MEASURE: Text = Text("What is shown", "Was gezeigt wird");
pub const MEASURES: [(&str, Text); 3] = [
    ("", Text("Energy", "Energie")),
    ("cost", Text("Cost", "Kosten")),
    ("co2", Text("CO\u{2082}", "CO\u{2082}")),
];

pub fn no_match(filter: &str) -> String {
    tell!(
        "No meter has \u{201c}{filter}\u{201d} in its name or number.",
        "Kein Zähler hat \u{201e}{filter}\u{201c} in Name oder Nummer."
    )
}

pub const POWER: Text = Text("Power now", "Leistung jetzt");
pub const DAY: Text = Text("24 h", "24 h");
pub const FEEDS_PARENT: Text = Text("feeds parent", "speist ein");

/// What stands in a badge, by its class.
pub fn badge(class: &str, text: &str) -> String {
    match class {
        "badge badge-warn" => tell!("check direction", "Richtung prüfen"),
        "badge badge-unplaced" => tell!("not placed", "nicht eingeordnet"),
        "badge badge-repeat" => tell!("counts in others", "in anderen enthalten"),
        "badge badge-change" => format!("{text} %"),
        "badge badge-gap" => tell!("{text} % read", "{text} % gelesen"),
        _ => text.to_owned(),
    }
}

pub fn loss_error(kwh: &str) -> String {
    tell!("error ± {kwh} kWh", "Messfehler ± {kwh} kWh")
}

pub fn troubled_below(count: usize) -> String {
    tell!("{count} below need attention", "{count} darunter auffällig")
}

pub const DETAIL: Text = Text("Selected meter", "Gewählter Zähler");
