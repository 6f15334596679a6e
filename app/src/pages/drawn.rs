//! Pages that the server draws as a whole, such as losses and bills. Which there are the server alone
//! knows; for the others it answers that there is no such page.

use leptos::prelude::*;
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
        sheet::shown(words::THIS_PAGE.get(), words::NOT_FOUND.get(), sheet::fetch(is_drawn))
            .into_any()
    }
}

/// Whether no other route has this path.
fn is_drawn(path: &str) -> bool {
    !["/", "/grid", "/history"].contains(&path) && !path.starts_with("/meters")
}
