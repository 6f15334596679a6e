//! Devices: how they are doing, and how they come in.

pub mod new;
pub mod other_settings;
pub mod registers;

use domain::devices::Protocol;
use domain::devices::view::Condition;

use crate::language::{Text, tell};

pub use crate::words::labels::{AGE, ALL, METER, STATE};

pub const TITLE: Text = Text("Devices", "Geräte");

pub fn headline(all: usize, troubled: usize) -> String {
    match (all, troubled) {
        (0, _) => tell!("No device yet", "Noch kein Gerät"),
        (1, 0) => tell!("The device is read", "Das Gerät wird abgelesen"),
        (all, 0) => tell!("All {all} devices are read", "Alle {all} Geräte werden abgelesen"),
        (all, 1) => {
            tell!("1 of {all} devices is not read", "1 von {all} Geräten wird nicht abgelesen")
        }
        (all, troubled) => tell!(
            "{troubled} of {all} devices are not read",
            "{troubled} von {all} Geräten werden nicht abgelesen"
        ),
    }
}

pub const DETAIL: Text = Text(
    "Meters are only read: nothing is ever written to a device.",
    "Zähler werden nur gelesen: An ein Gerät wird nie etwas geschrieben.",
);
pub const NONE_HELP: Text = Text(
    "A device is the connection that a meter is read through: Modbus, MQTT or HTTP. Add the \
     first, or import a table of them.",
    "Ein Gerät ist die Verbindung, über die ein Zähler abgelesen wird: Modbus, MQTT oder HTTP. \
     Legen Sie das erste an oder importieren Sie eine Tabelle.",
);
pub const ADD: Text = Text("Add a meter", "Zähler anlegen");
pub const IMPORT: Text = Text("Import a table", "Tabelle importieren");
pub const EXPORT: Text = Text("Export as CSV", "Als CSV exportieren");
pub const FILTER: Text = Text("States", "Zustände");
pub const FIND: Text = Text("Find a device", "Gerät finden");
pub const FIND_HINT: Text = Text("Name, number, address, profile", "Name, Nummer, Adresse, Profil");
pub const GO: Text = Text("Find", "Finden");
pub const NOTHING_FOUND: Text = Text("No device is like that.", "Kein Gerät ist so.");

pub fn more(hidden: usize) -> String {
    tell!(
        "{hidden} more are not shown: choose a state or type a part of a name.",
        "{hidden} weitere sind nicht gezeigt: Wählen Sie einen Zustand oder tippen Sie einen \
         Teil eines Namens."
    )
}

pub const PEER: Text = Text("Read from", "Gelesen von");
pub const PROFILE: Text = Text("Profile", "Profil");
pub const POWER: Text = Text("Power kW", "Leistung kW");
pub const PACE: Text = Text("Polls/min", "Abfragen/min");
pub const SILENT: Text = Text("Silent", "Stumm");
pub const WRONG: Text = Text("Wrong", "Falsch");
pub const LATENCY: Text = Text("Latency ms", "Dauer ms");
pub const SILENT_HELP: Text = Text(
    "Polls without an answer, and times that it was found offline",
    "Abfragen ohne Antwort und wie oft es nicht erreichbar war",
);
pub const WRONG_HELP: Text = Text(
    "Answers that were errors or nonsense, and messages that could not be read",
    "Antworten, die Fehler oder unsinnig waren, und unlesbare Nachrichten",
);

pub const fn state(condition: Condition) -> Text {
    match condition {
        Condition::Error => Text("error", "Fehler"),
        Condition::Offline => Text("offline", "nicht erreichbar"),
        Condition::Stale => Text("stale", "veraltet"),
        Condition::Waiting => Text("not heard yet", "noch nicht gehört"),
        Condition::Online => Text("read", "gelesen"),
        Condition::Off => Text("switched off", "ausgeschaltet"),
    }
}

pub const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Modbus => "Modbus",
        Protocol::Mqtt => "MQTT",
        Protocol::Http => "HTTP",
    }
}

pub fn lasting(duration: &str) -> String {
    tell!("for {duration}", "seit {duration}")
}

pub mod one {
    //! One device.

    use crate::language::{Text, tell};

