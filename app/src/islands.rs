//! The islands of pages, which the browser takes over.

use ui::islands::follow;
use ui::live::{Meters, Status};

use crate::pages::{grid, meters};

/// Brings the tree of meters to life.
pub fn live(status: Option<Status>) {
    if let Some(live) = status.and_then(Meters::of_document) {
        meters::take_over(live);
    }
}

/// Brings the page with the map to life.
pub fn map(status: Option<Status>) {
    follow(status);
    grid::take_over();
}
