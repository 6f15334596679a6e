//! The pages of one meter that the server draws: its period, its registers, corrections, children and
//! raw rows.

use domain::interval::Flags;

pub(crate) const RAW: &str = "Raw rows";

pub(crate) fn energy(delivered: bool) -> &'static str {
    if delivered { "Energy delivered" } else { "Energy" }
}

pub(crate) fn energy_note(step: &str, label: &str) -> String {
    format!("kWh by {step}, {label}")
}

pub(crate) fn energy_label(name: &str, step: &str, kwh: &str) -> String {
    format!("Energy of {name} by {step}, {kwh} kWh in all")
}

pub(crate) const NOTHING: &str = "No energy is known in this period.";
pub(crate) const NOTHING_HELP: &str = "Either nothing was read, or the readings are still being added up: choose another period, or \
     come back in a minute.";

pub(crate) const LEGEND_MEASURED: &str = "Measured";
pub(crate) const LEGEND_ESTIMATED: &str = "Real, but placed by estimate";
pub(crate) const LEGEND_GAP: &str = "No readings";
pub(crate) const LEGEND_BEFORE: &str = "The period before";

pub(crate) fn read(percent: &str) -> String {
    format!("{percent} % read")
}

pub(crate) fn hint(step: &str, kwh: &str, coverage: &str, before: Option<&str>) -> String {
    let before = before.map(|kwh| format!(", before {kwh} kWh")).unwrap_or_default();
    format!("{step}: {kwh} kWh, {coverage} % read{before}")
}

pub(crate) const TOTAL: &str = "Energy";
pub(crate) const RETURNED: &str = "Returned";
pub(crate) const BEFORE: &str = "Period before, to the same time";
pub(crate) const PEAK: &str = "Highest quarter-hour";
pub(crate) const COVERAGE: &str = "Coverage";
pub(crate) const ESTIMATED: &str = "Placed by estimate";

pub(crate) fn strip(covered: usize, all: usize, percent: &str, step: &str) -> String {
    format!("{covered} of {all} {step}s fully read; coverage {percent} %")
}

/// A flag as a sheet says it.
pub(crate) fn event(flag: Flags) -> &'static str {
    match flag {
        Flags::RESET => "register reset",
        Flags::ROLLOVER => "register rollover",
        Flags::EXCHANGE => "meter exchanged",
        Flags::GLITCH => "glitch left out",
        Flags::QUARANTINED => "step in quarantine",
        Flags::GAP => "gap in the readings",
        Flags::CORRECTED => "reading corrected",
        _ => "event",
    }
}

pub(crate) const REGISTER: &str = "Register as read";

pub(crate) fn register_note(field: &str) -> String {
    format!("kWh, {field}; the axis is broken where it fell")
}

pub(crate) fn register_label(name: &str, from: &str, to: &str) -> String {
    format!("Register of {name}, from {from} to {to} kWh")
}

pub(crate) const NO_REGISTER: &str = "No register was read in this period.";
pub(crate) const TIME: &str = "Time";
pub(crate) const REGISTER_KWH: &str = "Register";
pub(crate) const DIFFERENCE: &str = "Difference";
pub(crate) const COUNTED: &str = "Counted";
pub(crate) const READING: &str = "Reading of the register";
pub(crate) const SUM: &str = "Sum";

pub(crate) fn equals(kwh: &str, count: usize, equal: bool) -> String {
    let count = if count == 1 { "1 interval".to_owned() } else { format!("{count} intervals") };
    if equal {
        format!("equals the sum of {count}")
    } else {
        format!("{count} add up to {kwh} kWh; the newest are still being added up")
    }
}

pub(crate) const WHY: &str = "Why so?";

pub(crate) const START: &str = "start of the period";
pub(crate) const BEFORE_GAP: &str = "last reading before the gap";
pub(crate) const AFTER_GAP: &str = "first after it; real energy, placed by estimate";
pub(crate) const BEFORE_FALL: &str = "last before the change";
pub(crate) const RESET: &str =
    "reset: no exchange entered, no rollover plausible; counted from zero";
