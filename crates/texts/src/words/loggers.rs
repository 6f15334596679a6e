//! Words of the page of data loggers.

use crate::language::{Text, tell};

pub use crate::words::labels::{CHANGE, NEVER, REMOVE, REMOVE_NOW, SAVE};

pub const TITLE: Text = Text("Loggers", "Datenlogger");
pub const NONE: Text = Text("No loggers yet", "Noch keine Datenlogger");
pub const NONE_DETAIL: Text = Text(
    "An AcquiSuite uploads what it recorded as soon as it is added here and told where to send \
     it.",
    "Ein AcquiSuite lädt hoch, was er aufgezeichnet hat, sobald er hier angelegt ist und weiß, \
     wohin.",
);
pub const LOGGERS: Text = Text("Data loggers", "Datenlogger");
pub const SERIAL: Text = Text("Serial number", "Seriennummer");
pub const LAST: Text = Text("Last upload", "Letzter Upload");
pub const FILES: Text = Text("Files", "Dateien");
pub const STORED: Text = Text("Lines stored", "Gespeicherte Zeilen");
pub const REFUSED: Text = Text("Refused", "Abgelehnt");
pub const SILENT: Text = Text("Without value", "Ohne Wert");
pub const DEVICES: Text = Text("Devices and their meters", "Geräte und ihre Zähler");
pub const NO_DEVICES: Text = Text("none heard of", "von keinem gehört");
pub const PROBLEM: Text = Text("Last problem", "Letztes Problem");
pub const NO_PASSWORD: Text = Text(
    "no password is set: enter the logger's, or its uploads are refused",
    "kein Passwort ist gesetzt: Tragen Sie das des Loggers ein, sonst werden seine Uploads \
     abgelehnt",
);
pub const NO_PROBLEM: Text = Text("none", "keine");
pub const ACTIONS: Text = Text("Change", "Ändern");
pub const COMPUTED: Text = Text("computed meter", "berechneter Zähler");

pub const STRANGERS: Text = Text("Turned away", "Abgewiesen");
pub const STRANGERS_NOTE: Text = Text(
    "uploads that no logger here could have sent",
    "Uploads, die kein Logger hier gesendet haben kann",
);

pub const ADD: Text = Text("Add a logger", "Datenlogger anlegen");
pub const ADD_NOW: Text = Text("Add", "Anlegen");
pub const PASSWORD: Text =
    Text("Upload password, 8 to 64 characters", "Upload-Passwort, 8 bis 64 Zeichen");
pub const NEW_PASSWORD: Text =
    Text("Another upload password; blank keeps it", "Ein anderes Upload-Passwort; leer behält es");
pub const UTILITY: Text =
    Text("Device address of the utility meter", "Geräteadresse des Netzzählers");
pub const LOAD: Text = Text("Device address of the load meter", "Geräteadresse des Lastzählers");
pub const SOLAR: Text = Text("Device address of the solar meter", "Geräteadresse des Solarzählers");
pub const ROLES_NOTE: Text = Text(
    "With two of the three addresses, the third meter is computed each minute. All may stay \
     blank.",
    "Mit zwei der drei Adressen wird der dritte Zähler jede Minute berechnet. Alle dürfen leer \
     bleiben.",
);
pub const COLUMNS: Text = Text(
    "Columns, where the logger does not name them",
    "Spalten, wo der Logger sie nicht benennt",
);
pub const COLUMNS_HINT: &str = r#"{"7": {"ActivePower": 1, "EnergyImport": 0}}"#;
pub const COLUMNS_NOTE: Text = Text(
    "By device address: which point, counted from 0, holds which channel. Not needed where the \
     logger uploads its configuration files. {} after an address takes nothing of that device.",
    "Nach Geräteadresse: welcher Punkt, ab 0 gezählt, welchen Kanal enthält. Nicht nötig, wo \
     der Logger seine Konfigurationsdateien hochlädt. {} nach einer Adresse übernimmt nichts \
     von diesem Gerät.",
);
pub const POINTS: Text =
    Text("Points that are meters of their own", "Punkte, die eigene Zähler sind");
