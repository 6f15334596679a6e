//! What keeps the program going: tasks and their supervision, clocks, retention, the configuration as a document.

pub mod clock;
pub mod disk;
pub mod set_aside;
pub mod supervision;
