//! That a page is on its way. What stood there before stays, dimmed, and after a moment gives way to a
//! skeleton of the same size.

use leptos::prelude::*;

/// How many answers the content waits for; always none on the server, which sends pages complete.
#[derive(Clone, Copy)]
pub struct PendingCount(RwSignal<u32>);

impl PendingCount {
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }

    pub fn is_any(self) -> bool {
        self.0.get() > 0
    }

    /// One more, as long as what is given back is kept: whoever stops waiting, stops counting.
    pub fn one(self) -> Awaits {
        self.count(1);
        Awaits(self)
    }

    fn count(self, change: i32) {
        if cfg!(not(feature = "ssr")) {
            self.0.try_update(|count| *count = count.saturating_add_signed(change));
        }
    }
}

/// That an answer is awaited.
pub struct Awaits(PendingCount);

impl Drop for Awaits {
    fn drop(&mut self) {
        self.0.count(-1);
    }
}
