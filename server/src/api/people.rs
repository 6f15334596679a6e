//! Users, their sessions and tokens, and the log of changes.

pub(crate) mod audit;
pub(crate) mod session;
pub(crate) mod tokens;
pub(crate) mod users;
