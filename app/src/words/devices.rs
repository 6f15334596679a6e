//! Devices: how they are doing, and how they come in.

use domain::device::Protocol;
use domain::view::devices::Condition;

pub(crate) const TITLE: &str = "Devices";

pub(crate) fn headline(all: usize, troubled: usize) -> String {
    match (all, troubled) {
        (0, _) => "No device yet".to_owned(),
        (1, 0) => "The device is read".to_owned(),
        (all, 0) => format!("All {all} devices are read"),
        (all, 1) => format!("1 of {all} devices is not read"),
        (all, troubled) => format!("{troubled} of {all} devices are not read"),
    }
}

pub(crate) const DETAIL: &str = "Meters are only read: nothing is ever written to a device.";
pub(crate) const NONE_HELP: &str = "A device is the connection that a meter is read through: Modbus, MQTT or HTTP. Add the first, or \
     import a table of them.";
pub(crate) const ADD: &str = "Add a meter";
pub(crate) const IMPORT: &str = "Import a table";
pub(crate) const EXPORT: &str = "Export as CSV";
pub(crate) const FILTER: &str = "States";
pub(crate) const ALL: &str = "All";
pub(crate) const FIND: &str = "Find a device";
pub(crate) const FIND_HINT: &str = "Name, number, address, profile";
pub(crate) const GO: &str = "Find";
pub(crate) const NOTHING_FOUND: &str = "No device is like that.";

pub(crate) fn more(hidden: usize) -> String {
    format!("{hidden} more are not shown: choose a state or type a part of a name.")
}

pub(crate) const STATE: &str = "State";
pub(crate) const METER: &str = "Meter";
pub(crate) const PEER: &str = "Read from";
pub(crate) const PROFILE: &str = "Profile";
pub(crate) const POWER: &str = "Power kW";
pub(crate) const AGE: &str = "Age";
pub(crate) const PACE: &str = "Polls/min";
pub(crate) const SILENT: &str = "Silent";
pub(crate) const WRONG: &str = "Wrong";
pub(crate) const LATENCY: &str = "Latency ms";
pub(crate) const SILENT_HELP: &str = "Polls without an answer, and times that it was found offline";
pub(crate) const WRONG_HELP: &str =
    "Answers that were errors or nonsense, and messages that could not be read";

pub(crate) const fn state(condition: Condition) -> &'static str {
    match condition {
        Condition::Error => "error",
        Condition::Offline => "offline",
        Condition::Stale => "stale",
        Condition::Waiting => "not heard yet",
        Condition::Online => "read",
        Condition::Off => "switched off",
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
    format!("for {duration}")
}

pub(crate) mod one {
    //! One device.

    pub(crate) const BACK: &str = "All devices";
    pub(crate) const TO_METER: &str = "The meter";
    pub(crate) const CHANGE: &str = "Change";
    pub(crate) const READ_NOW: &str = "Read now";
    pub(crate) const SWITCH_OFF: &str = "Switch off";
    pub(crate) const SWITCH_ON: &str = "Switch on";
    pub(crate) const REMOVE: &str = "Remove";
    pub(crate) const REMOVE_NOW: &str = "Remove the device";

    pub(crate) fn removes(name: &str) -> String {
        format!(
            "Its settings and passwords are lost, and nothing reads {name} any more. The meter and all its readings \
             stay. To pause it only, switch it off."
        )
    }

    pub(crate) const HEALTH: &str = "Health";
    pub(crate) const SINCE_START: &str = "since it is read by this process";
    pub(crate) const SINCE: &str = "Since";
    pub(crate) const REASON: &str = "Reason";
    pub(crate) const POLL: &str = "Poll interval";
    pub(crate) const PACE: &str = "Polls per minute";
    pub(crate) const ANSWERS: &str = "Answers";
    pub(crate) const SILENCES: &str = "Without an answer";
    pub(crate) const ERRORS: &str = "Errors and nonsense";
    pub(crate) const UNREADABLE: &str = "Unreadable messages";
    pub(crate) const LATENCY: &str = "Last answer took";
    pub(crate) const LAST: &str = "Last value";
    pub(crate) const SETTINGS: &str = "Settings";
    pub(crate) const SECRETS: &str = "passwords and tokens are never shown";
    pub(crate) const SETTING: &str = "Setting";
    pub(crate) const VALUE: &str = "Value";
    pub(crate) const HISTORY: &str = "What happened";
    pub(crate) const NO_HISTORY: &str = "Its driver has not spoken yet.";
    pub(crate) const MESSAGES: &str = "Messages that could not be read";
    pub(crate) const LAST_TEN: &str = "the last ten; they were taken from the broker and are gone";
    pub(crate) const TIME: &str = "Time";
    pub(crate) const TOPIC: &str = "Topic";
}

pub(crate) mod channels {
    //! The channels of a meter.

