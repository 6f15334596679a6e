//! The page of one meter.

pub(crate) const PAGE: &str = "The meter";
pub(crate) const NO_METER: &str = "There is no such meter";
pub(crate) const TAKEN_AWAY: &str = "This meter was taken away. What you see was its last state.";
pub(crate) const PATH: &str = "Above it";

pub(crate) fn accuracy(class: Option<f64>) -> String {
    class
        .map_or_else(|| "class unknown, 1.0 assumed".to_owned(), |class| format!("class {class:?}"))
}

pub(crate) fn phases(written: &str) -> String {
    match written {
        "1-Ph" => "single-phase".to_owned(),
        "3-Ph" => "three-phase".to_owned(),
        other => other.to_lowercase(),
    }
}

pub(crate) fn rated(kw: &str) -> String {
    format!("rated {kw} kW")
}

pub(crate) fn polled(protocol: &str, address: &str, seconds: &str) -> String {
    format!("{protocol} {address}, every {seconds} s")
}

pub(crate) const NO_CONNECTION: &str = "fed by the API or SQL";

pub(crate) const TODAY: &str = "today";
pub(crate) const COST: &str = "cost today";

pub(crate) fn share(parent: &str) -> String {
    format!("of {parent} today")
}

pub(crate) fn now(state: &str, age: &str) -> String {
    format!("now, {state}, {age}")
}

pub(crate) const POWER: &str = "Active power";

pub(crate) fn power_note(step_minutes: &str) -> String {
    format!("kW, last 24 h, mean of {step_minutes} min with minimum and maximum")
}

pub(crate) fn power_label(name: &str, kw: &str) -> String {
    format!("Active power of {name} over the last 24 hours, {kw} kW now")
}

pub(crate) fn end_value(kw: &str, at: &str) -> String {
    format!("{kw} kW at {at}")
}

pub(crate) fn probe(at: &str, mean: &str, min: &str, max: &str) -> String {
    format!("{at} {mean} kW, {min} to {max} kW")
}

pub(crate) fn gap(duration: &str) -> String {
    format!("no readings {duration}")
}

pub(crate) fn coverage(readings: &str, points: usize, percent: &str) -> String {
    format!("{readings} readings reduced to {points} points; {percent} % of 24 h covered")
}

pub(crate) const NO_POWER: &str = "No power was read in the last 24 hours.";

pub(crate) const LIVE: &str = "Live";
pub(crate) const CHANNEL: &str = "Channel";
pub(crate) const TOTAL: &str = "Total";
pub(crate) const QUALITY: &str = "Quality";
pub(crate) const AGE: &str = "Age";
pub(crate) const NO_VALUES: &str = "No reading has arrived yet.";

pub(crate) fn newest(at: &str) -> String {
    format!("newest reading, {at}")
}

pub(crate) const CONNECTION: &str = "Connection";
pub(crate) const STATE: &str = "State";
pub(crate) const REASON: &str = "Reason";
pub(crate) const PROTOCOL: &str = "Protocol";
pub(crate) const ADDRESS: &str = "Address";
pub(crate) const POLL: &str = "Poll interval";
pub(crate) const NUMBER: &str = "Number";
pub(crate) const TYPE: &str = "Type";
pub(crate) const LOCATION: &str = "Location";
pub(crate) const AREA: &str = "Area";
pub(crate) const NO_CONNECTION_HELP: &str =
    "No device feeds this meter: readings come by the API or by SQL.";

pub(crate) const TABS: &str = "Views of the meter";
pub(crate) const TAB_PATHS: [(&str, &str); 5] = [
    ("Period", ""),
    ("Registers", "/registers"),
    ("Corrections", "/corrections"),
    ("Children", "/children"),
    ("Raw rows", "/raw"),
];

pub(crate) mod channel {
    //! Names of channels.

    pub(crate) const VOLTAGE: &str = "Voltage L\u{2013}N";
    pub(crate) const VOLTAGE_LINE: &str = "Voltage L12 L23 L31";
    pub(crate) const CURRENT: &str = "Current";
    pub(crate) const ACTIVE: &str = "Active power";
    pub(crate) const REACTIVE: &str = "Reactive power";
    pub(crate) const APPARENT: &str = "Apparent power";
    pub(crate) const FACTOR: &str = "Power factor";
    pub(crate) const FREQUENCY: &str = "Frequency";
    pub(crate) const ROCOF: &str = "RoCoF";
    pub(crate) const TOTAL: &str = "Total register";
    pub(crate) const IMPORT: &str = "Import register";
    pub(crate) const EXPORT: &str = "Export register";
    pub(crate) const REACTIVE_IMPORT: &str = "Reactive import register";
    pub(crate) const REACTIVE_EXPORT: &str = "Reactive export register";
    pub(crate) const DIESEL: &str = "Diesel";
    pub(crate) const RUNTIME: &str = "Running hours";
}
