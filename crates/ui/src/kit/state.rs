//! States of a page and of its rows, and the outcome of a form.

use super::Draw as _;
use leptos::prelude::*;

use crate::components::mark::{Mark, Shape};
use texts::language::Text;

/// A state: a shape, and the word for it.
#[component]
pub fn Badge(shape: Shape, #[prop(into)] word: String) -> AnyView {
    view! {
        <span class="badge">
            <Mark shape />
            " "
            {word}
        </span>
    }
    .drawn()
}

/// A page with nothing to show yet: why, and what to do.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] why: String,
    /// The page to go on to, and its name.
    #[prop(optional)]
    next: Option<(&'static str, Text)>,
) -> AnyView {
    let next = next.map(|(href, name)| {
        view! {
            <p>
                <a class="button button-main" href=href>
                    {name}
                </a>
            </p>
        }
    });
    view! {
        <section class="page notice">
            <h1>{title}</h1>
            <p>{why}</p>
            {next}
        </section>
    }
    .drawn()
}

/// The outcome of a form that was done.
#[component]
pub fn Notice(children: Children) -> AnyView {
    view! {
        <div class="form-done" role="status">
            {children()}
        </div>
    }
    .drawn()
}

/// The reason why something was not done, or cannot be shown.
#[component]
pub fn Failure(#[prop(into)] why: String) -> AnyView {
    view! {
        <p class="refused" role="alert">
            {why}
        </p>
    }
    .drawn()
}
