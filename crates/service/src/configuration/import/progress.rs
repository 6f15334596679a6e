//! How far the taking in of a document is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use domain::configuration::refusal::DocumentRefusal;

use super::super::Document;
use crate::Error;

/// How far it is, and whether somebody wants it to end.
#[derive(Debug, Default)]
pub(in crate::configuration) struct Progress {
    done: AtomicUsize,
    of: AtomicUsize,
    is_cancelled: AtomicBool,
}

impl Progress {
    /// Meters and devices: those that are stored, and all.
    pub(in crate::configuration) fn get(&self) -> (usize, usize) {
        (self.done.load(Relaxed), self.of.load(Relaxed))
    }

    /// Has it end: nothing of it is kept then.
    pub(in crate::configuration) fn cancel(&self) {
        self.is_cancelled.store(true, Relaxed);
    }

    pub(super) fn begin(&self, document: &Document) {
        self.of.store(document.meters.len() + document.devices.len(), Relaxed);
    }

    pub(super) fn step(&self, count: usize) -> Result<(), Error> {
        self.done.fetch_add(count, Relaxed);
        if !self.is_cancelled.load(Relaxed) {
            return Ok(());
        }
        Err(Error::conflict("cancelled", DocumentRefusal::Cancelled))
    }
}
