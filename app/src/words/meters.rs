//! The page of all meters.

use crate::language::{Text, tell};

pub(crate) const TITLE: Text = Text("Meters", "Zähler");
pub(crate) const PAGE: Text = Text("The meters", "Die Zähler");
pub(crate) const PANE: Text = Text("Figure of the meters", "Darstellung der Zähler");
pub(crate) const TREE: Text =
    Text("Meters, from the grid to the machines", "Zähler, vom Netz bis zu den Maschinen");

pub(crate) fn counts(meters: usize, levels: usize, rows: usize) -> String {
    let meters = super::frame::plant(meters);
    let levels = match levels {
        1 => tell!("1 level", "1 Ebene"),
        _ => tell!("{levels} levels", "{levels} Ebenen"),
    };
    tell!("{meters}, {levels}, {rows} rows shown", "{meters}, {levels}, {rows} Zeilen")
}

pub(crate) const FILTER: Text = Text("Filter", "Filtern");
pub(crate) const FILTER_LABEL: Text =
    Text("Filter by name or number", "Nach Name oder Nummer filtern");
pub(crate) const EXPAND: Text = Text("Expand all", "Alle öffnen");
pub(crate) const FOLD: Text = Text("Fold all", "Alle schließen");
pub(crate) const TO_PANE: Text = Text("Flow, heat map, plan", "Fluss, Heatmap, Plan");
pub(crate) const MEASURE: Text = Text("What is shown", "Was gezeigt wird");
pub(crate) const MEASURES: [(&str, Text); 3] = [
    ("", Text("Energy", "Energie")),
    ("cost", Text("Cost", "Kosten")),
    ("co2", Text("CO\u{2082}", "CO\u{2082}")),
];

pub(crate) fn no_match(filter: &str) -> String {
    tell!(
        "No meter has \u{201c}{filter}\u{201d} in its name or number.",
        "Kein Zähler hat \u{201e}{filter}\u{201c} in Name oder Nummer."
    )
}

pub(crate) const METER: Text = Text("Meter", "Zähler");
pub(crate) const POWER: Text = Text("Power", "Leistung");
pub(crate) const LOSS: Text = Text("Loss", "Verlust");
pub(crate) const DAY: Text = Text("24 h", "24 h");
pub(crate) const STATE: Text = Text("State", "Zustand");
pub(crate) const FEEDS_PARENT: Text = Text("feeds parent", "speist ein");

/// What stands in a badge, by its class.
pub(crate) fn badge(class: &str, text: &str) -> String {
    match class {
        "badge badge-warn" => tell!("check direction", "Richtung prüfen"),
        "badge badge-gap" => tell!("{text} % read", "{text} % gelesen"),
        _ => text.to_owned(),
    }
}

pub(crate) fn loss_error(kwh: &str) -> String {
    tell!("error ± {kwh} kWh", "Messfehler ± {kwh} kWh")
}

pub(crate) fn troubled_below(count: usize) -> String {
    tell!("{count} below need attention", "{count} darunter auffällig")
}

pub(crate) const DETAIL: Text = Text("Selected meter", "Gewählter Zähler");
