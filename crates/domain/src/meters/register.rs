//! What is said of a register: why it was read as it was, and what stays as it was counted.

use crate::message::messages;
use crate::month::Month;

messages! {
    /// Why a fall of a register was taken for a reset and not for a rollover, or the other way about.
    pub enum Fall in "register_fall" {
        WhyReset => "Why a reset and not a rollover?",
        WhyRollover => "Why a rollover and not a reset?",
        AsRollover { modulus: String, step: String, seconds: i64, plausible: Plausible } =>
            "A rollover at {modulus} kWh would mean {step} kWh in {seconds} s. {plausible}",
        NoLargest =>
            "No largest figure is known of this register (registerModulusKwh), and no exchange was \
             entered, so a fall can only be a reset: it is counted from zero.",
        Through { modulus: String, step: String, seconds: i64, plausible: Plausible } =>
            "Through {modulus} kWh it is a step of {step} kWh in {seconds} s. {plausible}",
    }

    /// How large a step of a register can be.
    pub enum Plausible in "register_step" {
        AtMost { rated: String, hours: String, most: String } =>
            "Plausible is at most 1.25 × {rated} kW × {hours} h = {most} kWh.",
        Any => "The meter has no rated power, so that any step would be plausible.",
    }

    /// What stays as it is where a register is counted by another rule.
    pub enum Stays in "register_stays" {
        Days { first: Month, last: Month } =>
            "days of {first} to {last} stay as they were counted, since their readings are no longer \
             kept",
        Bills { count: usize, first: String, last: String } =>
            "{count} bills stay as they were issued, {first} to {last}: credit those that rest on other \
             figures now",
    }
}
