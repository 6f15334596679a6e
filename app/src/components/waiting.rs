//! That a page is on its way. What stood there before stays, dimmed, and after a moment gives way to a
//! skeleton of the same size.

/// Says whether the content is busy.
#[cfg(not(feature = "ssr"))]
pub(crate) fn say(is_busy: bool) {
    if let Some(main) = leptos::prelude::document().get_element_by_id("main") {
        let busy = if is_busy { "true" } else { "false" };
        crate::remark::remark(main.set_attribute("aria-busy", busy), "the wait is not shown");
    }
}

/// The server sends pages that are complete.
#[cfg(feature = "ssr")]
pub(crate) const fn say(_is_busy: bool) {}