pub const POINTS_HINT: &str = r#"{"7": {"0": "EnergyImport", "1": "EnergyImport"}}"#;
pub const POINTS_NOTE: Text = Text(
    "By device address and point, counted from 0: which value the point is to a meter of its own, \
     such as each input of a pulse counter. The meter is made when this is saved.",
    "Nach Geräteadresse und Punkt, ab 0 gezählt: welchen Wert der Punkt für einen eigenen Zähler \
     hat, etwa jeder Eingang eines Impulszählers. Der Zähler entsteht beim Speichern.",
);
pub const RATED: Text = Text("Rated powers, kW", "Nennleistungen, kW");
pub const RATED_HINT: &str = r#"{"1": 200, "7": 63}"#;
pub const RATED_NOTE: Text = Text(
    "By device address: the most that the meter can measure. Steps of its register are judged by it.",
    "Nach Geräteadresse: das meiste, was der Zähler messen kann. Danach werden Sprünge seines \
     Zählwerks beurteilt.",
);
pub const REMOVE_NOTE: Text = Text(
    "What it uploads from then on is refused. Its meters stay, with what they measured.",
    "Was er danach hochlädt, wird abgelehnt. Seine Zähler bleiben, mit dem, was sie gemessen \
     haben.",
);

pub const SETUP: Text = Text("On the AcquiSuite", "Am AcquiSuite");
pub const SETUP_WHERE: Text = Text("Log File Data, Setup/Upload:", "Log File Data, Setup/Upload:");
pub const SETUP_TARGET: Text = Text("Target address", "Zieladresse");
pub const SETUP_SERVER: Text =
    Text("http://<address of this server>", "http://<Adresse dieses Servers>");
pub const SETUP_PASSWORD: Text = Text("Password", "Passwort");
pub const SETUP_SAME: Text = Text("the one entered here", "das hier eingetragene");
pub const SETUP_CONFIG: Text = Text("Configuration files", "Konfigurationsdateien");
pub const SETUP_CONFIG_ON: Text = Text(
    "let it send them: they name the columns of each device",
    "senden lassen: Sie benennen die Spalten jedes Geräts",
);
pub const SETUP_PERIOD: Text = Text("Logging period", "Aufzeichnungsintervall");
pub const SETUP_PERIOD_SHORT: Text = Text(
    "1 to 60 minutes, as its configuration file says; up to 15 show every quarter-hour",
    "1 bis 60 Minuten, wie in seiner Konfigurationsdatei; bis 15 zeigen jede Viertelstunde",
);

pub fn headline(loggers: usize, silent: usize) -> String {
    let count = match loggers {
        1 => tell!("One logger", "Ein Datenlogger"),
        _ => tell!("{loggers} loggers", "{loggers} Datenlogger"),
    };
    match silent {
        0 => count,
        _ if silent == loggers => tell!("{count}, no upload yet", "{count}, noch kein Upload"),
        _ => tell!("{count}, {silent} without an upload yet", "{count}, {silent} noch ohne Upload"),
    }
}

pub fn change(serial: &str) -> String {
    tell!("Change {serial}", "{serial} ändern")
}

pub fn points((listed, used): (usize, usize)) -> String {
    match listed {
        0 => tell!("points not listed yet", "Punkte noch nicht aufgeführt"),
        _ => tell!("{used} of {listed} points used", "{used} von {listed} Punkten verwendet"),
    }
}

/// A point that is a meter of its own.
pub fn point(address: &str, number: u16) -> String {
    tell!("{address}, point {number}", "{address}, Punkt {number}")
}

pub fn times(count: i64) -> String {
    if count == 1 { tell!("once", "einmal") } else { tell!("{count} times", "{count}-mal") }
}

pub fn conflicting(count: &str) -> String {
    tell!(
        "lines that contradict what was stored before, which counts: {count}",
        "Zeilen, die früher Gespeichertem widersprechen, das gilt: {count}"
    )
}

/// A register of reactive energy whose direction the logger does not tell.
pub fn asked(address: &str, number: u16, name: &str) -> String {
    tell!(
        "device {address}, point {number} ({name}): which way does it count? Enter it under Columns \
         as ReactiveEnergyImport or ReactiveEnergyExport",
        "Gerät {address}, Punkt {number} ({name}): In welche Richtung zählt er? Bitte unter Spalten \
         als ReactiveEnergyImport oder ReactiveEnergyExport eintragen"
    )
}

pub fn event(what: &str, at: &str) -> String {
    format!("{at}, {what}")
}

/// What was done.
pub mod done {
    use crate::language::tell;

    pub fn added(serial: &str) -> String {
        tell!(
            "Logger {serial} is added; it may upload now.",
            "Der Logger {serial} ist angelegt; er darf jetzt hochladen."
        )
    }

    pub fn changed(serial: &str) -> String {
        tell!("Logger {serial} is changed.", "Der Logger {serial} ist geändert.")
    }

    pub fn removed(serial: &str) -> String {
        tell!(
            "Logger {serial} is removed; its meters stay.",
            "Der Logger {serial} ist entfernt; seine Zähler bleiben."
        )
    }
}
