//! Devices: how they are doing, and how they come in.

pub(crate) mod new;

use domain::device::Protocol;
use domain::view::devices::Condition;

use crate::language::{Text, tell};

pub(crate) const TITLE: Text = Text("Devices", "Geräte");

pub(crate) fn headline(all: usize, troubled: usize) -> String {
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

pub(crate) const DETAIL: Text = Text(
    "Meters are only read: nothing is ever written to a device.",
    "Zähler werden nur gelesen: An ein Gerät wird nie etwas geschrieben.",
);
pub(crate) const NONE_HELP: Text = Text(
    "A device is the connection that a meter is read through: Modbus, MQTT or HTTP. Add the \
     first, or import a table of them.",
    "Ein Gerät ist die Verbindung, über die ein Zähler abgelesen wird: Modbus, MQTT oder HTTP. \
     Legen Sie das erste an oder importieren Sie eine Tabelle.",
);
pub(crate) const ADD: Text = Text("Add a meter", "Zähler anlegen");
pub(crate) const IMPORT: Text = Text("Import a table", "Tabelle importieren");
pub(crate) const EXPORT: Text = Text("Export as CSV", "Als CSV exportieren");
pub(crate) const FILTER: Text = Text("States", "Zustände");
pub(crate) const ALL: Text = Text("All", "Alle");
pub(crate) const FIND: Text = Text("Find a device", "Gerät finden");
pub(crate) const FIND_HINT: Text =
    Text("Name, number, address, profile", "Name, Nummer, Adresse, Profil");
pub(crate) const GO: Text = Text("Find", "Finden");
pub(crate) const NOTHING_FOUND: Text = Text("No device is like that.", "Kein Gerät ist so.");

pub(crate) fn more(hidden: usize) -> String {
    tell!(
        "{hidden} more are not shown: choose a state or type a part of a name.",
        "{hidden} weitere sind nicht gezeigt: Wählen Sie einen Zustand oder tippen Sie einen \
         Teil eines Namens."
    )
}

pub(crate) const STATE: Text = Text("State", "Zustand");
pub(crate) const METER: Text = Text("Meter", "Zähler");
pub(crate) const PEER: Text = Text("Read from", "Gelesen von");
pub(crate) const PROFILE: Text = Text("Profile", "Profil");
pub(crate) const POWER: Text = Text("Power kW", "Leistung kW");
pub(crate) const AGE: Text = Text("Age", "Alter");
pub(crate) const PACE: Text = Text("Polls/min", "Abfragen/min");
pub(crate) const SILENT: Text = Text("Silent", "Stumm");
pub(crate) const WRONG: Text = Text("Wrong", "Falsch");
pub(crate) const LATENCY: Text = Text("Latency ms", "Dauer ms");
pub(crate) const SILENT_HELP: Text = Text(
    "Polls without an answer, and times that it was found offline",
    "Abfragen ohne Antwort und wie oft es nicht erreichbar war",
);
pub(crate) const WRONG_HELP: Text = Text(
    "Answers that were errors or nonsense, and messages that could not be read",
    "Antworten, die Fehler oder unsinnig waren, und unlesbare Nachrichten",
);

pub(crate) const fn state(condition: Condition) -> Text {
    match condition {
        Condition::Error => Text("error", "Fehler"),
        Condition::Offline => Text("offline", "nicht erreichbar"),
        Condition::Stale => Text("stale", "veraltet"),
        Condition::Waiting => Text("not heard yet", "noch nicht gehört"),
        Condition::Online => Text("read", "gelesen"),
        Condition::Off => Text("switched off", "ausgeschaltet"),
    }
}

pub(crate) const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Modbus => "Modbus",
        Protocol::Mqtt => "MQTT",
        Protocol::Http => "HTTP",
    }
}

pub(crate) fn lasting(duration: &str) -> String {
    tell!("for {duration}", "seit {duration}")
}

pub(crate) mod one {
    //! One device.

    use crate::language::{Text, tell};

