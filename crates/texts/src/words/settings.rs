//! Words of the pages of settings.

pub mod done;
pub mod meters;
pub mod prices;

use crate::language::{Text, tell};

pub use crate::words::labels::{
    ALL, AREA, FACTORS, LATITUDE, LONGITUDE, METERS, NAME, SAVE, SITE, ZONE,
};

pub const TITLE: Text = Text("Settings", "Einstellungen");
pub const PLACES: Text = Text("Pages of settings", "Seiten der Einstellungen");
pub const TARIFFS: Text = Text("Tariffs", "Tarife");
pub const RETENTION: Text = Text("Retention", "Aufbewahrung");
pub const AREAS: Text = Text("Areas", "Bereiche");
pub const CONFIGURATION: Text = Text("Configuration", "Konfiguration");

pub const READ_ONLY: Text = Text(
    "You may look at these settings; changing them needs another role.",
    "Sie können diese Einstellungen ansehen; ändern kann sie nur, wer die Rolle dafür hat.",
);
pub const SIMULATED: Text =
    Text("This site is a simulated world.", "Diese Anlage ist eine simulierte Welt.");
pub const LOOK: Text = Text("Show what this changes", "Auswirkung zeigen");
pub const NOTHING_STORED: Text = Text("Nothing is stored yet.", "Noch ist nichts gespeichert.");
pub const CANCEL: Text = Text("Discard", "Verwerfen");
pub const NOT_SET: Text = Text("not set", "nicht angegeben");
pub const BEFORE: Text = Text("Before", "Vorher");
pub const AFTER: Text = Text("After", "Nachher");

// The overview
pub const OVERVIEW_NOTE: Text = Text(
    "What figures rest on. Each change is noted with its author, and previewed where it changes the past.",
    "Worauf die Zahlen beruhen. Jede Änderung wird mit ihrem Urheber vermerkt und vorab gezeigt, wo sie Vergangenes ändert.",
);

pub fn tariffs(n: usize) -> String {
    match n {
        0 => {
            Text("no tariff, the flat price counts", "kein Tarif, es gilt der Pauschalpreis").into()
        }
        1 => Text("1 version", "1 Fassung").into(),
        _ => tell!("{n} versions", "{n} Fassungen"),
    }
}

pub fn factors(n: usize) -> String {
    match n {
        0 => Text("built-in values", "vorgegebene Werte").into(),
        _ => tell!("{n} entered", "{n} eingetragen"),
    }
}

pub fn retention(raw: u32, quarters: u32, days: u32) -> String {
    tell!(
        "readings {raw} days, quarter-hours {quarters}, days {days}",
        "Messwerte {raw} Tage, Viertelstunden {quarters}, Tage {days}"
    )
}

pub fn areas(n: usize) -> String {
    match n {
        1 => Text("1 area", "1 Bereich").into(),
        _ => tell!("{n} areas", "{n} Bereiche"),
    }
}

pub fn meters(n: usize) -> String {
    match n {
        1 => Text("1 meter", "1 Zähler").into(),
        _ => tell!("{n} meters", "{n} Zähler"),
    }
}

pub const DOCUMENT: Text = Text("export, import with a dry run", "Export, Import mit Probelauf");

// The site
pub const CURRENCY: Text = Text("Currency, ISO 4217", "Währung, ISO 4217");
pub const PRICE: Text =
    Text("Price per kWh where no tariff says so", "Preis je kWh, wo kein Tarif gilt");
pub const CAPACITY: Text =
    Text("Sanctioned load of the grid connection, kW", "Anschlussleistung, kW");
pub const ZONE_NOTE: Text = Text(
    "Days, hours, tariffs and months begin on this clock. With another zone the days and balances are made anew; issued bills stay.",
    "Tage, Stunden, Tarife und Monate beginnen nach dieser Uhr. Mit einer anderen Zone werden Tage und Bilanzen neu gebildet; ausgestellte Rechnungen bleiben.",
);
pub const ZONE_LOCKED: Text = Text(
    "The records of a simulated world were made by its clock, so its zone cannot be changed.",
    "Die Aufzeichnungen einer simulierten Welt entstanden nach ihrer Uhr; ihre Zone lässt sich deshalb nicht ändern.",
);
pub const MOVE_ZONE: Text = Text("Move the zone", "Zone umstellen");

pub fn zone_title(zone: &str) -> String {
    tell!("With the zone {zone}", "Mit der Zone {zone}")
}

pub fn today_begins(before: &str, after: &str) -> String {
    tell!(
        "Today begins at {after} UTC instead of {before} UTC.",
        "Der heutige Tag beginnt um {after} UTC statt um {before} UTC."
    )
}