    pub use crate::words::labels::{
        CHANGE, POLL, REASON, REMOVE, SETTINGS, SINCE, SWITCH_OFF, SWITCH_ON, TIME, TOPIC, VALUE,
    };

    pub const BACK: Text = Text("All devices", "Alle Geräte");
    pub const TO_METER: Text = Text("The meter", "Der Zähler");
    pub const READ_NOW: Text = Text("Read now", "Jetzt lesen");
    pub const REMOVE_NOW: Text = Text("Remove the device", "Gerät entfernen");

    pub fn removes(name: &str) -> String {
        tell!(
            "Its settings and passwords are lost, and nothing reads {name} any more. The meter \
             and all its readings stay. To pause it only, switch it off.",
            "Seine Einstellungen und Passwörter gehen verloren, und nichts liest {name} mehr \
             ab. Der Zähler und alle Ablesungen bleiben. Um nur zu pausieren, schalten Sie es \
             aus."
        )
    }

    pub const HEALTH: Text = Text("Health", "Befinden");
    pub const SINCE_START: Text =
        Text("since it is read by this process", "seit dieser Prozess es liest");
    pub const PACE: Text = Text("Polls per minute", "Abfragen pro Minute");
    pub const ANSWERS: Text = Text("Answers", "Antworten");
    pub const SILENCES: Text = Text("Without an answer", "Ohne Antwort");
    pub const ERRORS: Text = Text("Errors and nonsense", "Fehler und Unsinn");
    pub const UNREADABLE: Text = Text("Unreadable messages", "Unlesbare Nachrichten");
    pub const LATENCY: Text = Text("Last answer took", "Letzte Antwort dauerte");
    pub const LAST: Text = Text("Last value", "Letzter Wert");
    pub const SECRETS: Text =
        Text("passwords and tokens are never shown", "Passwörter und Token werden nie gezeigt");
    pub const SETTING: Text = Text("Setting", "Einstellung");
    pub const HISTORY: Text = Text("What happened", "Was geschah");
    pub const NO_HISTORY: Text =
        Text("Its driver has not spoken yet.", "Sein Treiber hat noch nichts gemeldet.");
    pub const MESSAGES: Text =
        Text("Messages that could not be read", "Nachrichten, die nicht lesbar waren");
    pub const LAST_TEN: Text = Text(
        "the last ten; they were taken from the broker and are gone",
        "die letzten zehn; sie sind vom Broker abgeholt und fort",
    );
}

pub mod channels {
    //! The channels of a meter.

    use crate::language::Text;

    pub use crate::words::labels::{AGE, CHANNEL, QUALITY, UNIT, VALUE};

    pub const TITLE: Text = Text("Channels", "Kanäle");
    pub const READ_AT: Text =
        Text("other programs read them at", "andere Programme lesen sie unter");
    pub const NONE: Text = Text("No value yet.", "Noch kein Wert.");
    pub const DERIVED: Text = Text(", computed", ", berechnet");
}

pub mod probe {
    //! What a meter says when it is read on trial.

    use crate::language::{Text, tell};

    pub const WHAT: Text = Text("What", "Was");
    pub const NOTHING_STORED: Text =
        Text("nothing of it is stored", "nichts davon wird gespeichert");

    pub fn answered(latency: u64) -> String {
        tell!("It answered in {latency} ms", "Es antwortete in {latency} ms")
    }

    pub const SILENT: Text = Text("It could not be read", "Es konnte nicht gelesen werden");
    pub const IN_PART: Text =
        Text("Not all of it could be read", "Nicht alles konnte gelesen werden");
    pub const FIELD: Text = Text("Value", "Wert");
    pub const VALUE: Text = Text("Now", "Jetzt");
    pub const NOTHING: Text = Text(
        "It answered, but none of its values was found in the answer.",
        "Es antwortete, aber keiner seiner Werte stand in der Antwort.",
    );
    pub const NEXT_TO_NOTHING: Text = Text(
        "probably the wrong type or byte order",
        "wohl der falsche Typ oder die falsche Bytefolge",
    );
    pub const RAW: Text = Text("As it came", "Wie es kam");
    pub const WHERE: Text = Text("Where", "Wo");
    pub const ORDERS: Text = Text(
        "What the registers say in every order",
        "Was die Register in jeder Reihenfolge sagen",
    );
    pub const ORDERS_HELP: Text = Text(
        "before they are scaled; marked is what fits the channel",
        "vor dem Faktor; markiert ist, was zum Kanal passt",
    );
    pub const PLAUSIBLE: Text = Text("fits", "passt");
    pub const FORM: Text = Text("Read as", "Gelesen als");

