//! Patterns that fills refer to.

use leptos::prelude::*;

/// Patterns that fills refer to; once per document. They never change: the browser leaves them as they
/// came.
#[component]
pub fn Patterns() -> impl IntoView {
    #[cfg(feature = "ssr")]
    let drawn = ["hatch-gap", "hatch-loss", "hatch-warn"].map(hatch).concat();
    #[cfg(not(feature = "ssr"))]
    let drawn = String::new();
    view! { <svg class="patterns" width="0" height="0" aria-hidden="true" inner_html=drawn></svg> }
}

#[cfg(feature = "ssr")]
fn hatch(name: &'static str) -> String {
    view! {
        <defs>
            <pattern
                id=name
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
            >
                <line class=name x1="0" x2="0" y1="0" y2="6" />
            </pattern>
        </defs>
    }
    .to_html()
}
