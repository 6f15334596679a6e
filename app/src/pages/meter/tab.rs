//! The views of a meter that the server draws, below its live head.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::{MeterData, Top, shown};
use texts::words::frame;
use texts::words::meter::TAB_PATHS;
use ui::components::erased_view::Erase as _;
use ui::components::not_found::Missing;
use ui::components::sheet;

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct MeterTabPage;

#[lazy_route]
impl LazyRoute for MeterTabPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let MeterTabPage = this;
        let params = use_params_map();
        let is_here: fn(&str) -> bool =
            |path| path.matches('/').count() == 3 && path.starts_with("/meters/");
        let sheet = StoredValue::new(sheet::fetch(is_here));
        let is_view = move || {
            let asked = params.read().get("tab").unwrap_or_default();
            TAB_PATHS.iter().any(|(_, path)| path.strip_prefix('/') == Some(asked.as_str()))
        };
        shown(params, move |data| {
            if !is_view() {
                return view! { <Missing what=frame::NOT_FOUND.get() /> }.erased();
            }
            let MeterData { live, page, id } = data;
            view! {
                <article class="page">
                    <Top live page id />
                    {sheet::shown(frame::THIS_PERIOD.get(), frame::NOT_FOUND.get(), sheet.get_value())}
                </article>
            }
            .erased()
        })
        .into_any()
    }
}
