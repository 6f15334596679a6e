//! The plant at the present, shared by all devices.

use std::sync::{Mutex, PoisonError};

use chrono::Utc;
use domain::Values;

use crate::plant::{Plant, Walk};

/// What the meters show now.
#[derive(Debug)]
pub(super) struct Live(Mutex<Walk>);

impl Live {
    /// Counts up to the present, which takes some seconds per year since the epoch.
    pub(super) fn new(plant: &Plant) -> Self {
        let mut walk = plant.walk();
        walk.advance(Utc::now());
        Self(Mutex::new(walk))
    }

    /// What one meter shows now.
    pub(super) fn values(&self, meter: usize) -> Values {
        // A walk is a plain value: whoever panicked while holding it left it at a full minute.
        let mut walk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        walk.advance(Utc::now());
        walk.values().into_iter().nth(meter).unwrap_or_default()
    }
}
