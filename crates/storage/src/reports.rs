//! Monthly reports by mail: to whom, when, and what is still to be sent.

pub mod outbox;
pub mod schedules;
