//! What keeps the program going: the lease, retention, leaps of the clock, work that stands aside, copies.

pub mod backup;
pub mod clock_leaps;
pub mod lease;
pub mod retention;
pub mod retention_clock;
pub mod set_aside;
