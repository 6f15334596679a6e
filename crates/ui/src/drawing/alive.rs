//! Pages with islands that show live values.

use domain::live::Snapshot;
use leptos::prelude::*;
use serde::Serialize;

use super::{Islands, REFRESH_S, Sheet};
use crate::components::erased_view::ErasedView;
use crate::components::island;
use crate::live::{Live, Status};
use crate::page;
use crate::period::Address;

/// A page with islands, as they are drawn from the live state of its document.
pub fn page<V: IntoView>(title: &str, snapshot: Snapshot, view: impl FnOnce(Live) -> V) -> Sheet {
    let parts = use_context::<http::request::Parts>();
    let search = parts.and_then(|parts| parts.uri.query().map(str::to_owned));
    provide_context(Address::new(&search.unwrap_or_default()));
    let live = Live::new(snapshot.clone(), Status::of(&snapshot));
    Sheet {
        title: title.to_owned(),
        html: view(live).into_view().to_html(),
        refresh_s: REFRESH_S,
        islands: Islands::Live(Box::new(snapshot)),
    }
}

/// The island, with what else it begins with.
pub fn island<T>(
    name: &'static str,
    page: T,
    view: impl FnOnce(RwSignal<T>) -> ErasedView,
) -> impl IntoView
where
    T: Serialize + Send + Sync + 'static,
{
    let script = page::script(&page);
    (island::island(name, view(RwSignal::new(page))), script)
}
