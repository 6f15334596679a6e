//! Whether what comes in is likely to be stored already.
//!
//! A group that is new is copied. One that turns out to hold a repeat has to be written once more, so that none is
//! copied while a source sends again what it has sent before.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Groups without a repeat after which the next one is taken to have none.
const CALM: u32 = 16;

/// The number of groups without a repeat that are still awaited.
#[derive(Debug, Default)]
pub(crate) struct Repeats(AtomicU32);

impl Repeats {
    pub(super) fn are_likely(&self) -> bool {
        self.0.load(Relaxed) > 0
    }

    pub(super) fn note(&self, has_repeats: bool) {
        if has_repeats {
            self.0.store(CALM, Relaxed);
        } else {
            self.0.fetch_update(Relaxed, Relaxed, |awaited| awaited.checked_sub(1)).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_repeat_some_groups_are_taken_to_have_more() {
        let repeats = Repeats::default();
        assert!(!repeats.are_likely());
        repeats.note(true);
        for _ in 0..CALM {
            assert!(repeats.are_likely());
            repeats.note(false);
        }
        repeats.note(false);
        assert!(!repeats.are_likely());
    }
}
