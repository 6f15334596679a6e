//! Where one can go, and the sites: what the server draws of the frame.

use crate::language::{Text, tell};

pub(crate) const OVERVIEW: Text = Text("Overview", "Übersicht");
pub(crate) const LOSSES: Text = Text("Losses", "Verluste");
pub(crate) const CARBON: Text = Text("Carbon", "CO₂");
pub(crate) const HISTORY: Text = Text("History", "Verlauf");
pub(crate) const ALARMS: Text = Text("Alarms", "Alarme");
pub(crate) const REPORTS: Text = Text("Reports", "Berichte");

pub(crate) fn open_alarms(count: usize) -> String {
    tell!("{count} open", "{count} offen")
}

pub(crate) const COMMISSIONING: Text = Text("Commissioning", "Inbetriebnahme");
pub(crate) const DEVICES: Text = Text("Devices", "Geräte");
pub(crate) const LOGGERS: Text = Text("Loggers", "Datenlogger");
pub(crate) const NETWORK: Text = Text("Network", "Netz");
pub(crate) const GRID: Text = Text("Grid", "Ortsnetz");
pub(crate) const CONNECTIONS: Text = Text("Connections", "Anschlüsse");
pub(crate) const SIMULATOR: Text = Text("Simulator", "Simulator");
pub(crate) const ACCOUNTS: Text = Text("Accounts", "Abrechnung");
pub(crate) const BILLS: Text = Text("Bills", "Rechnungen");
pub(crate) const TRADES: Text = Text("Trades", "Handel");
pub(crate) const MY_ENERGY: Text = Text("My energy", "Meine Energie");
pub(crate) const ADMINISTRATION: Text = Text("Administration", "Verwaltung");
pub(crate) const SETTINGS: Text = Text("Settings", "Einstellungen");
pub(crate) const SITES: Text = Text("Sites", "Anlagen");
pub(crate) const SIMULATED: Text = Text("Simulated", "Simuliert");
pub(crate) const THEME: Text = Text("Colours", "Farben");
pub(crate) const SYSTEM: Text = Text("Auto", "Auto");
pub(crate) const LIGHT: Text = Text("Light", "Hell");
pub(crate) const DARK: Text = Text("Dark", "Dunkel");
pub(crate) const LANGUAGE: Text = Text("Language", "Sprache");
