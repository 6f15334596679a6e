//! States of a page and of its rows, and the outcome of a form.

use leptos::prelude::*;

use crate::components::mark::Shape;

/// A state: a shape, and the word for it.
#[component]
pub fn Badge(shape: Shape, #[prop(into)] word: String) -> AnyView {
    view! {
        <span class="badge">
            <svg class=shape.class() width="12" height="12" aria-hidden="true">
                <path d=shape.path() />
            </svg>
            " "
            {word}
        </span>
    }
    .into_any()
}

/// A page with nothing to show yet: why, and what to do.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] why: String,
    /// The page to go on to, and its name.
    #[prop(into)]
    href: String,
    #[prop(into)] go: String,
) -> AnyView {
    view! {
        <section class="page notice">
            <h1>{title}</h1>
            <p>{why}</p>
            <p>
                <a class="button button-main" href=href>
                    {go}
                </a>
            </p>
        </section>
    }
    .into_any()
}

/// The outcome of a form that was done.
#[component]
pub fn Notice(children: Children) -> AnyView {
    view! {
        <div class="form-done" role="status">
            {children()}
        </div>
    }
    .into_any()
}

/// The reason why something was not done, or cannot be shown.
#[component]
pub fn Failure(#[prop(into)] why: String) -> AnyView {
    view! {
        <p class="refused" role="alert">
            {why}
        </p>
    }
    .into_any()
}
