//! Why factors are refused.

use crate::message::messages;

messages! {
    /// Why a factor is refused, or there is none.
    pub enum FactorRefusal in "factor" {
        Unknown { id: String } => "no factor {id}",
        Negative => "a factor is not negative: give 0 or more",
        Unit { kind: &'static str, unit: &'static str } => "{kind} factors are stated in {unit}",
        NoSource => "say where the value comes from",
    }

    /// An emission factor that the database refuses to store.
    pub enum FactorStored in "factor_stored" {
        Known =>
            "a factor of this kind begins on that day already: take it back first, or choose another day",
    }
}
