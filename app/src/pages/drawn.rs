//! Pages that the server draws as a whole: losses and carbon.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::sheet;
use crate::words::frame as words;

/// A page as the server draws it, whose code the browser fetches when it is first opened.
pub(crate) struct DrawnPage;

#[lazy_route]
impl LazyRoute for DrawnPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let DrawnPage = this;
        // Which of the two it is does not change: each has a route of its own.
        let is_losses = use_location().pathname.with_untracked(|path| path == "/losses");
        let is_here: fn(&str) -> bool =
            if is_losses { |path| path == "/losses" } else { |path| path == "/carbon" };
        let sheet = sheet::fetch(is_here);
        sheet::shown(words::THIS_PERIOD, words::NOT_FOUND, sheet).into_any()
    }
}
