//! All sentences that people read, area by area.

use crate::message::Declared;
use crate::operation::unable::Unable;

/// Each enum of sentences that [`messages!`](crate::message) declares.
const DECLARED: &[&[Declared]] = &[Unable::DECLARED];

/// All of them, from which each language's words are checked.
pub fn all() -> impl Iterator<Item = &'static Declared> {
    DECLARED.iter().copied().flatten()
}
