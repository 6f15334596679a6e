//! The islands of pages, which the browser takes over.

use leptos::prelude::provide_context;
use ui::islands::follow;
use ui::live::{Live, Status};
use ui::period::Address;

use crate::pages::{grid, meters, overview};

/// Brings the pages with live values to life.
pub fn live(status: Option<Status>) {
    let Some(live) = status.and_then(Live::of_document) else { return };
    provide_context(Address::of_document());
    overview::take_over(live);
    meters::take_over(live);
}

/// Brings the page with the map to life.
pub fn map(status: Option<Status>) {
    follow(status);
    grid::take_over();
}
