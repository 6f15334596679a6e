//! The pages, as Leptos components: rendered to HTML by the server, then brought to life in the
//! browser by the same code compiled to WASM.
//!
//! `pages` has one module per page, `components` the pieces they share, `api` the server functions,
//! `live` the one live state that every page reads, `sheets` what the server draws alone, `words`
//! every text a person reads, in the languages of `language`.
//!
//! Not here: figures are computed in `domain` and read through `service`; nothing here decides what
//! a loss is. Colours and sizes live in `style/`; nothing here writes a `style` attribute, since the
//! content security policy refuses it.

#![expect(
    unreachable_pub,
    reason = "the component macro makes the props of every component public"
)]

pub mod api;
mod components;
mod cookie;
mod figures;
mod keys;
pub mod language;
mod live;
mod pages;
mod period;
#[cfg(feature = "ssr")]
mod refusals;
mod remark;
mod routes;
#[cfg(feature = "ssr")]
mod sheets;
#[cfg(feature = "ssr")]
mod shell;
mod stopped;
mod theme;
mod time;
mod words;

#[cfg(feature = "ssr")]
pub use refusals::in_message;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use sheets::{Written, letter, perform};
#[cfg(feature = "ssr")]
pub use shell::shell;

/// The chart of a history as a picture by itself (SVG), in a language.
#[cfg(feature = "ssr")]
pub fn history_picture(page: &domain::view::HistoryPage, language: language::Language) -> String {
    use leptos::prelude::{Owner, provide_context};
    Owner::new().with(|| {
        provide_context(language);
        sheets::picture(page)
    })
}
#[cfg(not(feature = "ssr"))]
pub use stopped::watch;