    pub(crate) const BACK: Text = Text("All devices", "Alle Geräte");
    pub(crate) const TO_METER: Text = Text("The meter", "Der Zähler");
    pub(crate) const CHANGE: Text = Text("Change", "Ändern");
    pub(crate) const READ_NOW: Text = Text("Read now", "Jetzt lesen");
    pub(crate) const SWITCH_OFF: Text = Text("Switch off", "Ausschalten");
    pub(crate) const SWITCH_ON: Text = Text("Switch on", "Einschalten");
    pub(crate) const REMOVE: Text = Text("Remove", "Entfernen");
    pub(crate) const REMOVE_NOW: Text = Text("Remove the device", "Gerät entfernen");

    pub(crate) fn removes(name: &str) -> String {
        tell!(
            "Its settings and passwords are lost, and nothing reads {name} any more. The meter \
             and all its readings stay. To pause it only, switch it off.",
            "Seine Einstellungen und Passwörter gehen verloren, und nichts liest {name} mehr \
             ab. Der Zähler und alle Ablesungen bleiben. Um nur zu pausieren, schalten Sie es \
             aus."
        )
    }

    pub(crate) const HEALTH: Text = Text("Health", "Befinden");
    pub(crate) const SINCE_START: Text =
        Text("since it is read by this process", "seit dieser Prozess es liest");
    pub(crate) const SINCE: Text = Text("Since", "Seit");
    pub(crate) const REASON: Text = Text("Reason", "Grund");
    pub(crate) const POLL: Text = Text("Poll interval", "Abfrageintervall");
    pub(crate) const PACE: Text = Text("Polls per minute", "Abfragen pro Minute");
    pub(crate) const ANSWERS: Text = Text("Answers", "Antworten");
    pub(crate) const SILENCES: Text = Text("Without an answer", "Ohne Antwort");
    pub(crate) const ERRORS: Text = Text("Errors and nonsense", "Fehler und Unsinn");
    pub(crate) const UNREADABLE: Text = Text("Unreadable messages", "Unlesbare Nachrichten");
    pub(crate) const LATENCY: Text = Text("Last answer took", "Letzte Antwort dauerte");
    pub(crate) const LAST: Text = Text("Last value", "Letzter Wert");
    pub(crate) const SETTINGS: Text = Text("Settings", "Einstellungen");
    pub(crate) const SECRETS: Text =
        Text("passwords and tokens are never shown", "Passwörter und Token werden nie gezeigt");
    pub(crate) const SETTING: Text = Text("Setting", "Einstellung");
    pub(crate) const VALUE: Text = Text("Value", "Wert");
    pub(crate) const HISTORY: Text = Text("What happened", "Was geschah");
    pub(crate) const NO_HISTORY: Text =
        Text("Its driver has not spoken yet.", "Sein Treiber hat noch nichts gemeldet.");
    pub(crate) const MESSAGES: Text =
        Text("Messages that could not be read", "Nachrichten, die nicht lesbar waren");
    pub(crate) const LAST_TEN: Text = Text(
        "the last ten; they were taken from the broker and are gone",
        "die letzten zehn; sie sind vom Broker abgeholt und fort",
    );
    pub(crate) const TIME: Text = Text("Time", "Zeit");
    pub(crate) const TOPIC: Text = Text("Topic", "Thema");
}

pub(crate) mod channels {
    //! The channels of a meter.

    use crate::language::Text;

    pub(crate) const TITLE: Text = Text("Channels", "Kanäle");
    pub(crate) const READ_AT: Text =
        Text("other programs read them at", "andere Programme lesen sie unter");
    pub(crate) const NONE: Text = Text("No value yet.", "Noch kein Wert.");
    pub(crate) const CHANNEL: Text = Text("Channel", "Kanal");
    pub(crate) const VALUE: Text = Text("Value", "Wert");
    pub(crate) const UNIT: Text = Text("Unit", "Einheit");
    pub(crate) const QUALITY: Text = Text("Quality", "Güte");
    pub(crate) const AGE: Text = Text("Age", "Alter");
    pub(crate) const DERIVED: Text = Text(", computed", ", berechnet");
}

pub(crate) mod probe {
    //! What a meter says when it is read on trial.

    use crate::language::{Text, tell};

    pub(crate) const NOTHING_STORED: Text =
        Text("nothing of it is stored", "nichts davon wird gespeichert");

    pub(crate) fn answered(latency: u64) -> String {
        tell!("It answered in {latency} ms", "Es antwortete in {latency} ms")
    }

