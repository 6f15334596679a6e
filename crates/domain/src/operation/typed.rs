//! What is refused of fields of forms that hold a figure or a document.

use crate::message::messages;

messages! {
    /// Why the text of a field is refused.
    pub enum TypedRefusal in "typed" {
        NotWhole { text: String } => "{text:?} is no whole number",
        NoColumns { such_as: &'static str } =>
            "the columns are no JSON: write them as {such_as}",
        NoPointMeters { such_as: &'static str } =>
            "the points are no JSON: write them as {such_as}",
        NoRatedPowers { such_as: &'static str } =>
            "the rated powers are no JSON: write them as {such_as}",
    }
}
