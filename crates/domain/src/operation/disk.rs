//! What is told of the disk of the database.

use crate::message::messages;

messages! {
    /// How much room there is.
    pub enum Room in "disk" {
        Low { free: String, size: String } =>
            "The disk of the database is almost full: {free} of {size} GB are left. Without room nothing is stored: make some, or keep readings for a shorter time.",
        Again { free: String, size: String } =>
            "The disk of the database has room again: {free} of {size} GB are free.",
    }
}
