//! The selected meter, beside the tree of all.

use crate::language::{Text, tell};

pub use super::meters::{LOSS, POWER};

pub const NOW: Text = Text("Now and the last 24 hours", "Jetzt und die letzten 24 Stunden");
pub const OPEN: Text = Text("Open meter", "Zähler öffnen");
pub const CLOSE: Text = Text("Close", "Schließen");

pub fn facts(number: &str, kind: &str, level: i16, parent: Option<&str>) -> String {
    let own = tell!("{number}, {kind}, level {level}", "{number}, {kind}, Ebene {level}");
    match parent {
        Some(name) => own + &tell!(", under {name}", ", unter {name}"),
        None => own,
    }
}

pub fn accuracy(class: f64) -> String {
    tell!(", class {class:?}", ", Klasse {class:?}")
}

pub fn meters_below(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => tell!(", 1 meter below", ", 1 Zähler darunter"),
        _ => tell!(", {count} meters below", ", {count} Zähler darunter"),
    }
}

pub const NOTHING: Text = Text("Nothing selected", "Nichts gewählt");
pub fn no_meter(asked: &str) -> String {
    tell!("There is no such meter as {asked} here.", "Den Zähler {asked} gibt es hier nicht.")
}

pub const NOTHING_HELP: Text = Text(
    "Select a meter to see its balance, its phases and its last 24 hours.",
    "Wählen Sie einen Zähler, um Bilanz, Phasen und die letzten 24 Stunden zu sehen.",
);
pub const KEYS: Text = Text("Keys", "Tasten");
pub const KEY_LINES: [(&str, Text); 6] = [
    (
        "\u{2191} \u{2193}",
        Text("select the meter above or below", "den Zähler darüber oder darunter wählen"),
    ),
    (
        "\u{2192} \u{2190}",
        Text(
            "open or fold it, or go to its child or parent",
            "öffnen oder schließen, sonst eine Ebene hinab oder hinauf",
        ),
    ),
    ("Home End", Text("go to the first or last row", "zur ersten oder letzten Zeile")),
    ("Enter", Text("open the meter", "den Zähler öffnen")),
    ("Esc", Text("clear the selection", "die Auswahl aufheben")),
    ("/", Text("find a meter", "einen Zähler suchen")),
];
pub const LEGEND_NOTE: Text = Text(
    "Grey loss: within error. Dashed badge: share of the period that was read.",
    "Grauer Verlust: innerhalb des Messfehlers. Gestrichelt: gelesener Anteil des Zeitraums.",
);

pub fn balance_in(kw: &str, children: usize) -> String {
    match children {
        1 => tell!("In {kw} kW; 1 meter below", "Bezug {kw} kW; 1 Zähler darunter"),
        _ => tell!(
            "In {kw} kW; {children} meters below",
            "Bezug {kw} kW; {children} Zähler darunter"
        ),
    }
}

pub fn balance_loss(kw: &str, percent: Option<&str>) -> String {
    let share = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
    tell!("Loss {kw} kW{share}", "Verlust {kw} kW{share}")
}

pub fn error_band(kw: &str) -> String {
    tell!("error ± {kw} kW", "Messfehler ± {kw} kW")
}

pub const NO_BALANCE: Text =
    Text("No balance: a meter is silent", "Keine Bilanz: ein Zähler schweigt");

pub const LOSS_LINE: Text =
    Text("Loss, 24 h, kW with error band", "Verlust, 24 h, kW mit Messfehler");
pub const POWER_LINE: Text =
    Text("Power, 24 h, kW, quarter-hour means", "Leistung, 24 h, kW, Mittel der Viertelstunden");
pub const NO_LINE: Text = Text(
    "Nothing is known of the last 24 hours.",
    "Von den letzten 24 Stunden ist nichts bekannt.",
);
pub const TIME: Text = Text("Time", "Zeit");
pub const LOSS_KW: Text = Text("Loss, kW", "Verlust, kW");
pub const ERROR_KW: Text = Text("Error, kW", "Messfehler, kW");
pub const POWER_KW: Text = Text("Power, kW", "Leistung, kW");

pub fn loss_label(name: &str) -> String {
    tell!(
        "Loss at {name} over the last 24 hours, with its error band",
        "Verlust bei {name} in den letzten 24 Stunden mit Messfehler"
    )
}

pub fn power_label(name: &str) -> String {
    tell!("Power of {name} over the last 24 hours", "Leistung von {name} in den letzten 24 Stunden")
}

pub fn step(kw: &str, at: &str) -> String {
    tell!("step of {kw} kW at {at}", "Sprung um {kw} kW um {at}")
}

pub fn now(quality: &str, age: &str) -> String {
    tell!("Now, quality {quality}, age {age}", "Jetzt, Qualität {quality}, Alter {age}")
}

pub const NO_VALUES: Text =
    Text("No reading has arrived yet.", "Es ist noch keine Ablesung eingegangen.");
pub const CHANNEL: Text = Text("Channel", "Größe");
pub const TOTAL: Text = Text("Total", "Gesamt");
pub const VOLTAGE: Text = Text("Voltage", "Spannung");
pub const CURRENT: Text = Text("Current", "Strom");
pub const FACTOR: Text = Text("Power factor", "Leistungsfaktor");
