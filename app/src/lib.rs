//! The application: its routes, and the pages that live in the browser too, as Leptos components: rendered
//! to HTML by the server, then brought to life by the same code compiled to WASM.
//!
//! `pages` has one module per such page, and those that the server alone draws as views; `served` knows
//! these, and the ones in the crates `pages-*`. A page that lives in the browser is a route of [`App`]; every other
//! one is a `document` of its own. `shell` is around all. Components, the live state and server functions are in
//! `ui`, texts in `texts`.
//!
//! Not here: figures are computed in `domain` and read through `service`; nothing here decides what
//! a loss is. Colours and sizes live in `style/`; nothing here writes a `style` attribute, since the
//! content security policy refuses it.

#![expect(
    unreachable_pub,
    reason = "the component macro makes the props of every component public"
)]

#[cfg(feature = "ssr")]
pub mod document;
mod pages;
mod routes;
#[cfg(feature = "ssr")]
mod served;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use pages::ACTIONS;
#[cfg(feature = "ssr")]
pub use pages_sites::{invitation, sign_in};
pub use routes::{App, lives_in_browser};
#[cfg(feature = "ssr")]
pub use served::{Served, send};
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use texts::language;
#[cfg(feature = "ssr")]
pub use texts::{messages::in_language, words};
pub use ui::api;
#[cfg(feature = "ssr")]
pub use ui::drawing::{act::no_act, form as flash, sending::FormKey};
#[cfg(feature = "ssr")]
pub use {pages_energy::Written, pages_energy::letter};

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
