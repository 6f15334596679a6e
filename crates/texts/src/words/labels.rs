//! Words that several pages have in common, at the head of a column or on a button.

use crate::language::{Text, tell};

pub const ACTIONS: Text = Text("Actions", "Aktionen");
pub const ADDRESS: Text = Text("Address", "Adresse");
pub const AGE: Text = Text("Age", "Alter");
pub const ALARMS: Text = Text("Alarms", "Alarme");
pub const ALL: Text = Text("All", "Alle");
pub const ALL_NODES: Text = Text("All nodes", "Alle Knoten");
pub const ALWAYS: Text = Text("always", "immer");
pub const AMOUNT: Text = Text("Amount", "Betrag");
pub const AREA: Text = Text("Area", "Bereich");
pub const BATTERY: Text = Text("battery", "Batterie");
pub const CARBON: Text = Text("Carbon", "CO₂");
pub const CAUSE: Text = Text("Likely cause", "Wahrscheinliche Ursache");
pub const CHANGE: Text = Text("Change", "Ändern");
pub const CHANNEL: Text = Text("Channel", "Kanal");
pub const CHART: Text = Text("Chart", "Diagramm");
pub const CONSUMER: Text = Text("consumer", "Verbraucher");
pub const COVERAGE: Text = Text("Coverage", "Abdeckung");
pub const CSV: Text = Text("CSV", "CSV");
pub const DAY: Text = Text("Day", "Tag");
pub const DIESEL: Text = Text("diesel", "Diesel");
pub const FACTOR: Text = Text("Factor", "Faktor");
pub const FACTORS: Text = Text("Factors", "Faktoren");
pub const GRID: Text = Text("grid", "Netz");
pub const KIND: Text = Text("Kind", "Art");
pub const KWH: Text = Text("kWh", "kWh");
pub const LANGUAGE: Text = Text("Language", "Sprache");
pub const LATITUDE: Text = Text("Degrees north", "Grad Nord");
pub const LONGITUDE: Text = Text("Degrees east", "Grad Ost");
pub const LOSS: Text = Text("Loss", "Verlust");
pub const MAP: Text = Text("Map", "Karte");
pub const METER: Text = Text("Meter", "Zähler");
pub const METERS: Text = Text("Meters", "Zähler");
pub const METER_NUMBER: Text = Text("Meter number", "Zählernummer");
pub const MONTH: Text = Text("Month", "Monat");
pub const NAME: Text = Text("Name", "Name");
pub const NEGATIVE: Text = Text("negative", "negativ");
pub const NEVER: Text = Text("never", "nie");
pub const NODE: Text = Text("Node", "Knoten");
pub const NODES: Text = Text("Nodes", "Knoten");
pub const NUMBER: Text = Text("Number", "Nummer");
pub const OFF: Text = Text("off", "aus");
pub const PERIOD: Text = Text("Period", "Zeitraum");
pub const POLL: Text = Text("Poll interval", "Abfrageintervall");
pub const PRINT: Text = Text("Print", "Drucken");
pub const PROSUMER: Text = Text("prosumer", "Prosumer");
pub const QUALITY: Text = Text("Quality", "Güte");
pub const REASON: Text = Text("Reason", "Grund");
pub const REFUND: Text = Text("Credit to you", "Guthaben");
pub const REMOVE: Text = Text("Remove", "Entfernen");
pub const REMOVE_NOW: Text = Text("Remove now", "Jetzt entfernen");
pub const ROLE: Text = Text("Role", "Rolle");
pub const SAVE: Text = Text("Save", "Speichern");
pub const SAVED: Text = Text("Saved.", "Gespeichert.");
pub const SETTINGS: Text = Text("Settings", "Einstellungen");
pub const SEVERITY: Text = Text("Severity", "Schwere");
pub const SHOW_FEWER: Text = Text("Show fewer", "Weniger zeigen");
pub const SINCE: Text = Text("Since", "Seit");
pub const SITE: Text = Text("Site", "Anlage");
pub const SOLAR: Text = Text("solar", "Solar");
pub const SOURCE: Text = Text("Source", "Quelle");
pub const STATE: Text = Text("State", "Zustand");
pub const SUM: Text = Text("Sum", "Summe");
pub const SWITCH_OFF: Text = Text("Switch off", "Ausschalten");
pub const SWITCH_ON: Text = Text("Switch on", "Einschalten");
pub const TIME: Text = Text("Time", "Zeit");
pub const TODAY: Text = Text("today", "heute");
pub const TOPIC: Text = Text("Topic", "Thema");
pub const TO_PAY: Text = Text("To pay", "Zu zahlen");
pub const TRADES: Text = Text("Trades", "Handel");
pub const TYPE: Text = Text("Type", "Art");
pub const UNIT: Text = Text("Unit", "Einheit");
pub const UNTIL: Text = Text("Until", "Bis");
pub const VALUE: Text = Text("Value", "Wert");
pub const WHAT: Text = Text("What", "Was");
pub const WHEN: Text = Text("When", "Wann");
pub const WITHIN_ERROR: Text = Text("within error", "im Messfehler");
pub const ZONE: Text = Text("Time zone", "Zeitzone");

pub fn meters(count: usize) -> String {
    match count {
        1 => tell!("1 meter", "1 Zähler"),
        _ => tell!("{count} meters", "{count} Zähler"),
    }
}

pub fn trades(count: usize) -> String {
    match count {
        1 => tell!("1 trade", "1 Handelsgeschäft"),
        _ => tell!("{count} trades", "{count} Handelsgeschäfte"),
    }
}

pub fn others(count: usize) -> String {
    tell!("{count} others", "{count} weitere")
}
