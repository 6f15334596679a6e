//! The frame of a document that the server draws.

use domain::live::Snapshot;
use leptos::prelude::*;

use super::sidebar::LiveState;
use super::{LostBanner, Main, Moving, Parts, frame};
use crate::api::Sheet;
use crate::components::erased_view::Erase as _;
use crate::components::island::{DONE, FAILED, LOST, SEARCH, STATUS, island};
use crate::components::search::Search;
use crate::live::Status;
use texts::words::frame as words;

/// The frame around a page that the server drew. Without live state nothing in it tells whether values are old.
pub fn frame_of_document(mut parts: Parts, live: Option<Snapshot>, sheet: Sheet) -> AnyView {
    let status = live.map(|live| Status::new(live.id, live.at, (&live.site).into(), live.counts));
    let alive = |name, view: fn(Status) -> AnyView| {
        status.map_or_else(|| ().into_any(), |status| island(name, view(status)))
    };
    let field = std::mem::take(&mut parts.field);
    let moving = Moving {
        status: alive(STATUS, |status| view! { <LiveState status /> }.erased()),
        search: island(SEARCH, view! { <Search field /> }.erased()),
        lost: alive(LOST, |status| view! { <LostBanner status /> }.erased()),
    };
    let content = view! {
        <p id="not-refreshed" class="banner" role="status" data-told="" hidden=true>
            {words::NOT_REFRESHED}
        </p>
        <div class="sheet">
            <div inner_html=sheet.html></div>
            <div role="status">
                <div id=DONE class="done" data-told="" hidden=true></div>
            </div>
            <div role="alert">
                <p id=FAILED class="done" data-told="" hidden=true></p>
            </div>
        </div>
    };
    let main = Main {
        is_busy: Signal::stored("false".to_owned()),
        refresh_s: Some(sheet.refresh_s).filter(|&seconds| seconds > 0),
        content: content.into_any(),
    };
    frame(parts, moving, main, NodeRef::new()).into_any()
}
