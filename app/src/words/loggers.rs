//! Words of the page of data loggers.

pub(crate) const TITLE: &str = "Loggers";
pub(crate) const NONE: &str = "No loggers yet";
pub(crate) const NONE_DETAIL: &str =
    "An AcquiSuite uploads what it recorded as soon as it is added here and told where to send it.";
pub(crate) const LOGGERS: &str = "Data loggers";
pub(crate) const SERIAL: &str = "Serial number";
pub(crate) const LAST: &str = "Last upload";
pub(crate) const NEVER: &str = "never";
pub(crate) const FILES: &str = "Files";
pub(crate) const STORED: &str = "Lines stored";
pub(crate) const REFUSED: &str = "Refused";
pub(crate) const SILENT: &str = "Without value";
pub(crate) const DEVICES: &str = "Devices and their meters";
pub(crate) const NO_DEVICES: &str = "none heard of";
pub(crate) const PROBLEM: &str = "Last problem";
pub(crate) const NO_PASSWORD: &str =
    "no password is set: enter the logger's, or its uploads are refused";
pub(crate) const NO_PROBLEM: &str = "none";
pub(crate) const ACTIONS: &str = "Change";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const COMPUTED: &str = "computed meter";

pub(crate) const STRANGERS: &str = "Turned away";
pub(crate) const STRANGERS_NOTE: &str = "uploads that no logger here could have sent";

pub(crate) const ADD: &str = "Add a logger";
pub(crate) const ADD_NOW: &str = "Add";
pub(crate) const SAVE: &str = "Save";
pub(crate) const PASSWORD: &str = "Upload password, 8 to 64 characters";
pub(crate) const NEW_PASSWORD: &str = "Another upload password; blank keeps it";
pub(crate) const UTILITY: &str = "Device address of the utility meter";
pub(crate) const LOAD: &str = "Device address of the load meter";
pub(crate) const SOLAR: &str = "Device address of the solar meter";
pub(crate) const ROLES_NOTE: &str =
    "With two of the three addresses, the third meter is computed each minute. All may stay blank.";
pub(crate) const COLUMNS: &str = "Columns, where the logger does not name them";
pub(crate) const COLUMNS_HINT: &str = r#"{"7": {"ActivePower": 1, "EnergyImport": 0}}"#;
pub(crate) const COLUMNS_NOTE: &str = "By device address: which point, counted from 0, holds which \
    channel. Not needed where the logger uploads its configuration files. {} after an address takes \
    nothing of that device.";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const REMOVE_NOW: &str = "Remove now";
pub(crate) const REMOVE_NOTE: &str =
    "What it uploads from then on is refused. Its meters stay, with what they measured.";

pub(crate) const SETUP: &str = "On the AcquiSuite";
pub(crate) const SETUP_WHERE: &str = "Log File Data, Setup/Upload:";
pub(crate) const SETUP_TARGET: &str = "Target address";
pub(crate) const SETUP_SERVER: &str = "http://<address of this server>";
pub(crate) const SETUP_PASSWORD: &str = "Password";
pub(crate) const SETUP_SAME: &str = "the one entered here";
pub(crate) const SETUP_CONFIG: &str = "Configuration files";
pub(crate) const SETUP_CONFIG_ON: &str = "let it send them: they name the columns of each device";
pub(crate) const SETUP_PERIOD: &str = "Logging period";
pub(crate) const SETUP_PERIOD_SHORT: &str = "1 to 15 minutes; longer ones leave gaps";

/// The state of all of them.
pub(crate) fn headline(loggers: usize, silent: usize) -> String {
    let count = if loggers == 1 { "One logger".to_owned() } else { format!("{loggers} loggers") };
    match silent {
        0 => count,
        _ if silent == loggers => format!("{count}, no upload yet"),
        _ => format!("{count}, {silent} without an upload yet"),
    }
}

pub(crate) fn change(serial: &str) -> String {
    format!("Change {serial}")
}

pub(crate) fn points((listed, used): (usize, usize)) -> String {
    match listed {
        0 => "points not listed yet".to_owned(),
        _ => format!("{used} of {listed} points used"),
    }
}

pub(crate) fn times(count: i64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

pub(crate) fn conflicting(count: &str) -> String {
    format!("lines that contradict what was stored before, which counts: {count}")
}

pub(crate) fn event(what: &str, at: &str) -> String {
    format!("{at}, {what}")
}

/// What was done.
pub(crate) mod done {
    pub(crate) fn added(serial: &str) -> String {
        format!("Logger {serial} is added; it may upload now.")
    }

    pub(crate) fn changed(serial: &str) -> String {
        format!("Logger {serial} is changed.")
    }

    pub(crate) fn removed(serial: &str) -> String {
        format!("Logger {serial} is removed; its meters stay.")
    }

    pub(crate) const COLUMNS: &str =
        "the columns are no JSON: write them as {\"7\": {\"ActivePower\": 1}}";
}
