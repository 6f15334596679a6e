//! An installation without meters: what to do first.

use leptos::prelude::*;

use crate::components::whole::AtOnce as _;
use crate::words::frame as words;

#[component]
pub(crate) fn Empty() -> impl IntoView {
    view! {
        <section class="page notice">
            <h1>{words::EMPTY}</h1>
            <p>{words::EMPTY_WHY}</p>
            <p>{words::EMPTY_HOW}</p>
            <pre class="request" tabindex="0">
                <code>{words::EMPTY_REQUEST}</code>
            </pre>
            <p class="actions">
                <a class="button button-main" href="/api/docs" rel="external">
                    {words::EMPTY_DOCS}
                </a>
            </p>
            <p class="note">{words::EMPTY_SQL}</p>
        </section>
    }
    .at_once()
}
