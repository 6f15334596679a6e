//! What the database refuses to store of an emission factor.

use crate::message::messages;

messages! {
    /// What the database refuses to store of an emission factor.
    pub enum FactorStored in "factor_stored" {
        Known =>
            "a factor of this kind begins on that day already: take it back first, or choose another day",
    }
}
