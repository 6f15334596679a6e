//! The application: its pages as documents that the server draws, and the islands in them that the browser takes over.
//!
//! `pages` has one module per page of views; `served` knows these, and the ones in the crates `pages-*`. A page is drawn
//! by `document`, within the frame and the `shell`. `islands` are those of the tree of meters and the map, compiled to WASM
//! from the same components; `api` has what they ask the server. Components and the live state are in `ui`, texts in
//! `texts`.
//!
//! Not here: figures are computed in `domain` and read through `service`; nothing here decides what
//! a loss is. Colours and sizes live in `style/`; nothing here writes a `style` attribute, since the
//! content security policy refuses it.

#![expect(
    unreachable_pub,
    reason = "the macros of components and server functions make public what they write"
)]

pub mod api;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "hydrate")]
pub mod islands;
mod pages;
#[cfg(feature = "ssr")]
mod served;
#[cfg(feature = "ssr")]
mod shell;

pub use texts::language;
#[cfg(feature = "ssr")]
pub use {
    pages::ACTIONS,
    pages_energy::{Written, letter},
    pages_sites::{invitation, sign_in},
    served::send,
    texts::{messages::in_language, words},
    ui::drawing::{act::no_act, form as flash, sending::FormKey},
};

/// The chart of a history as a picture by itself (SVG), in a language.
#[cfg(feature = "ssr")]
pub fn history_picture(
    page: &domain::history::view::HistoryPage,
    language: language::Language,
) -> String {
    use leptos::prelude::{Owner, provide_context};
    Owner::new().with(|| {
        provide_context(language);
        pages_energy::history_picture(page)
    })
}

/// A document without the frame, in a language, with the choices of the request.
#[cfg(feature = "ssr")]
pub fn without_frame(
    language: language::Language,
    parts: http::request::Parts,
    draw: impl FnOnce() -> String,
) -> String {
    use leptos::prelude::{Owner, provide_context};
    Owner::new().with(|| {
        provide_context(language);
        provide_context(parts);
        draw()
    })
}
