//! Loads that no meter sees.

use crate::message::messages;

messages! {
    /// Why a load that no meter sees is refused.
    pub enum LoadRefusal in "unmetered_load" {
        NoReason => "say what the load is",
        Negative => "a load is not negative",
        Known => "a load of the node begins at that time already: PUT replaces it",
    }
}
