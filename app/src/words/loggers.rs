//! Words of the page of data loggers.

use crate::language::{Text, tell};

pub(crate) const TITLE: Text = Text("Loggers", "Datenlogger");
pub(crate) const NONE: Text = Text("No loggers yet", "Noch keine Datenlogger");
pub(crate) const NONE_DETAIL: Text = Text(
    "An AcquiSuite uploads what it recorded as soon as it is added here and told where to send \
     it.",
    "Ein AcquiSuite lädt hoch, was er aufgezeichnet hat, sobald er hier angelegt ist und weiß, \
     wohin.",
);
pub(crate) const LOGGERS: Text = Text("Data loggers", "Datenlogger");
pub(crate) const SERIAL: Text = Text("Serial number", "Seriennummer");
pub(crate) const LAST: Text = Text("Last upload", "Letzter Upload");
pub(crate) const NEVER: Text = Text("never", "nie");
pub(crate) const FILES: Text = Text("Files", "Dateien");
pub(crate) const STORED: Text = Text("Lines stored", "Gespeicherte Zeilen");
pub(crate) const REFUSED: Text = Text("Refused", "Abgelehnt");
pub(crate) const SILENT: Text = Text("Without value", "Ohne Wert");
pub(crate) const DEVICES: Text = Text("Devices and their meters", "Geräte und ihre Zähler");
pub(crate) const NO_DEVICES: Text = Text("none heard of", "von keinem gehört");
pub(crate) const PROBLEM: Text = Text("Last problem", "Letztes Problem");
pub(crate) const NO_PASSWORD: Text = Text(
    "no password is set: enter the logger's, or its uploads are refused",
    "kein Passwort ist gesetzt: Tragen Sie das des Loggers ein, sonst werden seine Uploads \
     abgelehnt",
);
pub(crate) const NO_PROBLEM: Text = Text("none", "keine");
pub(crate) const ACTIONS: Text = Text("Change", "Ändern");
pub(crate) const CHANGE: Text = Text("Change", "Ändern");
pub(crate) const COMPUTED: Text = Text("computed meter", "berechneter Zähler");

pub(crate) const STRANGERS: Text = Text("Turned away", "Abgewiesen");
pub(crate) const STRANGERS_NOTE: Text = Text(
    "uploads that no logger here could have sent",
    "Uploads, die kein Logger hier gesendet haben kann",
);

pub(crate) const ADD: Text = Text("Add a logger", "Datenlogger anlegen");
pub(crate) const ADD_NOW: Text = Text("Add", "Anlegen");
pub(crate) const SAVE: Text = Text("Save", "Speichern");
pub(crate) const PASSWORD: Text =
    Text("Upload password, 8 to 64 characters", "Upload-Passwort, 8 bis 64 Zeichen");
pub(crate) const NEW_PASSWORD: Text =
    Text("Another upload password; blank keeps it", "Ein anderes Upload-Passwort; leer behält es");
pub(crate) const UTILITY: Text =
    Text("Device address of the utility meter", "Geräteadresse des Netzzählers");
pub(crate) const LOAD: Text =
    Text("Device address of the load meter", "Geräteadresse des Lastzählers");
pub(crate) const SOLAR: Text =
    Text("Device address of the solar meter", "Geräteadresse des Solarzählers");
pub(crate) const ROLES_NOTE: Text = Text(
    "With two of the three addresses, the third meter is computed each minute. All may stay \
     blank.",
    "Mit zwei der drei Adressen wird der dritte Zähler jede Minute berechnet. Alle dürfen leer \
     bleiben.",
);
pub(crate) const COLUMNS: Text = Text(
    "Columns, where the logger does not name them",
    "Spalten, wo der Logger sie nicht benennt",
);
pub(crate) const COLUMNS_HINT: &str = r#"{"7": {"ActivePower": 1, "EnergyImport": 0}}"#;
pub(crate) const COLUMNS_NOTE: Text = Text(
    "By device address: which point, counted from 0, holds which channel. Not needed where the \
     logger uploads its configuration files. {} after an address takes nothing of that device.",
    "Nach Geräteadresse: welcher Punkt, ab 0 gezählt, welchen Kanal enthält. Nicht nötig, wo \
     der Logger seine Konfigurationsdateien hochlädt. {} nach einer Adresse übernimmt nichts \
     von diesem Gerät.",
);
pub(crate) const REMOVE: Text = Text("Remove", "Entfernen");
pub(crate) const REMOVE_NOW: Text = Text("Remove now", "Jetzt entfernen");
pub(crate) const REMOVE_NOTE: Text = Text(
    "What it uploads from then on is refused. Its meters stay, with what they measured.",
    "Was er danach hochlädt, wird abgelehnt. Seine Zähler bleiben, mit dem, was sie gemessen \
     haben.",
);

