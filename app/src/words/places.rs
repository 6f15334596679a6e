//! Where one can go, and the sites: what the server draws of the frame.

pub(crate) const OVERVIEW: &str = "Overview";
pub(crate) const LOSSES: &str = "Losses";
pub(crate) const CARBON: &str = "Carbon";
pub(crate) const ALARMS: &str = "Alarms";

pub(crate) fn open_alarms(count: usize) -> String {
    if count == 1 { "1 open".to_owned() } else { format!("{count} open") }
}

pub(crate) const COMMISSIONING: &str = "Commissioning";
pub(crate) const DEVICES: &str = "Devices";
pub(crate) const LOGGERS: &str = "Loggers";
pub(crate) const NETWORK: &str = "Network";
pub(crate) const GRID: &str = "Grid";
pub(crate) const CONNECTIONS: &str = "Connections";
pub(crate) const SIMULATOR: &str = "Simulator";
pub(crate) const ACCOUNTS: &str = "Accounts";
pub(crate) const BILLS: &str = "Bills";
pub(crate) const TRADES: &str = "Trades";
pub(crate) const MY_ENERGY: &str = "My energy";
pub(crate) const SIMULATED: &str = "Simulated";
pub(crate) const THEME: &str = "Colours";
pub(crate) const SYSTEM: &str = "Auto";
pub(crate) const LIGHT: &str = "Light";
pub(crate) const DARK: &str = "Dark";
