//! What is wrong with what a device sent.

use crate::message::{Message, messages};

messages! {
    /// What is wrong with a value that a device sent, or with what it sent around it.
    pub enum NoValue in "no_value" {
        Infinite { field: &'static str } => "{field} is inf",
        MinusInfinite { field: &'static str } => "{field} is -inf",
        Beyond { field: &'static str, most: f64 } =>
            "{field} is beyond {most}, more than any meter shows",
        NotANumber { field: &'static str } => "{field} is NaN",
        NotFound { field: &'static str, why: Box<Message> } => "{field} is not found: {why}",
        NotNumber { field: &'static str, said: String } =>
            "{field} is {said}, which is not a number",
        NotDecimal { field: &'static str, word: String } =>
            "{field} is {word}, which is not a decimal number",
        ScaleFactor { field: &'static str, factor: i16 } =>
            "{field} has the scale factor {factor}, which is not between -10 and 10",
        Turned { field: &'static str } =>
            "{field} holds a turned phase whose value is not there to correct it",
        Absent { field: &'static str, path: String } =>
            "{field} has no value: nothing is at {path}",
        NoDirection { field: &'static str, path: String } =>
            "the direction of {field} is not known: nothing is at {path}",
        Several { path: String } => "{path} leads to several values: make it lead to one",
    }

    /// What is wrong with a document that a device sent.
    pub enum BadDocument in "bad_document" {
        NoneOfUsual =>
            "none of power_kw, total_kwh, voltage, current, power_factor and frequency is in the \
             document",
        Nothing { places: String } => "the document has nothing at {places}",
        NoTime { name: String, said: String } =>
            "{name} is {said}, which is no time: the values are taken as of now",
        LocalTime { said: String, zone: &'static str } =>
            "the time {said} has no zone: it is taken for the site's, {zone}",
        OtherDay { said: String } =>
            "the time {said} has no zone and is not of today: the values are taken as of now",
        NoNumber { said: String } => "the message is {said}, which is no value",
        ClockUnset => "the clock of the device is not set",
        NoObject => "the answer is not a JSON object",
    }
}
