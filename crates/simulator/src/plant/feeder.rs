//! A cable and what it loses.

use domain::Kw;

/// The cable, and where there is one the transformer, between a meter and the bus below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Feeder {
    /// Lost at any load, as in a transformer's iron.
    pub(super) iron: Kw,
    /// Lost in the copper at the load `at`; it grows with the square of the load.
    pub(super) copper: Kw,
    /// Load to which `copper` belongs.
    pub(super) at: Kw,
}

impl Feeder {
    /// What is lost while the bus draws this much.
    pub(super) fn lost(&self, drawn: Kw) -> Kw {
        self.iron + self.copper * (drawn.0 / self.at.0).powi(2)
    }
}
