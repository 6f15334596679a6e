//! The room that is left on the disk of the private database, and who hears when it is little.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;

/// A day of a hundred meters that are read each second.
const LEAST_BYTES: u64 = 2 << 30;
/// Of a smaller disk this part, as one of so many.
const LEAST_PART: u64 = 20;

/// How full a disk is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    /// What can still be written.
    pub free: u64,
    /// All of it.
    pub size: u64,
}

impl Disk {
    /// What has to be free: a database without any room stops.
    fn needed(self) -> u64 {
        LEAST_BYTES.max(self.size / LEAST_PART)
    }

    /// Whether it is time to make room, after it was or was not: a quarter more than needed has to be free before it
    /// is not any more, so that nobody is told of each file that comes and goes.
    fn is_low(self, was_low: bool) -> bool {
        let needed = self.needed();
        self.free < if was_low { needed + needed / 4 } else { needed }
    }
}

/// What was seen last; none where the database lies elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    disk: RwLock<Option<Disk>>,
    is_low: AtomicBool,
}

impl Seen {
    /// Notes how full the disk is.
    pub(crate) fn note(&self, disk: Disk) {
        let was_low = self.is_low.load(Ordering::Relaxed);
        let is_low = disk.is_low(was_low);
        if is_low && !was_low {
            let (free, size) = (disk.free >> 20, disk.size >> 20);
            tracing::warn!(
                "the disk of the database is almost full: {free} MB of {size} MB are left"
            );
        }
        self.is_low.store(is_low, Ordering::Relaxed);
        *self.disk.write() = Some(disk);
    }

    /// How full it was last.
    pub(crate) fn last(&self) -> Option<Disk> {
        *self.disk.read()
    }

    /// The same, while it is almost full.
    pub(crate) fn low(&self) -> Option<Disk> {
        self.last().filter(|_| self.is_low.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(free: u64, size: u64) -> Disk {
        Disk { free: free << 30, size: size << 30 }
    }

    #[test]
    fn a_disk_is_low_before_it_is_full() {
        assert!(!disk(10, 100).is_low(false));
        assert!(disk(4, 100).is_low(false));
        assert!(disk(1, 10).is_low(false));
    }

    #[test]
    fn what_hovers_about_the_limit_is_told_once() {
        assert!(!disk(5, 100).is_low(false));
        assert!(disk(6, 100).is_low(true));
        assert!(!disk(7, 100).is_low(true));
    }
}
