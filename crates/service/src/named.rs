//! What addresses and forms name by an id.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// What has an id of its own kind.
pub trait Named: FromStr {
    /// The refusal of an id that nothing has.
    fn unknown(id: impl fmt::Display) -> Error;
}

/// The id that a text states. Nothing has one that cannot be read.
///
/// # Errors
/// It is no id.
pub fn named<T: Named>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| T::unknown(text))
}