pub fn days_anew(days: usize, meters: usize, balances: i64) -> String {
    tell!(
        "{days} days of {meters} meters are summed up again from their quarter-hours, and {balances} balances by hour and day are computed again.",
        "{days} Tage von {meters} Zählern werden aus ihren Viertelstunden neu summiert, {balances} Bilanzen je Stunde und Tag neu berechnet."
    )
}

pub fn days_kept(days: i64) -> String {
    tell!(
        "{days} days stay as they were counted by the old clock: their quarter-hours are no longer kept.",
        "{days} Tage bleiben, wie sie nach der alten Uhr gezählt wurden: Ihre Viertelstunden sind nicht mehr aufbewahrt."
    )
}

pub fn last_day(day: &str, before: &str, after: &str) -> String {
    tell!(
        "Energy from outside on {day}: {after} kWh instead of {before} kWh.",
        "Energie von außen am {day}: {after} kWh statt {before} kWh."
    )
}

// Retention
pub const RETENTION_NOTE: Text = Text(
    "What is older goes by itself. Finer figures are kept no longer than coarser ones, and what is gone cannot be computed again.",
    "Älteres wird von selbst gelöscht. Feinere Werte werden nicht länger aufbewahrt als gröbere, und Gelöschtes lässt sich nicht neu berechnen.",
);
pub const KEPT_DAYS: [Text; 3] = [
    Text("Readings, days", "Messwerte, Tage"),
    Text("Quarter-hours and hours, days", "Viertelstunden und Stunden, Tage"),
    Text("Days and alarms, days", "Tageswerte und Alarme, Tage"),
];
pub const NOTHING_DROPPED: Text =
    Text("Nothing is dropped by this.", "Dadurch wird nichts gelöscht.");
pub const KEEP_SO: Text = Text("Keep it so", "So aufbewahren");
pub const DROP: Text = Text("Drop it and keep it so", "Löschen und so aufbewahren");

pub const DROPPING_PAUSED: Text = Text("Nothing is dropped now", "Derzeit wird nichts gelöscht");
pub const CLOCK_IS_RIGHT: Text =
    Text("The clock of the server is right", "Die Uhr des Servers geht richtig");

pub fn leapt(expected: &str, leapt_at: &str, now: &str) -> String {
    tell!(
        "The server's clock leapt: after {expected} it showed {leapt_at}. It shows {now} now. Old readings are kept until an administrator says that it is right, or until it has gone on for a week without another leap. A long time out of service looks the same.",
        "Die Uhr des Servers ist gesprungen: Nach dem {expected} zeigte sie den {leapt_at}. Jetzt zeigt sie den {now}. Alte Messwerte bleiben, bis ein Administrator bestätigt, dass sie richtig geht, oder bis sie eine Woche ohne weiteren Sprung gegangen ist. Eine lange Zeit außer Betrieb sieht genauso aus."
    )
}

pub fn dropped(resolution: &str, rows: &str, before: &str) -> String {
    let what = match resolution {
        "rawDays" => Text("readings", "Messwerte"),
        "hourlyDays" => Text("quarter-hours", "Viertelstunden"),
        _ => Text("days of meters", "Tageswerte von Zählern"),
    };
    let what = what.get();
    tell!(
        "{rows} {what} from before {before} are dropped within the hour and cannot be brought back.",
        "{rows} {what} von vor dem {before} werden innerhalb einer Stunde gelöscht und lassen sich nicht wiederherstellen."
    )
}

pub fn at_least(rows: &str) -> String {
    tell!("{rows} or more", "{rows} oder mehr")
}

// Areas
pub const AREAS_NOTE: Text = Text(
    "Areas group meters, such as units or halls; losses are added up by area. A name that another area has puts both together.",
    "Bereiche fassen Zähler zusammen, etwa Werke oder Hallen; Verluste werden je Bereich summiert. Ein Name, den ein anderer Bereich hat, vereint beide.",
);
pub const RENAME: Text = Text("Rename", "Umbenennen");
pub const NEW_NAME: Text = Text("New name", "Neuer Name");
pub const NO_AREAS: Text = Text(
    "No meter has an area yet: give meters one on the page of meters.",
    "Noch hat kein Zähler einen Bereich: Geben Sie Zählern auf der Seite der Zähler einen.",
);

pub fn without_area(n: usize) -> String {
    tell!("{n} meters have no area.", "{n} Zähler haben keinen Bereich.")
}