    pub(crate) const TITLE: &str = "Channels";
    pub(crate) const READ_AT: &str = "other programs read them at";
    pub(crate) const NONE: &str = "No value yet.";
    pub(crate) const CHANNEL: &str = "Channel";
    pub(crate) const VALUE: &str = "Value";
    pub(crate) const UNIT: &str = "Unit";
    pub(crate) const QUALITY: &str = "Quality";
    pub(crate) const AGE: &str = "Age";
    pub(crate) const DERIVED: &str = ", computed";
}

pub(crate) mod probe {
    //! What a meter says when it is read on trial.

    pub(crate) const NOTHING_STORED: &str = "nothing of it is stored";

    pub(crate) fn answered(latency: u64) -> String {
        format!("It answered in {latency} ms")
    }

    pub(crate) const SILENT: &str = "It could not be read";
    pub(crate) const FIELD: &str = "Value";
    pub(crate) const VALUE: &str = "Now";
    pub(crate) const NOTHING: &str = "It answered, but none of its values was found in the answer.";
    pub(crate) const RAW: &str = "As it came";
    pub(crate) const WHERE: &str = "Where";
    pub(crate) const WHAT: &str = "What";
    pub(crate) const ORDERS: &str = "Registers in every order";
    pub(crate) const ADDRESS: &str = "Address";
    pub(crate) const WORDS: &str = "Words";
    pub(crate) const FORM: &str = "Read as";
    pub(crate) const HINT: &str = "Looks like";
}

pub(crate) mod new {
    //! Adding a device.

    pub(crate) const TITLE: &str = "Add a meter";
    pub(crate) const CHANGE_TITLE: &str = "Change how a meter is read";
    pub(crate) const DETAIL: &str = "Only reads are sent; nothing is written to the device.";
    pub(crate) const STEPS: [(&str, &str); 4] = [
        ("1 Device", "profile or protocol"),
        ("2 Connection", "address and settings"),
        ("3 Place in the plant", "name, part, parent"),
        ("4 Save", "after a trial read"),
    ];
    pub(crate) const START_OVER: &str = "Start over";
    pub(crate) const BY_PROTOCOL: &str = "Any device";
    pub(crate) const BY_PROTOCOL_HELP: &str = "with your own list of registers, topics or fields";
    pub(crate) const BY_PROFILE: &str = "A known device";
    pub(crate) const BY_PROFILE_HELP: &str = "its registers, topics and units are known";
    pub(crate) const NO_PROFILES: &str = "No profile is known.";
    pub(crate) const MODELS: &str = "Models";
    pub(crate) const PROTOCOL: &str = "Protocol";
    pub(crate) const CONNECTION: &str = "Connection";
    pub(crate) const REGISTERS: &str = "Registers";
    pub(crate) const REGISTERS_HELP: &str =
        "addresses as on the wire; a manual may count from 1 or from 40001";
    pub(crate) const ADDRESS: &str = "Address";
    pub(crate) const TYPE: &str = "Type";
    pub(crate) const SCALE: &str = "Scale";
    pub(crate) const OTHER: &str = "Other settings";
    pub(crate) const OTHER_HELP: &str =
        "as a JSON object, such as {\"registers\": {\"voltageL2\": 20482}}; no passwords here";
    pub(crate) const SCAN: &str = "Search units";
    pub(crate) const SCAN_HELP: &str = "asks one unit after another, for eight seconds at most";
    pub(crate) const SCAN_FAILED: &str = "The line could not be searched";
    pub(crate) const SCAN_NONE: &str = "No unit answered.";

    pub(crate) fn unit(unit: u8) -> String {
        format!("Unit {unit}")
    }

    pub(crate) fn scan_on(next: u8) -> String {
        format!("Go on from unit {next}")
    }

    pub(crate) const ANNOUNCED: &str = "See what the broker announces";
    pub(crate) const ANNOUNCED_HELP: &str = "devices that announce themselves as Home Assistant hears them; choosing one fills in its name and \
         topics";
    pub(crate) const ANNOUNCED_FAILED: &str = "The broker could not be heard";
    pub(crate) const ANNOUNCED_NONE: &str = "No device announces itself below homeassistant/sensor/: switch that on in the device, or type its \
         topics.";

    pub(crate) fn unusable(count: usize) -> String {
        match count {
            1 => "1 announcement cannot be followed".to_owned(),
            count => format!("{count} announcements cannot be followed"),
        }
    }

    pub(crate) const METER: &str = "This meter";
    pub(crate) const CHECK: &str = "Check";
    pub(crate) const CHECKED: &str = "All settings fit";
    pub(crate) const CHECKED_HELP: &str = "Read the meter on trial before it is saved. A password is asked for when it is saved, and \
         kept out of this address: a meter that needs one is read on trial afterwards.";
    pub(crate) const SAVE: &str = "Save";

