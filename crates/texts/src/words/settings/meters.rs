//! The page of all meters.

use domain::meters::LoadRole;
use domain::meters::settings::{SETTINGS, Setting};

use super::NOT_SET;
use crate::language::{Text, tell};

pub use crate::words::labels::{ACTIONS, AREA, CHANGE, METER, NODE, OFF, ROLE, WHEN};

pub const NOTE: Text = Text(
    "Mark meters to change them together. What that does to the balances is shown before anything is stored.",
    "Markieren Sie Zähler, um sie gemeinsam zu ändern. Was das an den Bilanzen ändert, wird gezeigt, bevor etwas gespeichert wird.",
);
pub const LOCKED: Text = Text(
    "Where the meters of a simulated world hang decides what its feeders record, so their place stays as it was made. Class, area, role and accuracy can be changed.",
    "Wo die Zähler einer simulierten Welt hängen, bestimmt, was ihre Abgänge aufzeichnen; ihr Platz bleibt deshalb, wie er angelegt wurde. Art, Bereich, Rolle und Genauigkeit lassen sich ändern.",
);
pub const FIND: Text = Text("Find meters", "Zähler suchen");
pub const FIND_HINT: Text = Text("Number, name, area", "Nummer, Name, Bereich");
pub const GO: Text = Text("Filter", "Filtern");
pub const CLASS: Text = Text("Class", "Art");
pub const ABOVE: Text = Text("Meter above", "Zähler darüber");
pub const ANY: Text = Text("any", "alle");
pub const MARK: Text = Text("Mark", "Markieren");
pub const DIRECTION: Text = Text("Direction", "Richtung");
pub const FEEDS: Text = Text("feeds it", "speist ein");
pub const DRAWS: Text = Text("draws from it", "bezieht");
pub const DEVICE: Text = Text("Device", "Gerät");
pub const READ: Text = Text("read", "gelesen");
pub const NO_DEVICE: Text = Text("none", "keines");
pub const NOTHING_FOUND: Text = Text("No meter matches.", "Kein Zähler passt dazu.");

pub fn marked(number: &str) -> String {
    tell!("Mark {number}", "{number} markieren")
}

pub fn shown(shown: usize, of: usize) -> String {
    if shown == of {
        tell!("{of} meters", "{of} Zähler")
    } else {
        tell!("{shown} of {of} meters", "{shown} von {of} Zählern")
    }
}

pub const BULK: Text = Text("Change the marked ones", "Die markierten ändern");
pub const KEEP: Text = Text("as it is", "wie es ist");
pub const NO_AREA: Text = Text("take out of its area", "aus dem Bereich nehmen");
pub const TOP: Text = Text("no meter above", "kein Zähler darüber");
pub const SINCE: Text = Text("A place holds", "Ein Platz gilt");
pub const SINCE_NOW: Text = Text("from now on", "ab jetzt");
pub const SINCE_DAY: Text = Text("from a day on", "ab einem Tag");
pub const SINCE_EVER: Text = Text("always, as a correction", "schon immer, als Korrektur");
pub const DAY: Text = Text("That day", "Dieser Tag");
pub const PARENT_HINT: Text = Text("Type a number or a name", "Nummer oder Name eingeben");

// The preview
pub const REFUSED: Text = Text("This cannot be stored", "Das lässt sich nicht speichern");
pub const NO_CHANGE: Text = Text("Nothing would change.", "Nichts würde sich ändern.");
pub const STORE: Text = Text("Store it", "Speichern");

pub fn would(n: usize) -> String {
    match n {
        1 => Text("1 meter would change", "1 Zähler würde sich ändern").into(),
        _ => tell!("{n} meters would change", "{n} Zähler würden sich ändern"),
    }
}

pub const BALANCES: Text = Text("Balances of the last 24 hours", "Bilanzen der letzten 24 Stunden");
pub const BALANCES_NOTE: Text =
    Text("as if it had been so all the time", "als wäre es die ganze Zeit so gewesen");
