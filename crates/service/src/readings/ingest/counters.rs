//! What came in, what did not, and why.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use acquisition::Outcome;
use domain::readings::refusal::RefusalReason;
use parking_lot::Mutex;

/// Counts since the start of the process.
#[derive(Debug, Default)]
pub struct Counters {
    accepted: AtomicU64,
    duplicates: AtomicU64,
    conflicts: AtomicU64,
    write_failures: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

/// The counts at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Readings stored.
    pub accepted: u64,
    /// Readings that were there already.
    pub duplicates: u64,
    /// Readings whose time held other values already.
    pub conflicts: u64,
    /// Writes that failed and were tried again.
    pub write_failures: u64,
    /// Readings refused, by reason.
    pub refused: BTreeMap<&'static str, u64>,
}

impl Counters {
    pub(crate) fn count(&self, outcome: &Outcome) {
        self.accepted.fetch_add(outcome.accepted, Relaxed);
        self.duplicates.fetch_add(outcome.duplicates, Relaxed);
        self.conflicts.fetch_add(outcome.conflicts, Relaxed);
    }

    pub(crate) fn refuse(&self, reason: &RefusalReason) {
        *self.refused.lock().entry(reason.as_str()).or_default() += 1;
    }

    pub(crate) fn write_failed(&self) {
        self.write_failures.fetch_add(1, Relaxed);
    }

    /// The counts now.
    pub fn totals(&self) -> Totals {
        Totals {
            accepted: self.accepted.load(Relaxed),
            duplicates: self.duplicates.load(Relaxed),
            conflicts: self.conflicts.load(Relaxed),
            write_failures: self.write_failures.load(Relaxed),
            refused: self.refused.lock().clone(),
        }
    }
}
