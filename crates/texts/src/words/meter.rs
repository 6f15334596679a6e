//! The page of one meter.

use crate::language::{Text, tell};

pub use crate::words::labels::{
    ADDRESS, AGE, AREA, CHANNEL, NUMBER, POLL, QUALITY, REASON, STATE, TODAY, TYPE,
};

pub const PATH: Text = Text("Above it", "Darüber");

pub fn accuracy(class: Option<f64>) -> String {
    class.map_or_else(
        || tell!("class unknown, 1.0 assumed", "Klasse unbekannt, 1,0 angenommen"),
        |class| tell!("class {class:?}", "Klasse {class:?}"),
    )
}

pub fn phases(written: &str) -> String {
    match written {
        "1-Ph" => tell!("single-phase", "einphasig"),
        "3-Ph" => tell!("three-phase", "dreiphasig"),
        other => other.to_lowercase(),
    }
}

pub fn rated(kw: &str) -> String {
    tell!("rated {kw} kW", "Nennleistung {kw} kW")
}

pub fn polled(protocol: &str, address: &str, seconds: &str) -> String {
    tell!("{protocol} {address}, every {seconds} s", "{protocol} {address}, alle {seconds} s")
}

pub const NO_CONNECTION: Text = Text("fed by the API or SQL", "von API oder SQL gespeist");

pub const REPORTED: Text = Text("Reported by the meter", "Vom Zähler gemeldet");
pub const TAMPER: Text = Text("tampering", "Manipulation");
pub const ERROR: Text = Text("error", "Fehler");

pub const COST: Text = Text("cost today", "Kosten heute");

pub fn today_returned(kwh: &str) -> String {
    tell!("today, {kwh} kWh returned", "heute, {kwh} kWh zurückgeliefert")
}

pub fn share(parent: &str) -> String {
    tell!("of {parent} today", "von {parent} heute")
}

pub fn now(state: &str, age: &str) -> String {
    tell!("now, {state}, {age}", "jetzt, {state}, {age}")
}

pub const POWER: Text = Text("Active power", "Wirkleistung");
pub const MEAN: Text = Text("Mean", "Mittel");
pub const MINIMUM: Text = Text("Minimum", "Minimum");
pub const MAXIMUM: Text = Text("Maximum", "Maximum");

pub fn power_note(step_minutes: &str) -> String {
    tell!(
        "kW, last 24 h, mean of {step_minutes} min with minimum and maximum",
        "kW, letzte 24 h, Mittel über {step_minutes} min mit Minimum und Maximum"
    )
}

pub fn power_label(name: &str, kw: &str) -> String {
    tell!(
        "Active power of {name} over the last 24 hours, {kw} kW now",
        "Wirkleistung von {name} in den letzten 24 Stunden, jetzt {kw} kW"
    )
}

pub fn end_value(kw: &str, at: &str) -> String {
    tell!("{kw} kW at {at}", "{kw} kW um {at}")
}

pub fn probe(at: &str, mean: &str, min: &str, max: &str) -> String {
    tell!("{at} {mean} kW, {min} to {max} kW", "{at} {mean} kW, {min} bis {max} kW")
}

pub fn gap(duration: &str) -> String {
    tell!("no readings {duration}", "keine Ablesungen {duration}")
}

pub fn coverage(readings: &str, points: usize, percent: &str) -> String {
    tell!(
        "{readings} readings reduced to {points} points; {percent} % of 24 h covered",
        "{readings} Ablesungen auf {points} Punkte verdichtet; {percent} % von 24 h abgedeckt"
    )
}

pub const NO_POWER: Text = Text(
    "No power was read in the last 24 hours.",
    "In den letzten 24 Stunden wurde keine Leistung abgelesen.",
);

pub const LIVE: Text = Text("Live", "Live");
pub const TOTAL: Text = Text("Total", "Gesamt");
pub const NO_VALUES: Text =
    Text("No reading has arrived yet.", "Noch ist keine Ablesung angekommen.");

pub fn newest(at: &str) -> String {
    tell!("newest reading, {at}", "neueste Ablesung, {at}")
}

pub const CONNECTION: Text = Text("Connection", "Verbindung");
pub const PROTOCOL: Text = Text("Protocol", "Protokoll");
pub const LOCATION: Text = Text("Location", "Ort");
pub const NO_CONNECTION_HELP: Text = Text(
    "No device feeds this meter: readings come by the API or by SQL.",
    "Kein Gerät speist diesen Zähler: Ablesungen kommen über die API oder SQL.",
);

