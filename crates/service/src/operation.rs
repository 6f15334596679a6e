//! What keeps the program going: the supervision of its tasks and their pace, its clocks, room on the disk, work that
//! stands aside.

pub mod clock;
pub mod disk;
pub(crate) mod failures;
pub(crate) mod pace;
pub mod set_aside;
pub mod supervision;
