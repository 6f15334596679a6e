//! A site without meters: what to do first.

use leptos::prelude::*;

use texts::words::frame as words;
use ui::components::erased_view::Erase as _;
use ui::period::link;

#[component]
pub(crate) fn Empty() -> impl IntoView {
    view! {
        <section class="page notice">
            <h1>{words::EMPTY}</h1>
            <p>{words::EMPTY_WHY}</p>
            <p class="actions">
                <a class="button button-main" href=link("/start")>
                    {words::EMPTY_START}
                </a>
                <a class="button" href=link("/devices/import")>
                    {words::IMPORT}
                </a>
            </p>
            <p class="note">{words::EMPTY_SQL}</p>
        </section>
    }
    .erased()
}
