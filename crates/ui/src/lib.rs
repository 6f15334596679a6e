//! The parts of pages: components, the live state, the period and the site in the address.
//!
//! `kit` has the parts of pages that the server draws as views, `drawing` what all pages share that it draws.
//! `components` are drawn by the server and may be brought to life in the browser, as `islands` of a document; `live`
//! is the one live state that these read, `page` what else the document brings for them.
//!
//! Not here: pages (those are `app` and the crates `pages-*`), texts (those are `texts`). Nothing here
//! writes a `style` attribute, since the content security policy refuses it.

#![cfg_attr(
    feature = "ssr",
    expect(
        unreachable_pub,
        reason = "the component macro makes the props of every component public"
    )
)]
pub mod components;
#[cfg(feature = "ssr")]
pub mod drawing;
pub mod fetch;
pub mod islands;
pub mod json;
pub mod keys;
#[cfg(feature = "ssr")]
pub mod kit;
pub mod live;
pub mod page;
pub mod period;
pub mod theme;
