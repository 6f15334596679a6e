//! What each device truly counted, and what was acknowledged to it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

use crate::plan::{METERS, Meter};

/// What the register of a meter shows first, in Wh: so far from that of the next that none is taken for
/// another's.
const APART: i64 = 10_000_000;

/// A reading that a device told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// The register in Wh; no two readings of a meter tell the same.
    pub(crate) wh: i64,
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// Whether it was told that the reading is kept.
    pub(crate) acknowledged: bool,
}

/// Of all meters; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Ledger(Arc<Mutex<Book>>);

#[derive(Debug)]
struct Book {
    told: Vec<Vec<Told>>,
    is_closed: bool,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Book { told: vec![Vec::new(); METERS], is_closed: false })))
    }

    /// The register goes on, and is told; nothing once the book is closed.
    pub(crate) fn tell(&self, meter: Meter, at: DateTime<Utc>) -> Option<Told> {
        let mut book = self.0.lock();
        if book.is_closed {
            return None;
        }
        let told = &mut book.told[meter.0];
        let first = APART * i64::try_from(meter.0 + 1).unwrap_or(1);
        // 1 to 9 Wh further, in an order that differs by meter.
        let step = 1 + i64::try_from((told.len() * 7 + meter.0 * 5) % 9).unwrap_or(0);
        let wh = told.last().map_or(first, |last| last.wh + step);
        let reading = Told { wh, at, acknowledged: false };
        told.push(reading);
        Some(reading)
    }

    /// Readings of a meter are kept, it was told.
    pub(crate) fn acknowledge(&self, meter: Meter, kept: &[Told]) {
        for told in &mut self.0.lock().told[meter.0] {
            told.acknowledged |= kept.iter().any(|reading| reading.wh == told.wh);
        }
    }

    /// No register goes on any more.
    pub(crate) fn close(&self) {
        self.0.lock().is_closed = true;
    }

    /// What a meter told, oldest first.
    pub(crate) fn of(&self, meter: Meter) -> Vec<Told> {
        self.0.lock().told[meter.0].clone()
    }
}
