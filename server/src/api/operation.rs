//! What keeps the program going.

pub(crate) mod metrics;
pub(crate) mod retention;
pub(crate) mod set_aside;