    pub fn register(field: &str, address: u16, words: &str) -> String {
        tell!("{field} at {address}: {words}", "{field} bei {address}: {words}")
    }
}

pub mod import {
    //! A table of devices.

    use crate::language::{Text, tell};

    pub const METER: Text = Text("Meter", "Zähler");
    pub const TITLE: Text =
        Text("Import a table of devices", "Eine Tabelle von Geräten importieren");
    pub const DETAIL: Text = Text(
        "A line for each device, named by its meter number. Export the table to see its \
         columns. Nothing is stored before you have seen what each line does, and all of it is \
         stored or nothing.",
        "Eine Zeile je Gerät, benannt nach seiner Zählernummer. Exportieren Sie die Tabelle, um \
         ihre Spalten zu sehen. Gespeichert wird erst, wenn Sie gesehen haben, was jede Zeile \
         tut, und dann alles oder nichts.",
    );
    pub const FILE: Text = Text("Table, CSV in UTF-8", "Tabelle, CSV in UTF-8");
    pub const CHECK: Text = Text("Check the table", "Tabelle prüfen");
    pub const GONE: Text = Text(
        "This table was applied, or had to make room for others. Send it again to apply it.",
        "Diese Tabelle wurde angewandt oder musste anderen weichen. Senden Sie sie erneut, um \
         sie anzuwenden.",
    );
    pub const APPLY: Text = Text("Apply all lines", "Alle Zeilen anwenden");
    pub const LINE: Text = Text("Line", "Posten");
    pub const OUTCOME: Text = Text("What happens", "Was geschieht");
    pub const DETAILS: Text = Text("Details", "Einzelheiten");
    pub const CREATED: Text = Text("new", "neu");
    pub const CHANGED: Text = Text("changes", "ändert");
    pub const UNCHANGED: Text = Text("stays", "bleibt");
    pub const REFUSED: Text = Text("refused", "abgelehnt");

    pub fn headline(created: usize, changed: usize, refused: usize) -> String {
        match (created, changed, refused) {
            (0, 0, 0) => tell!("The table changes nothing", "Die Tabelle ändert nichts"),
            (created, changed, 0) => tell!(
                "The table fits: {created} new, {changed} changed",
                "Die Tabelle passt: {created} neu, {changed} geändert"
            ),
            (_, _, 1) => tell!(
                "1 line is refused, so nothing can be stored",
                "1 Zeile ist abgelehnt, daher lässt sich nichts speichern"
            ),
            (_, _, refused) => tell!(
                "{refused} lines are refused, so nothing can be stored",
                "{refused} Zeilen sind abgelehnt, daher lässt sich nichts speichern"
            ),
        }
    }

    pub fn unchanged(count: usize) -> String {
        tell!("{count} lines say what is there already.", "{count} Zeilen sagen, was schon da ist.")
    }

    pub fn more(hidden: usize) -> String {
        tell!("{hidden} more lines are not shown.", "{hidden} weitere Zeilen sind nicht gezeigt.")
    }
}

pub mod done {
    //! What was done.

    use crate::language::{Text, tell};

    pub const ON: Text = Text("The device is switched on.", "Das Gerät ist eingeschaltet.");
    pub const OFF: Text = Text("The device is switched off.", "Das Gerät ist ausgeschaltet.");
    pub const REMOVED: Text = Text(
        "The device is removed; its meter stays.",
        "Das Gerät ist entfernt; sein Zähler bleibt.",
    );

    pub fn saved(number: &str) -> String {
        tell!(
            "{number} is saved and will be read in a moment.",
            "{number} ist gespeichert und wird gleich abgelesen."
        )
    }

    pub fn applied(created: usize, changed: usize) -> String {
        tell!(
            "The table is applied: {created} new, {changed} changed.",
            "Die Tabelle ist angewandt: {created} neu, {changed} geändert."
        )
    }
}
