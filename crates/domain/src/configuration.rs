//! The configuration as one document.

pub mod refusal;
