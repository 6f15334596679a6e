//! The page of one meter.

use crate::language::{Text, tell};

pub(crate) const PAGE: Text = Text("The meter", "Der Zähler");
pub(crate) const NO_METER: Text = Text("There is no such meter", "Diesen Zähler gibt es nicht");
pub(crate) const TAKEN_AWAY: Text = Text(
    "This meter was taken away. What you see was its last state.",
    "Dieser Zähler wurde entfernt. Sie sehen seinen letzten Zustand.",
);
pub(crate) const PATH: Text = Text("Above it", "Darüber");

pub(crate) fn accuracy(class: Option<f64>) -> String {
    class.map_or_else(
        || tell!("class unknown, 1.0 assumed", "Klasse unbekannt, 1,0 angenommen"),
        |class| tell!("class {class:?}", "Klasse {class:?}"),
    )
}

pub(crate) fn phases(written: &str) -> String {
    match written {
        "1-Ph" => tell!("single-phase", "einphasig"),
        "3-Ph" => tell!("three-phase", "dreiphasig"),
        other => other.to_lowercase(),
    }
}

pub(crate) fn rated(kw: &str) -> String {
    tell!("rated {kw} kW", "Nennleistung {kw} kW")
}

pub(crate) fn polled(protocol: &str, address: &str, seconds: &str) -> String {
    tell!("{protocol} {address}, every {seconds} s", "{protocol} {address}, alle {seconds} s")
}

pub(crate) const NO_CONNECTION: Text = Text("fed by the API or SQL", "von API oder SQL gespeist");

pub(crate) const TODAY: Text = Text("today", "heute");
pub(crate) const COST: Text = Text("cost today", "Kosten heute");

pub(crate) fn share(parent: &str) -> String {
    tell!("of {parent} today", "von {parent} heute")
}

pub(crate) fn now(state: &str, age: &str) -> String {
    tell!("now, {state}, {age}", "jetzt, {state}, {age}")
}

pub(crate) const POWER: Text = Text("Active power", "Wirkleistung");

pub(crate) fn power_note(step_minutes: &str) -> String {
    tell!(
        "kW, last 24 h, mean of {step_minutes} min with minimum and maximum",
        "kW, letzte 24 h, Mittel über {step_minutes} min mit Minimum und Maximum"
    )
}

pub(crate) fn power_label(name: &str, kw: &str) -> String {
    tell!(
        "Active power of {name} over the last 24 hours, {kw} kW now",
        "Wirkleistung von {name} in den letzten 24 Stunden, jetzt {kw} kW"
    )
}

pub(crate) fn end_value(kw: &str, at: &str) -> String {
    tell!("{kw} kW at {at}", "{kw} kW um {at}")
}

pub(crate) fn probe(at: &str, mean: &str, min: &str, max: &str) -> String {
    tell!("{at} {mean} kW, {min} to {max} kW", "{at} {mean} kW, {min} bis {max} kW")
}

pub(crate) fn gap(duration: &str) -> String {
    tell!("no readings {duration}", "keine Ablesungen {duration}")
}

pub(crate) fn coverage(readings: &str, points: usize, percent: &str) -> String {
    tell!(
        "{readings} readings reduced to {points} points; {percent} % of 24 h covered",
        "{readings} Ablesungen auf {points} Punkte verdichtet; {percent} % von 24 h abgedeckt"
    )
}

pub(crate) const NO_POWER: Text = Text(
    "No power was read in the last 24 hours.",
    "In den letzten 24 Stunden wurde keine Leistung abgelesen.",
);

pub(crate) const LIVE: Text = Text("Live", "Live");
pub(crate) const CHANNEL: Text = Text("Channel", "Kanal");
pub(crate) const TOTAL: Text = Text("Total", "Gesamt");
pub(crate) const QUALITY: Text = Text("Quality", "Güte");
pub(crate) const AGE: Text = Text("Age", "Alter");
pub(crate) const NO_VALUES: Text =
    Text("No reading has arrived yet.", "Noch ist keine Ablesung angekommen.");

pub(crate) fn newest(at: &str) -> String {
    tell!("newest reading, {at}", "neueste Ablesung, {at}")
}

pub(crate) const CONNECTION: Text = Text("Connection", "Verbindung");
pub(crate) const STATE: Text = Text("State", "Zustand");
pub(crate) const REASON: Text = Text("Reason", "Grund");
pub(crate) const PROTOCOL: Text = Text("Protocol", "Protokoll");
pub(crate) const ADDRESS: Text = Text("Address", "Adresse");
pub(crate) const POLL: Text = Text("Poll interval", "Abfrageintervall");
pub(crate) const NUMBER: Text = Text("Number", "Nummer");
pub(crate) const TYPE: Text = Text("Type", "Art");
pub(crate) const LOCATION: Text = Text("Location", "Ort");
pub(crate) const AREA: Text = Text("Area", "Bereich");
pub(crate) const NO_CONNECTION_HELP: Text = Text(
    "No device feeds this meter: readings come by the API or by SQL.",
    "Kein Gerät speist diesen Zähler: Ablesungen kommen über die API oder SQL.",
);

pub(crate) const TABS: Text = Text("Views of the meter", "Ansichten des Zählers");
pub(crate) const TAB_PATHS: [(Text, &str); 5] = [
    (Text("Period", "Zeitraum"), ""),
    (Text("Registers", "Zählwerke"), "/registers"),
    (Text("Corrections", "Korrekturen"), "/corrections"),
    (Text("Children", "Darunter"), "/children"),
    (Text("Raw rows", "Rohdaten"), "/raw"),
];

pub(crate) mod channel {
    //! Names of channels.

    use crate::language::Text;

    pub(crate) const VOLTAGE: Text = Text("Voltage L\u{2013}N", "Spannung L\u{2013}N");
    pub(crate) const VOLTAGE_LINE: Text = Text("Voltage L12 L23 L31", "Spannung L12 L23 L31");
    pub(crate) const CURRENT: Text = Text("Current", "Strom");
    pub(crate) const ACTIVE: Text = Text("Active power", "Wirkleistung");
    pub(crate) const REACTIVE: Text = Text("Reactive power", "Blindleistung");
    pub(crate) const APPARENT: Text = Text("Apparent power", "Scheinleistung");
    pub(crate) const FACTOR: Text = Text("Power factor", "Leistungsfaktor");
    pub(crate) const FREQUENCY: Text = Text("Frequency", "Frequenz");
    pub(crate) const ROCOF: Text = Text("RoCoF", "RoCoF");
    pub(crate) const TOTAL: Text = Text("Total register", "Gesamtzählwerk");
    pub(crate) const IMPORT: Text = Text("Import register", "Bezugszählwerk");
    pub(crate) const EXPORT: Text = Text("Export register", "Lieferzählwerk");
    pub(crate) const REACTIVE_IMPORT: Text =
        Text("Reactive import register", "Blindzählwerk Bezug");
    pub(crate) const REACTIVE_EXPORT: Text =
        Text("Reactive export register", "Blindzählwerk Lieferung");
    pub(crate) const DIESEL: Text = Text("Diesel", "Diesel");
    pub(crate) const RUNTIME: Text = Text("Running hours", "Betriebsstunden");
}