// The configuration
pub const CONFIGURATION_NOTE: Text = Text(
    "Everything that people entered, as one document: to keep, to review, to set up another server. Secrets are left out; those that are stored stay.",
    "Alles von Hand Eingetragene als ein Dokument: zum Aufheben, zum Prüfen, zum Einrichten eines weiteren Servers. Geheimnisse fehlen darin; gespeicherte bleiben.",
);
pub const EXPORT: Text = Text("Export", "Exportieren");
pub const FILE: Text = Text("Document to import", "Zu importierendes Dokument");
pub const DRY_RUN: Text = Text("Dry run", "Probelauf");
pub const IMPORT: Text = Text("Import now", "Jetzt importieren");
pub const IMPORT_NOTE: Text =
    Text("It is taken in whole or not at all.", "Es wird ganz übernommen oder gar nicht.");
pub const GONE: Text = Text(
    "The document had to make room for others: send it again.",
    "Das Dokument musste anderen weichen: Senden Sie es noch einmal.",
);
pub const UNREADABLE: Text = Text(
    "The file is no JSON document: choose one that was exported here.",
    "Die Datei ist kein JSON-Dokument: Wählen Sie eine, die hier exportiert wurde.",
);
pub const NO_CHANGE: Text = Text(
    "The document says what is there already: nothing would change.",
    "Das Dokument sagt, was schon da ist: Nichts würde sich ändern.",
);
pub const PLACE: Text = Text("Place", "Stelle");
pub const FAULT: Text = Text("What is wrong", "Was nicht stimmt");
pub const FAULTS: Text = Text("Faults", "Fehler");
pub const ENTRY: Text = Text("Entry", "Eintrag");
pub const OUTCOME: Text = Text("Outcome", "Ergebnis");
pub const CHANGES: Text = Text("Changes", "Änderungen");
pub const ADDED: Text = Text("added", "neu");
pub const CHANGED: Text = Text("changed", "geändert");
pub const REMOVED: Text = Text("removed", "entfernt");
pub const STOP: Text = Text("Cancel the import", "Import abbrechen");

pub fn refused(n: usize) -> String {
    match n {
        1 => Text(
            "1 fault: nothing of the document would be stored",
            "1 Fehler: Nichts aus dem Dokument würde gespeichert",
        )
        .into(),
        _ => tell!(
            "{n} faults: nothing of the document would be stored",
            "{n} Fehler: Nichts aus dem Dokument würde gespeichert"
        ),
    }
}

pub fn would(added: usize, changed: usize, removed: usize) -> String {
    tell!(
        "It would add {added}, change {changed} and remove {removed}",
        "Es würde {added} hinzufügen, {changed} ändern und {removed} entfernen"
    )
}

pub fn running(done: usize, of: usize) -> String {
    tell!(
        "Importing: {done} of {of} meters and devices",
        "Import läuft: {done} von {of} Zählern und Geräten"
    )
}

pub fn imported(meters: usize, devices: usize) -> String {
    tell!(
        "Imported, with {meters} meters and {devices} devices. Secrets of what is new are to be entered again.",
        "Importiert, mit {meters} Zählern und {devices} Geräten. Geheimnisse von Neuem sind noch einzugeben."
    )
}

pub fn failed(why: &str) -> String {
    tell!("Not imported: {why}", "Nicht importiert: {why}")
}

pub fn more(n: usize) -> String {
    tell!("{n} more are not shown.", "{n} weitere sind nicht gezeigt.")
}

/// A kind of entry, by its name in the document.
pub fn kind(name: &str) -> &str {
    let text = match name {
        "sites" => Text("Sites", "Anlagen"),
        "meters" => Text("Meters", "Zähler"),
        "devices" => Text("Devices", "Geräte"),
        "tariffs" => Text("Tariffs", "Tarife"),
        "meterTariffs" => Text("Tariffs of meters", "Tarife von Zählern"),
        "emissionFactors" => Text("Factors", "Faktoren"),
        "virtualMeters" => Text("Virtual meters", "Virtuelle Zähler"),
        "unmeteredLoads" => Text("Unmetered loads", "Ungezählte Lasten"),
        "brokers" => Text("Brokers", "Broker"),
        "loggers" => Text("Loggers", "Datenlogger"),
        "alarmRules" => Text("Rules of alarms", "Alarmregeln"),
        "alarmRecipients" => Text("Recipients of alarms", "Empfänger von Alarmen"),
        "reportSchedules" => Text("Schedules of reports", "Berichtspläne"),
        "meterExchanges" => Text("Exchanges", "Zählerwechsel"),
        "readingCorrections" => Text("Corrections", "Korrekturen"),
        other => return other,
    };
    text.get()
}