pub const TABS: Text = Text("Views of the meter", "Ansichten des Zählers");
pub const TAB_PATHS: [(Text, &str); 5] = [
    (Text("Period", "Zeitraum"), ""),
    (Text("Registers", "Zählwerke"), "/registers"),
    (Text("Corrections", "Korrekturen"), "/corrections"),
    (Text("Children", "Darunter"), "/children"),
    (Text("Raw rows", "Rohdaten"), "/raw"),
];

pub mod deletion {
    //! Deleting a meter.

    use crate::language::{Text, tell};

    pub const DELETE: Text = Text("Delete this meter …", "Diesen Zähler löschen …");
    pub const BACK: Text = Text("Back to the meter", "Zurück zum Zähler");

    pub fn title(meter: &str) -> String {
        tell!("Delete {meter}", "{meter} löschen")
    }

    pub fn type_name(meter: &str) -> String {
        tell!("Type its name to confirm: {meter}", "Zur Bestätigung seinen Namen eingeben: {meter}")
    }

    pub const DELETE_NOW: Text = Text("Delete it for good", "Endgültig löschen");

    pub fn lost(meter: &str) -> String {
        tell!(
            "{meter} is deleted with its energy, corrections, alarms and draft bills. Nobody can undo this.",
            "{meter} wird mit Energie, Korrekturen, Alarmen und Rechnungsentwürfen gelöscht. Niemand kann \
             das rückgängig machen."
        )
    }

    pub fn readings(first: &str, last: &str) -> String {
        tell!(
            "Its readings of {first} to {last} are lost.",
            "Seine Ablesungen vom {first} bis {last} gehen verloren."
        )
    }

    pub fn becomes_loss(node: &str) -> String {
        tell!(
            "What it measured counts as loss of {node} from then on, in the past too.",
            "Was er gemessen hat, zählt dann als Verlust von {node}, auch in der Vergangenheit."
        )
    }

    /// The same of a meter that delivers to the node.
    pub fn is_missing(node: &str) -> String {
        tell!(
            "What it delivered is missing in the balance of {node} from then on, in the past too.",
            "Was er geliefert hat, fehlt dann in der Bilanz von {node}, auch in der Vergangenheit."
        )
    }

    pub const RETIRE_INSTEAD: Text = Text(
        "If it measured rightly, take it out of service instead: its history stays.",
        "Hat er richtig gemessen, legen Sie ihn stattdessen still: Seine Geschichte bleibt.",
    );
    pub const TO_SETTINGS: Text = Text("To its settings", "Zu seinen Einstellungen");

    pub const NO_READINGS: Text = Text("It was never read.", "Er wurde nie abgelesen.");
    pub const DEVICE: Text = Text(
        "The device that reads it stops and goes with it.",
        "Das Gerät, das ihn abliest, hält an und geht mit ihm.",
    );

    pub fn deleted(meter: &str) -> String {
        tell!("{meter} is deleted.", "{meter} ist gelöscht.")
    }
}

pub mod channel {
    //! Names of channels.

    use crate::language::Text;

    pub const VOLTAGE: Text = Text("Voltage L\u{2013}N", "Spannung L\u{2013}N");
    pub const VOLTAGE_LINE: Text = Text("Voltage L12 L23 L31", "Spannung L12 L23 L31");
    pub const CURRENT: Text = Text("Current", "Strom");
    pub const ACTIVE: Text = Text("Active power", "Wirkleistung");
    pub const REACTIVE: Text = Text("Reactive power", "Blindleistung");
    pub const APPARENT: Text = Text("Apparent power", "Scheinleistung");
    pub const FACTOR: Text = Text("Power factor", "Leistungsfaktor");
    pub const FREQUENCY: Text = Text("Frequency", "Frequenz");
    pub const ROCOF: Text = Text("RoCoF", "RoCoF");
    pub const TOTAL: Text = Text("Total register", "Gesamtzählwerk");
    pub const IMPORT: Text = Text("Import register", "Bezugszählwerk");
    pub const EXPORT: Text = Text("Export register", "Lieferzählwerk");
    pub const REACTIVE_IMPORT: Text = Text("Reactive import register", "Blindzählwerk Bezug");
    pub const REACTIVE_EXPORT: Text = Text("Reactive export register", "Blindzählwerk Lieferung");
    pub const DIESEL: Text = Text("Diesel", "Diesel");
    pub const RUNTIME: Text = Text("Running hours", "Betriebsstunden");
}