pub const IN: Text = Text("In, kWh", "Zufluss, kWh");
pub const OUT: Text = Text("Out, kWh", "Abfluss, kWh");
pub const LOSS: Text = Text("Loss, kWh", "Verlust, kWh");
pub const BAND: Text = Text("Error ±, kWh", "Messfehler ±, kWh");
pub const VERDICT: Text = Text("Verdict", "Befund");
pub const NO_NODE: Text = Text("nothing hangs below it", "nichts hängt darunter");
pub const SAME_BALANCES: Text = Text("No balance changes.", "Keine Bilanz ändert sich.");

// The tree
pub const TREE: Text = Text("The tree", "Der Baum");
pub const TREE_NOTE: Text = Text(
    "Drag a meter onto another to hang it below that one, or use the form.",
    "Ziehen Sie einen Zähler auf einen anderen, um ihn darunter zu hängen, oder nutzen Sie das Formular.",
);
pub const TO_TOP: Text =
    Text("Drop here to hang it below none", "Hier ablegen, um ihn unter keinen zu hängen");

// One meter
pub fn change(name: &str) -> String {
    tell!("Change {name}", "{name} ändern")
}

pub const RETIRE: Text = Text("Take this meter out of service", "Diesen Zähler stilllegen");

pub fn retires(name: &str) -> String {
    tell!(
        "{name} is in no balance from now on, and its device is no longer read. If it was ever read, its history stays.",
        "{name} steht von jetzt an in keiner Bilanz, und sein Gerät wird nicht mehr gelesen. Wurde er je abgelesen, bleibt seine Geschichte."
    )
}

pub const TO_PAGE: Text = Text("Its page", "Seine Seite");

// What its energy is counted by
pub const RULES: Text = Text("How its energy is counted", "Wie seine Energie gezählt wird");
pub const RULES_NOTE: Text = Text(
    "A change holds for the past, too: what rests on it is computed again. What that alters is shown before it is stored.",
    "Eine Änderung gilt auch für Vergangenes: Was darauf beruht, wird neu berechnet. Was das ändert, wird gezeigt, bevor es gespeichert wird.",
);

/// What a setting is called, by its name in JSON.
pub(crate) fn setting(name: &str) -> Option<Text> {
    Some(match name {
        "meterNumber" => Text("Number", "Nummer"),
        "meterName" => Text("Name", "Name"),
        "meterType" => CLASS,
        "area" => AREA,
        "location" => Text("Location", "Standort"),
        "loadRole" => ROLE,
        "phaseType" => Text("Connection", "Anschluss"),
        "channelPrefix" => Text("Channels begin with", "Kanäle beginnen mit"),
        "ratedPowerKw" => Text("Rated power", "Nennleistung"),
        "accuracyClass" => Text("Accuracy class", "Genauigkeitsklasse"),
        "registerModulusKwh" => Text("Register wraps at", "Zählwerk läuft über bei"),
        "registerStepKwh" => {
            Text("Smallest rise of the register", "Kleinster Schritt des Zählwerks")
        }
        "importRegister" => Text("Register of its import", "Zählwerk seines Bezugs"),
        "dieselRegister" => Text("Fuel counter", "Kraftstoffzähler"),
        "latitude" => Text("Latitude", "Breite"),
        "longitude" => Text("Longitude", "Länge"),
        "installedAt" => Text("Measures since", "Misst seit"),
        _ => return None,
    })
}

/// The label of a setting, with its unit.
pub fn label(setting: &Setting) -> String {
    let text = self::setting(setting.name).map_or(setting.name, Text::get);
    setting.unit.map_or_else(|| text.to_owned(), |unit| format!("{text}, {unit}"))
}

/// The words that a setting takes, with what they mean; none where it takes a number.
pub fn choices(name: &str) -> Option<&'static [(&'static str, Text)]> {
    const REGISTERS: [(&str, Text); 3] = [
        ("", Text("the first that is seen", "das erste, das gesehen wird")),
        ("import", Text("import", "Bezug")),
        ("total", Text("total", "Gesamt")),
    ];
    const PHASES: [(&str, Text); 5] = [
        ("", NOT_SET),
        ("1-Ph", Text("one phase", "eine Phase")),
        ("3-Ph", Text("three phases", "drei Phasen")),
        ("Smart", Text("smart meter", "Smart Meter")),
        (
            "net-meter",
            Text("net meter: its total falls, too", "Saldozähler: sein Gesamtstand fällt auch"),
        ),
    ];
    const FUEL: [(&str, Text); 2] = [
        ("increment", Text("litres since the reading before", "Liter seit der Ablesung davor")),
        ("cumulative", Text("a counter that only rises", "ein Zähler, der nur steigt")),
    ];
    match name {
        "importRegister" => Some(&REGISTERS),
        "phaseType" => Some(&PHASES),
        "dieselRegister" => Some(&FUEL),
        _ => None,
    }
}

