//! What pages are made of, on both sides: components, the live state, the period and the site in the
//! address, and the server functions that fetch the rest.
//!
//! `kit` has the parts of pages that the server draws as views. `components` are drawn by the server and brought to life in the browser; `live` is the one live state
//! that every page reads; `api` has the server functions; `drawing` what pages share that the server draws
//! alone.
//!
//! Not here: pages (those are `app` and the crates `pages-*`), texts (those are `texts`). Nothing here
//! writes a `style` attribute, since the content security policy refuses it.

#![expect(
    unreachable_pub,
    reason = "the macros of components and server functions make public what they write"
)]
#![expect(
    clippy::new_without_default,
    reason = "what is made here belongs to the page that is drawn, and is made once in it"
)]

pub mod api;
pub mod components;
#[cfg(feature = "ssr")]
pub mod drawing;
mod fetch;
pub mod islands;
pub mod json;
pub mod keys;
#[cfg(feature = "ssr")]
pub mod kit;
pub mod live;
pub mod panic_banner;
pub mod period;
pub mod theme;
