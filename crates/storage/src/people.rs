//! People, and what they changed.

pub mod audit;
