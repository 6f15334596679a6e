//! The selected meter, beside the tree of all.

use crate::language::{Text, tell};

pub(crate) use super::meters::{LOSS, POWER};

pub(crate) const OPEN: Text = Text("Open meter", "Zähler öffnen");
pub(crate) const CLOSE: Text = Text("Close", "Schließen");

pub(crate) fn facts(number: &str, kind: &str, level: i16, parent: Option<&str>) -> String {
    let own = tell!("{number}, {kind}, level {level}", "{number}, {kind}, Ebene {level}");
    match parent {
        Some(name) => own + &tell!(", under {name}", ", unter {name}"),
        None => own,
    }
}

pub(crate) fn accuracy(class: f64) -> String {
    tell!(", class {class:?}", ", Klasse {class:?}")
}

pub(crate) fn meters_below(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => tell!(", 1 meter below", ", 1 Zähler darunter"),
        _ => tell!(", {count} meters below", ", {count} Zähler darunter"),
    }
}

pub(crate) const NOTHING: Text = Text("Nothing selected", "Nichts gewählt");
pub(crate) fn no_meter(asked: &str) -> String {
    tell!("There is no such meter as {asked} here.", "Den Zähler {asked} gibt es hier nicht.")
}

pub(crate) const NOTHING_HELP: Text = Text(
    "Select a meter to see its balance, its phases and its last 24 hours.",
    "Wählen Sie einen Zähler, um Bilanz, Phasen und die letzten 24 Stunden zu sehen.",
);
pub(crate) const KEYS: Text = Text("Keys", "Tasten");
pub(crate) const KEY_LINES: [(&str, Text); 6] = [
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
pub(crate) const LEGEND_NOTE: Text = Text(
    "Grey loss: within error. Dashed badge: share of the period that was read.",
    "Grauer Verlust: innerhalb des Messfehlers. Gestrichelt: gelesener Anteil des Zeitraums.",
);

pub(crate) fn balance_in(kw: &str, children: usize) -> String {
    match children {
        1 => tell!("In {kw} kW; 1 meter below", "Bezug {kw} kW; 1 Zähler darunter"),
        _ => tell!(
            "In {kw} kW; {children} meters below",
            "Bezug {kw} kW; {children} Zähler darunter"
        ),
    }
}

pub(crate) fn balance_loss(kw: &str, percent: Option<&str>) -> String {
    match percent {
        Some(percent) => tell!("Loss {kw} kW, {percent} %", "Verlust {kw} kW, {percent} %"),
        None => tell!("Loss {kw} kW", "Verlust {kw} kW"),
    }
}

pub(crate) fn error_band(kw: &str) -> String {
    tell!("error ± {kw} kW", "Messfehler ± {kw} kW")
}

pub(crate) const NO_BALANCE: Text =
    Text("No balance: a meter is silent", "Keine Bilanz: ein Zähler schweigt");

pub(crate) const LOSS_LINE: Text =
    Text("Loss, 24 h, kW with error band", "Verlust, 24 h, kW mit Messfehler");
pub(crate) const POWER_LINE: Text =
    Text("Power, 24 h, kW, quarter-hour means", "Leistung, 24 h, kW, Mittel der Viertelstunden");
pub(crate) const NO_LINE: Text = Text(
    "Nothing is known of the last 24 hours.",
    "Von den letzten 24 Stunden ist nichts bekannt.",
);
pub(crate) const TIME: Text = Text("Time", "Zeit");
pub(crate) const LOSS_KW: Text = Text("Loss, kW", "Verlust, kW");
pub(crate) const ERROR_KW: Text = Text("Error, kW", "Messfehler, kW");
pub(crate) const POWER_KW: Text = Text("Power, kW", "Leistung, kW");

pub(crate) fn loss_label(name: &str) -> String {
    tell!(
        "Loss at {name} over the last 24 hours, with its error band",
        "Verlust bei {name} in den letzten 24 Stunden mit Messfehler"
    )
}

pub(crate) fn power_label(name: &str) -> String {
    tell!("Power of {name} over the last 24 hours", "Leistung von {name} in den letzten 24 Stunden")
}

pub(crate) fn step(kw: &str, at: &str) -> String {
    tell!("step of {kw} kW at {at}", "Sprung um {kw} kW um {at}")
}

pub(crate) fn now(quality: &str, age: &str) -> String {
    tell!("Now, quality {quality}, age {age}", "Jetzt, Qualität {quality}, Alter {age}")
}

pub(crate) const NO_VALUES: Text =
    Text("No reading has arrived yet.", "Es ist noch keine Ablesung eingegangen.");
pub(crate) const CHANNEL: Text = Text("Channel", "Größe");
pub(crate) const TOTAL: Text = Text("Total", "Gesamt");
pub(crate) const VOLTAGE: Text = Text("Voltage", "Spannung");
pub(crate) const CURRENT: Text = Text("Current", "Strom");
pub(crate) const FACTOR: Text = Text("Power factor", "Leistungsfaktor");