pub const RECOUNT: Text = Text("This alters what was counted", "Das ändert, was gezählt wurde");
pub const COUNTS_SAME: Text =
    Text("What was counted stays the same", "Was gezählt wurde, bleibt gleich");
pub const IN_PART: Text = Text(
    "Only the newest 200,000 readings were looked at; what lies before them is computed again as well.",
    "Nur die neuesten 200.000 Ablesungen wurden angesehen; was davor liegt, wird ebenso neu berechnet.",
);
pub const IN_ALL: Text = Text("In all", "Insgesamt");
pub const IMPORT: Text = Text("Import, kWh", "Bezug, kWh");
pub const EXPORT: Text = Text("Export, kWh", "Einspeisung, kWh");
pub const LITRES: Text = Text("Fuel, L", "Kraftstoff, L");

pub fn looked(from: &str, to: &str) -> String {
    tell!("Counted again from {from} to {to}.", "Neu gezählt von {from} bis {to}.")
}

pub fn days(n: usize) -> String {
    match n {
        1 => Text("1 day changes", "1 Tag ändert sich").into(),
        _ => tell!("{n} days change", "{n} Tage ändern sich"),
    }
}

pub fn bill_stays(number: &str) -> String {
    tell!(
        "bill {number} stays as it was issued",
        "Rechnung {number} bleibt, wie sie ausgestellt ist"
    )
}

pub fn frozen(first: &str, last: &str) -> String {
    if first == last {
        return tell!(
            "Days of {first} stay as they were counted: their readings are no longer kept.",
            "Tage im {first} bleiben, wie sie gezählt wurden: Ihre Ablesungen sind nicht mehr aufbewahrt."
        );
    }
    tell!(
        "Days from {first} to {last} stay as they were counted: their readings are no longer kept.",
        "Tage von {first} bis {last} bleiben, wie sie gezählt wurden: Ihre Ablesungen sind nicht mehr aufbewahrt."
    )
}

pub fn bills_stay(n: usize) -> String {
    match n {
        1 => Text(
            "1 issued bill stays as it is; credit it if its figures are others now.",
            "1 ausgestellte Rechnung bleibt, wie sie ist; stornieren Sie sie, wenn ihre Zahlen nun andere sind.",
        )
        .into(),
        _ => tell!(
            "{n} issued bills stay as they are; credit those whose figures are others now.",
            "{n} ausgestellte Rechnungen bleiben, wie sie sind; stornieren Sie die, deren Zahlen nun andere sind."
        ),
    }
}

/// A field that a change names, where people know it by another name.
pub fn field(name: &str) -> String {
    if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) {
        return label(setting);
    }
    let text = match name {
        "parentMeterId" => ABOVE,
        "feedsParent" => Text("Feeds the meter above", "Speist den Zähler darüber"),
        "enabled" => Text("Device is read", "Gerät wird gelesen"),
        "level" => Text("Level", "Ebene"),
        other => return other.to_owned(),
    };
    text.into()
}

pub const NOT_PLACED: Text = Text("not placed", "nicht eingeordnet");

pub const fn role(role: LoadRole) -> Text {
    match role {
        LoadRole::Grid => Text("grid", "Netz"),
        LoadRole::Building => Text("building", "Gebäude"),
        LoadRole::Solar => Text("solar", "Solar"),
        LoadRole::Zone => Text("zone", "Zone"),
        LoadRole::None => Text("none", "keine"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_label() {
        let silent: Vec<_> = SETTINGS.iter().filter(|it| setting(it.name).is_none()).collect();
        assert!(silent.is_empty(), "{silent:?} have no words");
    }
}
