//! The search over meters, pages and acts.

use crate::language::{Text, tell};

pub const FIND: Text = Text("Find", "Suchen");
pub const FIND_A_METER: Text = Text("Find a meter or page", "Zähler oder Seite finden");
pub const FOUND: Text = Text("Found", "Gefunden");
pub const TITLE: Text = Text("Find", "Suche");
pub const GO: Text = Text("Find", "Suchen");
pub const HINT: Text = Text(
    "Name, number or place of a meter, serial number of a logger, a page, or what you want to do. The \
     beginnings of words are enough.",
    "Name, Nummer oder Ort eines Zählers, Seriennummer eines Datenloggers, eine Seite oder das, was Sie \
     tun möchten. Wortanfänge genügen.",
);
pub const METERS: Text = Text("Meters", "Zähler");
pub const LOGGERS: Text = Text("Data loggers", "Datenlogger");
pub const SITES: Text = Text("Sites", "Anlagen");
pub const PAGES: Text = Text("Pages", "Seiten");
pub const ACTS: Text = Text("Actions", "Aktionen");

pub const DIESEL_PRICE: Text = Text("Enter the price of diesel", "Dieselpreis eintragen");

// Subjects of pages, as people look for them.
pub const OF_CARBON: Text = Text(
    "CO2, emissions, diesel, generator, fuel, solar",
    "CO2, Emissionen, Diesel, Generator, Kraftstoff, Solar",
);
pub const OF_LOSSES: Text = Text("Balance, theft, leakage", "Bilanz, Verluste, Diebstahl");
pub const OF_HISTORY: Text = Text("Chart, trend, power, voltage", "Verlauf, Leistung, Spannung");
pub const OF_REPORTS: Text = Text("Month, cost", "Monat, Kosten");

/// As a heading.
pub fn headline(count: usize, typed: &str) -> String {
    match count {
        0 => tell!("Nothing found for “{typed}”", "Nichts gefunden zu „{typed}“"),
        1 => tell!("1 result for “{typed}”", "1 Treffer zu „{typed}“"),
        _ => tell!("{count} results for “{typed}”", "{count} Treffer zu „{typed}“"),
    }
}

/// As it is said to whoever does not see the list.
pub fn said(count: usize) -> String {
    match count {
        1 => tell!("1 result", "1 Treffer"),
        _ => tell!("{count} results", "{count} Treffer"),
    }
}

pub const NONE: Text = Text(
    "Nothing has this in its name, number or place",
    "Nichts hat das in Name, Nummer oder Ort",
);
pub const NONE_HELP: Text = Text(
    "Type fewer letters, or only the number.",
    "Geben Sie weniger Buchstaben ein oder nur die Nummer.",
);

pub fn too_long(letters: usize, most: usize) -> String {
    tell!(
        "No name has {letters} letters: type {most} at most",
        "Kein Name hat {letters} Buchstaben: Geben Sie höchstens {most} ein"
    )
}

pub fn all(count: usize) -> String {
    tell!("All {count} meters", "Alle {count} Zähler")
}

pub fn more(count: usize) -> String {
    tell!(
        "{count} more meters answer to this: type more of what you are looking for.",
        "{count} weitere Zähler passen dazu: Geben Sie mehr von dem ein, was Sie suchen."
    )
}

pub const ADD_METER: Text = Text("Add a meter", "Zähler anlegen");
pub const IMPORT: Text = Text("Import a table of meters", "Tabelle von Zählern einlesen");
pub const ADD_RULE: Text = Text("Watch a value with an alarm", "Wert mit Alarm überwachen");
pub const HELP: Text = Text("Help and glossary", "Hilfe und Glossar");
pub const API: Text =
    Text("Documentation of the interface (API)", "Dokumentation der Schnittstelle (API)");
pub const CONFIGURATION: Text = Text("Export the configuration", "Konfiguration exportieren");
pub const LIGHT: Text = Text("Light colours", "Helle Farben");
pub const DARK: Text = Text("Dark colours", "Dunkle Farben");
pub const SYSTEM: Text = Text("Colours as the system", "Farben wie das System");
/// Each language is found by its own name and by that in the other.
pub const ENGLISH: Text = Text("English", "Englisch (English)");
pub const GERMAN: Text = Text("German (Deutsch)", "Deutsch");
