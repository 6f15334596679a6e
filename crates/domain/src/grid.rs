//! The distribution grid: whether a transformer can take a new connection.

pub mod feasibility;
pub mod refusal;
pub mod view;
