//! The period bar.

pub(crate) const CHOOSE: &str = "Period";
pub(crate) const EARLIER: &str = "Earlier";
pub(crate) const LATER: &str = "Later";
pub(crate) const NO_LATER: &str = "Nothing later has been measured";
pub(crate) const MONTH_BEFORE: &str = "The month before";
pub(crate) const MONTH_AFTER: &str = "The month after";
pub(crate) const FROM: &str = "From";
pub(crate) const TO: &str = "To";
pub(crate) const SHOW: &str = "Show";
pub(crate) const COMPARE_ON: &str = "Show the period before beside this one";
pub(crate) const COMPARE_OFF: &str = "Leave the period before away";

pub(crate) fn compare(before: &str) -> String {
    format!("Compare: {before}")
}

/// As it begins a label.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
