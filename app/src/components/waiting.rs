//! That a page is on its way. What stood there before stays, dimmed, and after a moment gives way to a
//! skeleton of the same size.

/// Something that is waited for, until it is dropped.
pub(crate) struct Wait(());

impl Wait {
    pub(crate) fn begin() -> Self {
        count(1);
        Self(())
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        count(-1);
    }
}

/// Counts what is waited for, and says in the document whether that is anything.
#[cfg(not(feature = "ssr"))]
fn count(more: i32) {
    use std::cell::Cell;

    use crate::remark::remark;

    thread_local! {
        static COUNT: Cell<i32> = const { Cell::new(0) };
    }
    let count = COUNT.get() + more;
    COUNT.set(count);
    if let Some(main) = leptos::prelude::document().get_element_by_id("main") {
        let busy = if count > 0 { "true" } else { "false" };
        remark(main.set_attribute("aria-busy", busy), "the wait is not shown");
    }
}

/// The server sends pages that are complete.
#[cfg(feature = "ssr")]
const fn count(_more: i32) {}
