//! What keeps the program going: its tasks, its clocks, and what goes when.

pub mod disk;
pub mod leap;
pub mod request;
pub mod retention;
pub mod set_aside;
pub mod task;
pub mod typed;
pub mod unable;
