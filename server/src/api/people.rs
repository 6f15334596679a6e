//! Who changed what.

pub(crate) mod audit;
pub(crate) mod session;
pub(crate) mod users;
