//! The parts of the frame that the server draws, put in place with each new address.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use crate::api::get_sheet;
use crate::components::sheet::put_live;

/// A part of the frame, by the id of the element that holds it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The rail's places.
    Places,
    /// Those at the foot of a phone.
    Phone,
    /// The period bar.
    Period,
}

/// A part, as the page brings it.
#[cfg(feature = "ssr")]
pub(super) fn drawn(part: Part) -> String {
    let location = use_location();
    let acting = use_context::<service::Service>().zip(use_context::<service::Principal>());
    let Some((service, who)) = acting else { return String::new() };
    let (path, search) = (location.pathname.get(), location.search.get());
    let parts = crate::sheets::Parts::draw(&service, who, &path, &search);
    match part {
        Part::Places => parts.places,
        Part::Phone => parts.phone,
        Part::Period => parts.period,
    }
}

/// What the server drew stays as it is.
#[cfg(not(feature = "ssr"))]
pub(super) fn drawn(_: Part) -> String {
    String::new()
}

/// Draws the parts anew for each address but the first.
pub(super) fn follow() {
    let location = use_location();
    Effect::new(move |ran: Option<()>| {
        let (path, search) = (format!("/frame{}", location.pathname.get()), location.search.get());
        if ran.is_some() {
            spawn_local(async move {
                if let Ok(Some(sheet)) = get_sheet(path, search).await {
                    put_live(&sheet.html);
                }
            });
        }
    });
}
