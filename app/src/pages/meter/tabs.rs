//! The views of one meter: its period, and what the server draws of its registers, corrections,
//! children and raw rows.

use domain::MeterId;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use texts::language::Text;
use texts::words::meter as words;
use ui::components::erased_view::Erase as _;
use ui::period::link;

#[component]
pub(super) fn Tabs(id: MeterId) -> impl IntoView {
    let tab = |(name, path): (Text, &'static str)| {
        let path = format!("/meters/{id}{path}");
        let href = link(path.clone());
        let here = use_location().pathname;
        let current = Signal::derive(move || here.with(|here| *here == path).then_some("page"));
        view! {
            <a class="tab" href=href aria-current=current data-noscroll>
                {name}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=words::TABS>
            {words::TAB_PATHS.map(tab).collect_view()}
        </nav>
    }
    .erased()
}
