//! People: who acts, what they may do, and what they changed.

pub mod audit;
pub mod principal;