pub(crate) const ROLLOVER: &str = "rollover: passed its largest figure and went on";
pub(crate) const EXCHANGE: &str = "exchange: counted from the new meter's first figure";
pub(crate) const GLITCH: &str = "glitch: the next reading took it back; left out";
pub(crate) const QUARANTINED: &str = "too large a step to be true: not counted until accepted";
pub(crate) const CORRECTED: &str = "corrected by a person";
pub(crate) const END: &str = "newest of the period";

pub(crate) const EXCHANGES: &str = "Meter exchanges";
pub(crate) const READING_CORRECTIONS: &str = "Corrected readings";
pub(crate) const QUARANTINE: &str = "Steps in quarantine";
pub(crate) const NO_EXCHANGES: &str = "No exchange was entered.";
pub(crate) const NO_CORRECTIONS: &str = "No reading was corrected.";
pub(crate) const NO_QUARANTINE: &str = "No step waits for a decision.";
pub(crate) const OLD_FINAL: &str = "Old, last figure";
pub(crate) const NEW_INITIAL: &str = "New, first figure";
pub(crate) const FIELD: &str = "Field";
pub(crate) const VALUE: &str = "Value";
pub(crate) const STRUCK_OUT: &str = "struck out";
pub(crate) const REASON: &str = "Reason";
pub(crate) const STEP: &str = "Step";
pub(crate) const PLAUSIBLE: &str = "Plausible";
pub(crate) const STATE: &str = "State";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const ACCEPT: &str = "Accept";
pub(crate) const REJECT: &str = "Reject";
pub(crate) const ACCEPTED: &str = "accepted";
pub(crate) const REJECTED: &str = "rejected";
pub(crate) const ENTER_EXCHANGE: &str = "Enter a meter exchange";
pub(crate) const CORRECT: &str = "Correct a reading";
pub(crate) const CORRECT_THIS: &str = "Correct";
pub(crate) const WHEN: &str = "When, on the site's clock";
pub(crate) const VALUE_HELP: &str = "Value (empty strikes it out)";
pub(crate) const ENTER: &str = "Enter";

pub(crate) fn undone(at: &str) -> String {
    format!("undone {at}")
}

pub(crate) const EXCHANGE_HELP: &str = "Its energy is counted to the old meter's last figure and on from the new one's first. What lies \
     around it is computed again; you can undo it.";
pub(crate) const CORRECT_HELP: &str = "The reading stays as it came; this value is counted instead. What lies around it is computed \
     again; you can undo it.";

pub(crate) const NO_CHILDREN: &str =
    "No meter hangs below this one, so there is nothing to balance.";
pub(crate) const BALANCE: &str = "Balance";
pub(crate) const LOOK_INTO: &str = "Look into its losses";

pub(crate) const RAW_NOTE: &str = "readings as they are stored, the newest first";
pub(crate) const NO_RAW: &str = "No reading is stored in this period.";
pub(crate) const QUALITY: &str = "Quality";
pub(crate) const SOURCE: &str = "Source";
pub(crate) const DOWNLOAD: &str = "Download as CSV";

pub(crate) fn more(count: usize) -> String {
    format!("The newest {count} are shown.")
}

pub(crate) mod done {
    //! What was done.

    pub(crate) const EXCHANGE: &str =
        "The exchange is entered; the energy around it is computed again.";
    pub(crate) const CORRECTION: &str =
        "The correction is entered; the energy around it is computed again.";
    pub(crate) const UNDONE: &str = "It no longer counts; the energy around it is computed again.";
    pub(crate) const ACCEPTED: &str =
        "The step counts now; the energy around it is computed again.";
    pub(crate) const REJECTED: &str = "The step will not be counted.";
    pub(crate) const CHANGED: &str = "It is changed; the losses of that time are computed again.";
}
