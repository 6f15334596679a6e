//! The period bar.

use crate::language::{Text, tell};

pub const CHOOSE: Text = Text("Period", "Zeitraum");
pub const EARLIER: Text = Text("Earlier", "Früher");
pub const LATER: Text = Text("Later", "Später");
pub const NO_LATER: Text =
    Text("Nothing later has been measured", "Später wurde noch nichts gemessen");
pub const MONTH_BEFORE: Text = Text("The month before", "Der Monat davor");
pub const MONTH_AFTER: Text = Text("The month after", "Der Monat danach");
pub const FROM: Text = Text("From", "Von");
pub const TO: Text = Text("To", "Bis");
pub const SHOW: Text = Text("Show", "Zeigen");
pub const COMPARE_ON: Text =
    Text("Show the period before beside this one", "Den Zeitraum davor daneben zeigen");
pub const COMPARE_OFF: Text = Text("Leave the period before away", "Den Zeitraum davor weglassen");

pub fn compare(before: &str) -> String {
    tell!("Compare: {before}", "Vergleich: {before}")
}

/// The period before; `is_cut` where only the part of it counts that has passed of this one.
pub fn up_to_then(label: &str, is_cut: bool) -> String {
    if is_cut {
        tell!("{label} up to the same time", "{label} bis zur selben Zeit")
    } else {
        label.to_owned()
    }
}

/// As it begins a label.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