    pub(crate) const SILENT: Text = Text("It could not be read", "Es konnte nicht gelesen werden");
    pub(crate) const FIELD: Text = Text("Value", "Wert");
    pub(crate) const VALUE: Text = Text("Now", "Jetzt");
    pub(crate) const NOTHING: Text = Text(
        "It answered, but none of its values was found in the answer.",
        "Es antwortete, aber keiner seiner Werte stand in der Antwort.",
    );
    pub(crate) const RAW: Text = Text("As it came", "Wie es kam");
    pub(crate) const WHERE: Text = Text("Where", "Wo");
    pub(crate) const WHAT: Text = Text("What", "Was");
    pub(crate) const ORDERS: Text =
        Text("Registers in every order", "Register in jeder Reihenfolge");
    pub(crate) const ADDRESS: Text = Text("Address", "Adresse");
    pub(crate) const WORDS: Text = Text("Words", "Wörter");
    pub(crate) const FORM: Text = Text("Read as", "Gelesen als");
    pub(crate) const HINT: Text = Text("Looks like", "Sieht aus wie");
}

pub(crate) mod import {
    //! A table of devices.

    use crate::language::{Text, tell};

    pub(crate) const TITLE: Text =
        Text("Import a table of devices", "Eine Tabelle von Geräten importieren");
    pub(crate) const DETAIL: Text = Text(
        "A line for each device, named by its meter number. Export the table to see its \
         columns. Nothing is stored before you have seen what each line does, and all of it is \
         stored or nothing.",
        "Eine Zeile je Gerät, benannt nach seiner Zählernummer. Exportieren Sie die Tabelle, um \
         ihre Spalten zu sehen. Gespeichert wird erst, wenn Sie gesehen haben, was jede Zeile \
         tut, und dann alles oder nichts.",
    );
    pub(crate) const FILE: Text = Text("Table, CSV in UTF-8", "Tabelle, CSV in UTF-8");
    pub(crate) const CHECK: Text = Text("Check the table", "Tabelle prüfen");
    pub(crate) const GONE: Text = Text(
        "This table was applied, or had to make room for others. Send it again to apply it.",
        "Diese Tabelle wurde angewandt oder musste anderen weichen. Senden Sie sie erneut, um \
         sie anzuwenden.",
    );
    pub(crate) const APPLY: Text = Text("Apply all lines", "Alle Zeilen anwenden");
    pub(crate) const LINE: Text = Text("Line", "Posten");
    pub(crate) const METER: Text = Text("Meter", "Zähler");
    pub(crate) const OUTCOME: Text = Text("What happens", "Was geschieht");
    pub(crate) const DETAILS: Text = Text("Details", "Einzelheiten");
    pub(crate) const CREATED: Text = Text("new", "neu");
    pub(crate) const CHANGED: Text = Text("changes", "ändert");
    pub(crate) const UNCHANGED: Text = Text("stays", "bleibt");
    pub(crate) const REFUSED: Text = Text("refused", "abgelehnt");

    pub(crate) fn headline(created: usize, changed: usize, refused: usize) -> String {
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

    pub(crate) fn unchanged(count: usize) -> String {
        tell!("{count} lines say what is there already.", "{count} Zeilen sagen, was schon da ist.")
    }

    pub(crate) fn more(hidden: usize) -> String {
        tell!("{hidden} more lines are not shown.", "{hidden} weitere Zeilen sind nicht gezeigt.")
    }
}

pub(crate) mod done {
    //! What was done.

    use crate::language::{Text, tell};

    pub(crate) const ON: Text = Text("The device is switched on.", "Das Gerät ist eingeschaltet.");
    pub(crate) const OFF: Text =
        Text("The device is switched off.", "Das Gerät ist ausgeschaltet.");
    pub(crate) const REMOVED: Text = Text(
        "The device is removed; its meter stays.",
        "Das Gerät ist entfernt; sein Zähler bleibt.",
    );

    pub(crate) fn saved(number: &str) -> String {
        tell!(
            "{number} is saved and will be read in a moment.",
            "{number} ist gespeichert und wird gleich abgelesen."
        )
    }

    pub(crate) fn applied(created: usize, changed: usize) -> String {
        tell!(
            "The table is applied: {created} new, {changed} changed.",
            "Die Tabelle ist angewandt: {created} neu, {changed} geändert."
        )
    }
}
