//! An address where nothing is.

use leptos::prelude::*;

use crate::components::erased_view::Erase as _;
use crate::components::title::title;
use crate::period::link;
use texts::words::frame as words;

/// Says what is not there, with the status 404 where the server renders it.
#[component]
pub fn Missing(what: &'static str) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    title(words::NOT_FOUND_TITLE.get());
    view! {
        <section class="page notice">
            <h1>{what}</h1>
            <p>{words::NOT_FOUND_HELP}</p>
            <p class="actions">
                <a class="button" href=link("/")>
                    {words::TO_OVERVIEW}
                </a>
                <a class="button" href=link("/meters")>
                    {words::TO_METERS}
                </a>
            </p>
        </section>
    }
    .erased()
}
