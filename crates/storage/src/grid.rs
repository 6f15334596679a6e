//! The distribution grid: transformers, and requests for connections.

pub mod connections;
pub mod transformers;