pub(crate) const SETUP: Text = Text("On the AcquiSuite", "Am AcquiSuite");
pub(crate) const SETUP_WHERE: Text =
    Text("Log File Data, Setup/Upload:", "Log File Data, Setup/Upload:");
pub(crate) const SETUP_TARGET: Text = Text("Target address", "Zieladresse");
pub(crate) const SETUP_SERVER: Text =
    Text("http://<address of this server>", "http://<Adresse dieses Servers>");
pub(crate) const SETUP_PASSWORD: Text = Text("Password", "Passwort");
pub(crate) const SETUP_SAME: Text = Text("the one entered here", "das hier eingetragene");
pub(crate) const SETUP_CONFIG: Text = Text("Configuration files", "Konfigurationsdateien");
pub(crate) const SETUP_CONFIG_ON: Text = Text(
    "let it send them: they name the columns of each device",
    "senden lassen: Sie benennen die Spalten jedes Geräts",
);
pub(crate) const SETUP_PERIOD: Text = Text("Logging period", "Aufzeichnungsintervall");
pub(crate) const SETUP_PERIOD_SHORT: Text =
    Text("1 to 15 minutes; longer ones leave gaps", "1 bis 15 Minuten; längere lassen Lücken");

/// The state of all of them.
pub(crate) fn headline(loggers: usize, silent: usize) -> String {
    let count = if loggers == 1 {
        tell!("One logger", "Ein Datenlogger")
    } else {
        tell!("{loggers} loggers", "{loggers} Datenlogger")
    };
    match silent {
        0 => count,
        _ if silent == loggers => tell!("{count}, no upload yet", "{count}, noch kein Upload"),
        _ => tell!("{count}, {silent} without an upload yet", "{count}, {silent} noch ohne Upload"),
    }
}

pub(crate) fn change(serial: &str) -> String {
    tell!("Change {serial}", "{serial} ändern")
}

pub(crate) fn points((listed, used): (usize, usize)) -> String {
    match listed {
        0 => tell!("points not listed yet", "Punkte noch nicht aufgeführt"),
        _ => tell!("{used} of {listed} points used", "{used} von {listed} Punkten verwendet"),
    }
}

pub(crate) fn times(count: i64) -> String {
    if count == 1 { tell!("once", "einmal") } else { tell!("{count} times", "{count}-mal") }
}

pub(crate) fn conflicting(count: &str) -> String {
    tell!(
        "lines that contradict what was stored before, which counts: {count}",
        "Zeilen, die früher Gespeichertem widersprechen, das gilt: {count}"
    )
}

pub(crate) fn event(what: &str, at: &str) -> String {
    format!("{at}, {what}")
}

/// What was done.
pub(crate) mod done {
    use crate::language::{Text, tell};

    pub(crate) fn added(serial: &str) -> String {
        tell!(
            "Logger {serial} is added; it may upload now.",
            "Der Logger {serial} ist angelegt; er darf jetzt hochladen."
        )
    }

    pub(crate) fn changed(serial: &str) -> String {
        tell!("Logger {serial} is changed.", "Der Logger {serial} ist geändert.")
    }

    pub(crate) fn removed(serial: &str) -> String {
        tell!(
            "Logger {serial} is removed; its meters stay.",
            "Der Logger {serial} ist entfernt; seine Zähler bleiben."
        )
    }

    pub(crate) const COLUMNS: Text = Text(
        "the columns are no JSON: write them as {\"7\": {\"ActivePower\": 1}}",
        "die Spalten sind kein JSON: Schreiben Sie sie als {\"7\": {\"ActivePower\": 1}}",
    );
}
