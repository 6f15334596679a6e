//! What alarms say.

use super::Figure;
use crate::message::{Message, Sentences, messages};

messages! {
    /// What an alarm says: the figure that raised it, and its limit.
    pub enum Said in "alarm" {
        Offline => "Offline",
        OfflineSince { why: Box<Message> } => "Offline: {why}",
        Stale => "Stale",
        StaleSince { why: Box<Message> } => "Stale: {why}",
        Tampered { reported: Sentences } => "Tampering reported: {reported}",
        Failed { reported: Sentences } => "Error reported: {reported}",
        PhaseImbalance { phase: String, value: String, limit: String } =>
            "{phase} is {value} off the mean of the phases, limit {limit}",
        PhaseExport { phase: String, value: String, limit: String } =>
            "{phase} exports {value}, limit {limit}",
        Voltage { phase: String, value: String, nominal: String, limit: String } =>
            "{phase} is {value} off {nominal} V, limit {limit}",
        Frequency { value: String, nominal: String, limit: String } =>
            "The frequency is {value} off {nominal} Hz, limit {limit}",
        PowerFactor { value: String, limit: String } => "Power factor {value}, limit {limit}",
        Above { channel: Figure, value: String, limit: String } =>
            "{channel} is {value}, above {limit}",
        Below { channel: Figure, value: String, limit: String } =>
            "{channel} is {value}, below {limit}",
        DieselLow { value: String, litres: String, limit: String } =>
            "{value} of {litres} L of diesel is left, limit {limit}",
        DataQuality { time: String, register: String, integral: String, value: String, limit: String } =>
            "In {time} the register counted {register} kWh and power adds up to {integral} kWh: {value} apart, limit {limit}; check the scales and the CT ratio",
        Loss { value: String, limit: String } => "{value} is lost, above {limit}",
        LossPercent { value: String, limit: String } =>
            "{value} of what flows in is lost, above {limit}",
        LossCost { value: String, limit: String } => "The loss costs {value}, above {limit}",
        Demand { minutes: String, value: String, limit: String } =>
            "The demand of these {minutes} min is heading for {value}, above {limit}",
        Cost { value: String, usual: String, limit: String } =>
            "Today cost {value} more than the usual {usual} by this time, above {limit}",
        Outliers { value: String, limit: String } =>
            "{value} readings of a day do not fit their register and do not count, limit {limit}; check the meter's connection, address and scale",
    }

    /// A question that waits for an answer. The sentence names the buttons beside it.
    pub enum Waits in "waits" {
        Fell {
            register: Register,
            previous: String,
            value: String,
            unit: &'static str,
            from: String,
            to: String,
            counted: String,
        } => "{register} fell from {previous} to {value} {unit} between {from} and {to}. Was the meter exchanged, or is a reading wrong? Nothing of it counts until somebody decides: \"Count it\" counts {counted} {unit}, \"Leave it out\" counts nothing",
        Rose {
            register: Register,
            previous: String,
            value: String,
            unit: &'static str,
            from: String,
            to: String,
            counted: String,
        } => "{register} rose from {previous} to {value} {unit} between {from} and {to}. Nothing of it counts until somebody decides: \"Count it\" counts {counted} {unit}, \"Leave it out\" counts nothing",
        Exchanged {
            register: Register,
            previous: String,
            last: String,
            unit: &'static str,
            from: String,
            to: String,
            counted: String,
        } => "{register} stood at {previous} {unit} ({from}), and at {last} {unit} when the meter was exchanged ({to}). Is that last figure right? Nothing of it counts until somebody decides: \"Count it\" counts {counted} {unit}, \"Leave it out\" counts nothing",
        BeyondRated {
            register: Register,
            previous: String,
            value: String,
            unit: &'static str,
            from: String,
            rated: String,
            needed: String,
            counted: String,
        } => "{register} rose from {previous} to {value} {unit} from {from} on. That takes {needed} kW, and the rated power is {rated} kW. Is the rated power right? Nothing of it counts until somebody decides: \"Count it\" counts {counted} {unit}, \"Leave it out\" counts nothing",
        TwoRegisters {
            previous: String,
            value: String,
            unit: &'static str,
            from: String,
            to: String,
        } => "Two registers come in under this meter: one stood at {previous} {unit} ({from}), one at {value} {unit} ({to}). Nothing counts until somebody says which one is the meter's. Check whether two devices share a number or an address",
        CountsDown {
            register: Register,
            previous: String,
            value: String,
            unit: &'static str,
            from: String,
            to: String,
        } => "{register} counts down: from {previous} to {value} {unit} between {from} and {to}. Nothing counts while it falls: \"Leave it out\" only ends the question. Check whether the right register is read, and whether the meter is connected the right way round",
        AndAnother { first: Box<Message> } => "{first}; another step of the meter waits",
        AndOthers { first: Box<Message>, others: usize } =>
            "{first}; {others} other steps of the meter wait",
    }

    /// What people call a register.
    pub enum Register in "register_named" {
        Import => "The import register",
        Export => "The export register",
        ReactiveImport => "The register of reactive import",
        ReactiveExport => "The register of reactive export",
        Diesel => "The counter of diesel",
        RunningHours => "The counter of running hours",
        Other => "The register",
    }
}
