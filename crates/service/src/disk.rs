//! The room that is left on the disk of the private database.

use parking_lot::RwLock;

use crate::Service;

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
    /// Whether it is time to make room: a database without any stops.
    pub const fn is_low(self) -> bool {
        self.free < LEAST_BYTES || self.free < self.size / LEAST_PART
    }
}

/// What was seen last; none where the database lies elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Seen(RwLock<Option<Disk>>);

impl Service {
    /// Notes how full the disk is.
    pub fn note_disk(&self, disk: Disk) {
        *self.seen_disk().0.write() = Some(disk);
    }

    /// How full the disk is; none where the database lies elsewhere.
    pub fn disk(&self) -> Option<Disk> {
        *self.seen_disk().0.read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_low_before_it_is_full() {
        let disk = |free: u64, size: u64| Disk { free: free << 30, size: size << 30 };
        assert!(!disk(10, 100).is_low());
        assert!(disk(4, 100).is_low());
        assert!(disk(1, 10).is_low());
    }
}
