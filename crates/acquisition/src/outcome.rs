//! What became of readings that were to be stored.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::readings::refusal::RefusalReason;
use thiserror::Error;

/// What became of a batch that was taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Readings stored now.
    pub accepted: u64,
    /// Readings that were there already with the same values.
    pub duplicates: u64,
    /// Readings that were there already with other values; both are kept.
    pub conflicts: u64,
    /// Readings that were not taken, each with the reason.
    pub refused: Vec<RefusedReading>,
}

/// A reading that was not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedReading {
    /// Its place in the batch, from 0.
    pub index: usize,
    pub meter: MeterId,
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: RefusalReason,
}

/// The batch could not be stored. Nothing of it was acknowledged: send it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the readings could not be stored: send them again")]
pub struct NotStored;
