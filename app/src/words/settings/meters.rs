//! The page of all meters.

use domain::meter::LoadRole;

use crate::language::{Text, tell};

pub(crate) const NOTE: Text = Text(
    "Mark meters to change them together. What that does to the balances is shown before anything is stored.",
    "Markieren Sie Zähler, um sie gemeinsam zu ändern. Was das an den Bilanzen ändert, wird gezeigt, bevor etwas gespeichert wird.",
);
pub(crate) const LOCKED: Text = Text(
    "Where the meters of a simulated world hang decides what its feeders record, so their place stays as it was made. Class, area, role and accuracy can be changed.",
    "Wo die Zähler einer simulierten Welt hängen, bestimmt, was ihre Abgänge aufzeichnen; ihr Platz bleibt deshalb, wie er angelegt wurde. Art, Bereich, Rolle und Genauigkeit lassen sich ändern.",
);
pub(crate) const FIND: Text = Text("Find meters", "Zähler suchen");
pub(crate) const FIND_HINT: Text = Text("Number, name, area", "Nummer, Name, Bereich");
pub(crate) const GO: Text = Text("Filter", "Filtern");
pub(crate) const CLASS: Text = Text("Class", "Art");
pub(crate) const AREA: Text = Text("Area", "Bereich");
pub(crate) const ROLE: Text = Text("Role", "Rolle");
pub(crate) const ABOVE: Text = Text("Meter above", "Zähler darüber");
pub(crate) const ANY: Text = Text("any", "alle");
pub(crate) const MARK: Text = Text("Mark", "Markieren");
pub(crate) const METER: Text = Text("Meter", "Zähler");
pub(crate) const DIRECTION: Text = Text("Direction", "Richtung");
pub(crate) const FEEDS: Text = Text("feeds it", "speist ein");
pub(crate) const DRAWS: Text = Text("draws from it", "bezieht");
pub(crate) const DEVICE: Text = Text("Device", "Gerät");
pub(crate) const READ: Text = Text("read", "gelesen");
pub(crate) const OFF: Text = Text("off", "aus");
pub(crate) const NO_DEVICE: Text = Text("none", "keines");
pub(crate) const ACCURACY: Text = Text("Accuracy class, %", "Genauigkeitsklasse, %");
pub(crate) const CHANGE: Text = Text("Change", "Ändern");
pub(crate) const ACTIONS: Text = Text("Actions", "Aktionen");
pub(crate) const NOTHING_FOUND: Text = Text("No meter matches.", "Kein Zähler passt dazu.");

pub(crate) fn marked(number: &str) -> String {
    tell!("Mark {number}", "{number} markieren")
}

pub(crate) fn shown(shown: usize, of: usize) -> String {
    if shown == of {
        tell!("{of} meters", "{of} Zähler")
    } else {
        tell!("{shown} of {of} meters", "{shown} von {of} Zählern")
    }
}

pub(crate) const BULK: Text = Text("Change the marked ones", "Die markierten ändern");
pub(crate) const KEEP: Text = Text("as it is", "wie es ist");
pub(crate) const NO_AREA: Text = Text("take out of its area", "aus dem Bereich nehmen");
pub(crate) const TOP: Text = Text("no meter above", "kein Zähler darüber");
pub(crate) const SINCE: Text = Text("A place holds", "Ein Platz gilt");
pub(crate) const SINCE_NOW: Text = Text("from now on", "ab jetzt");
pub(crate) const SINCE_DAY: Text = Text("from a day on", "ab einem Tag");
pub(crate) const SINCE_EVER: Text = Text("always, as a correction", "schon immer, als Korrektur");
pub(crate) const DAY: Text = Text("That day", "Dieser Tag");
pub(crate) const PARENT_HINT: Text = Text("Type a number or a name", "Nummer oder Name eingeben");

// The preview
pub(crate) const REFUSED: Text = Text("This cannot be stored", "Das lässt sich nicht speichern");
pub(crate) const NO_CHANGE: Text = Text("Nothing would change.", "Nichts würde sich ändern.");
pub(crate) const STORE: Text = Text("Store it", "Speichern");

pub(crate) fn would(n: usize) -> String {
    match n {
        1 => Text("1 meter would change", "1 Zähler würde sich ändern").into(),
        _ => tell!("{n} meters would change", "{n} Zähler würden sich ändern"),
    }
}

pub(crate) const BALANCES: Text =
    Text("Balances of the last 24 hours", "Bilanzen der letzten 24 Stunden");
pub(crate) const BALANCES_NOTE: Text =
    Text("as if it had been so all the time", "als wäre es die ganze Zeit so gewesen");
pub(crate) const NODE: Text = Text("Node", "Knoten");
pub(crate) const IN: Text = Text("In, kWh", "Zufluss, kWh");
pub(crate) const OUT: Text = Text("Out, kWh", "Abfluss, kWh");
pub(crate) const LOSS: Text = Text("Loss, kWh", "Verlust, kWh");
pub(crate) const BAND: Text = Text("Error ±, kWh", "Messfehler ±, kWh");
pub(crate) const VERDICT: Text = Text("Verdict", "Befund");
pub(crate) const NO_NODE: Text = Text("nothing hangs below it", "nichts hängt darunter");
pub(crate) const SAME_BALANCES: Text = Text("No balance changes.", "Keine Bilanz ändert sich.");

// The tree
pub(crate) const TREE: Text = Text("The tree", "Der Baum");
pub(crate) const TREE_NOTE: Text = Text(
    "Drag a meter onto another to hang it below that one, or use the form.",
    "Ziehen Sie einen Zähler auf einen anderen, um ihn darunter zu hängen, oder nutzen Sie das Formular.",
);
pub(crate) const TO_TOP: Text =
    Text("Drop here to hang it below none", "Hier ablegen, um ihn unter keinen zu hängen");

// One meter
pub(crate) fn change(name: &str) -> String {
    tell!("Change {name}", "{name} ändern")
}

pub(crate) const NUMBER: Text = Text("Number", "Nummer");
pub(crate) const NAME: Text = Text("Name", "Name");
pub(crate) const LOCATION: Text = Text("Location", "Standort");
pub(crate) const RATED: Text = Text("Rated power, kW", "Nennleistung, kW");
pub(crate) const MODULUS: Text = Text("Register wraps at, kWh", "Zählwerk läuft über bei, kWh");
pub(crate) const STEP: Text =
    Text("Smallest rise of the register, kWh", "Kleinster Schritt des Zählwerks, kWh");
pub(crate) const PREFIX: Text = Text("Channels begin with", "Kanäle beginnen mit");
pub(crate) const TO_DEVICE: Text = Text("Its device", "Sein Gerät");

/// A field that a change names, where people know it by another name.
pub(crate) fn field(name: &str) -> &str {
    let text = match name {
        "parentMeterId" => ABOVE,
        "feedsParent" => Text("Feeds the meter above", "Speist den Zähler darüber"),
        "meterType" => CLASS,
        "area" => AREA,
        "loadRole" => ROLE,
        "accuracyClass" => ACCURACY,
        "enabled" => Text("Device is read", "Gerät wird gelesen"),
        "level" => Text("Level", "Ebene"),
        other => return other,
    };
    text.get()
}

pub(crate) const fn role(role: LoadRole) -> Text {
    match role {
        LoadRole::Grid => Text("grid", "Netz"),
        LoadRole::Building => Text("building", "Gebäude"),
        LoadRole::Solar => Text("solar", "Solar"),
        LoadRole::Zone => Text("zone", "Zone"),
        LoadRole::None => Text("none", "keine"),
    }
}
