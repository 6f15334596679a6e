//! Losses: the balance of a node, and why it does not close.

pub mod balance;
pub mod compared;
pub mod diagnosis;
pub mod finding;
pub mod nature;
pub mod pattern;
pub mod unmetered;
pub mod view;
