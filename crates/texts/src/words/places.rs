//! Where one can go, and the sites: what the server draws of the frame.

use crate::language::{Text, tell};

pub use crate::words::labels::{ALARMS, CARBON, LANGUAGE, SETTINGS, TRADES};

pub const OVERVIEW: Text = Text("Overview", "Übersicht");
pub const LOSSES: Text = Text("Losses", "Verluste");
pub const HISTORY: Text = Text("History", "Verlauf");
pub const REPORTS: Text = Text("Reports", "Berichte");

pub fn open_alarms(count: usize) -> String {
    tell!("{count} open", "{count} offen")
}

pub const COMMISSIONING: Text = Text("Commissioning", "Inbetriebnahme");
pub const DEVICES: Text = Text("Devices", "Geräte");
pub const LOGGERS: Text = Text("Loggers", "Datenlogger");
pub const NETWORK: Text = Text("Network", "Netz");
pub const GRID: Text = Text("Grid", "Ortsnetz");
pub const CONNECTIONS: Text = Text("Connections", "Anschlüsse");
pub const SIMULATOR: Text = Text("Simulator", "Simulator");
pub const ACCOUNTS: Text = Text("Accounts", "Abrechnung");
pub const BILLS: Text = Text("Bills", "Rechnungen");
pub const MY_ENERGY: Text = Text("My energy", "Meine Energie");
pub const ADMINISTRATION: Text = Text("Administration", "Verwaltung");
pub const SITES: Text = Text("Sites", "Anlagen");
pub const SIMULATED: Text = Text("Simulated", "Simuliert");
pub const THEME: Text = Text("Colours", "Farben");
pub const SYSTEM: Text = Text("Auto", "Auto");
pub const LIGHT: Text = Text("Light", "Hell");
pub const DARK: Text = Text("Dark", "Dunkel");
