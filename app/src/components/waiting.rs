//! That a page is on its way. What stood there before stays, dimmed, and after a moment gives way to a
//! skeleton of the same size.

use leptos::prelude::*;

/// How many parts of the page are waited for.
#[derive(Clone, Copy)]
pub(crate) struct Waiting(RwSignal<u32>);

impl Waiting {
    /// To be made once, where the application begins.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(0)));
    }

    /// Whether anything is waited for.
    pub(crate) fn is_on(self) -> bool {
        self.0.get() > 0
    }

    /// Waits until what is answered is dropped. The server sends pages that are complete.
    pub(crate) fn begin() -> Option<Wait> {
        let Self(count) = use_context().filter(|_| cfg!(not(feature = "ssr")))?;
        count.try_update(|count| *count += 1)?;
        Some(Wait(count))
    }
}

/// Something that is waited for.
pub(crate) struct Wait(RwSignal<u32>);

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.try_update(|count| *count -= 1);
    }
}