    pub(crate) fn save_below(parent: &str) -> String {
        format!("Save below {parent}")
    }

    pub(crate) const COUNTS: &str = "It counts from now; the past is not changed.";
    pub(crate) const NO_PARENT: &str = "None: it stands by itself";
    pub(crate) const USUAL: &str = "usual";

    /// A field's label and what an empty one means.
    pub(crate) fn field(name: &str) -> (&'static str, &'static str) {
        match name {
            "host" => ("Host", "192.168.1.150"),
            "port" => ("Port", "usual for the protocol"),
            "unitId" => ("Unit", "1"),
            "transport" => ("Transport", ""),
            "serialPort" => ("Serial port", "/dev/ttyUSB0"),
            "baudRate" => ("Baud rate", "9600"),
            "parity" => ("Parity", ""),
            "stopBits" => ("Stop bits", "1"),
            "url" => ("Address", "http://192.168.1.200/api/energy"),
            "path" => ("Path", "of the profile"),
            "method" => ("Method", ""),
            "broker" => ("Broker", "default"),
            "tls" => ("TLS", ""),
            "username" => ("User", "none"),
            "device" => ("Device", "its name in the topics"),
            "channel" => ("Channel", "0"),
            "topicPower" => ("Topic of power", "building/energy/power"),
            "topicEnergy" => ("Topic of energy", "building/energy/total"),
            "topicVoltage" => ("Topic of voltage", "none"),
            "topicCurrent" => ("Topic of current", "none"),
            "topicPowerFactor" => ("Topic of power factor", "none"),
            "topicFrequency" => ("Topic of frequency", "none"),
            "topicStatus" => ("Topic of status", "none"),
            "invert" => ("Turn signs", ""),
            "function" => ("Table", ""),
            "wordOrder" => ("Word order", ""),
            "meterName" => ("Name", "Furnace 03"),
            "meterNumber" => ("Number", "the next free one"),
            "parentMeterNumber" => ("Below", "number of the meter above it"),
            "meterType" => ("Type", "Machine"),
            "role" => ("Part in the load status", ""),
            "pollInterval" => ("Poll interval, ms", "usual for the protocol"),
            "power" => ("Power, kW", ""),
            "energy" => ("Energy, kWh", ""),
            "voltage" => ("Voltage, V", ""),
            "current" => ("Current, A", ""),
            "powerFactor" => ("Power factor", ""),
            "frequency" => ("Frequency, Hz", ""),
            "authToken" => ("Token", "none"),
            "password" => ("Password", "none"),
            _ => ("Setting", ""),
        }
    }

    pub(crate) const KEPT: &str = "Left empty, a stored one stays as long as the address does.";
}

pub(crate) mod import {
    //! A table of devices.

    pub(crate) const TITLE: &str = "Import a table of devices";
    pub(crate) const DETAIL: &str = "A line for each device, named by its meter number. Export the table to see its columns. Nothing is \
         stored before you have seen what each line does, and all of it is stored or nothing.";
    pub(crate) const FILE: &str = "Table, CSV in UTF-8";
    pub(crate) const CHECK: &str = "Check the table";
    pub(crate) const GONE: &str =
        "This table was applied, or had to make room for others. Send it again to apply it.";
    pub(crate) const APPLY: &str = "Apply all lines";
    pub(crate) const LINE: &str = "Line";
    pub(crate) const METER: &str = "Meter";
    pub(crate) const OUTCOME: &str = "What happens";
    pub(crate) const DETAILS: &str = "Details";
    pub(crate) const CREATED: &str = "new";
    pub(crate) const CHANGED: &str = "changes";
    pub(crate) const UNCHANGED: &str = "stays";
    pub(crate) const REFUSED: &str = "refused";

    pub(crate) fn headline(created: usize, changed: usize, refused: usize) -> String {
        match (created, changed, refused) {
            (0, 0, 0) => "The table changes nothing".to_owned(),
            (created, changed, 0) => format!("The table fits: {created} new, {changed} changed"),
            (_, _, 1) => "1 line is refused, so nothing can be stored".to_owned(),
            (_, _, refused) => format!("{refused} lines are refused, so nothing can be stored"),
        }
    }

    pub(crate) fn unchanged(count: usize) -> String {
        format!("{count} lines say what is there already.")
    }

    pub(crate) fn more(hidden: usize) -> String {
        format!("{hidden} more lines are not shown.")
    }
}

pub(crate) mod done {
    //! What was done.

    pub(crate) const ON: &str = "The device is switched on.";
    pub(crate) const OFF: &str = "The device is switched off.";
    pub(crate) const REMOVED: &str = "The device is removed; its meter stays.";

    pub(crate) fn saved(number: &str) -> String {
        format!("{number} is saved and will be read in a moment.")
    }

    pub(crate) fn applied(created: usize, changed: usize) -> String {
        format!("The table is applied: {created} new, {changed} changed.")
    }
}
