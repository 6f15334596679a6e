//! One meter: what it shows now, its last 24 hours, what hangs below it, and how it is connected.

mod channels;
mod children;
mod connection;
mod head;
mod power;
mod values;

use std::time::Duration;

use domain::view;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::not_found::Missing;
use crate::api::get_meter;
use crate::components::fetched::fetched;
use crate::components::lean::text;
use crate::components::load::loaded;
use crate::components::whole::AtOnce as _;
use crate::live::{Live, use_refreshed};
use crate::words::meter as words;

/// Power and energy come with the stream; voltages and the like are fetched this often.
const REFRESH: Duration = Duration::from_secs(5);

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct MeterPage;

#[lazy_route]
impl LazyRoute for MeterPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let MeterPage = this;
        let params = use_params_map();
        let id = move || params.read().get("id")?.parse::<i64>().ok();
        let fetch = |id| async move {
            match id {
                Some(id) => get_meter(id).await,
                None => Ok(None),
            }
        };
        let page = fetched(id, fetch);
        loaded(words::PAGE, page, |live, page| {
            match page.filter(|page| live.card(page.id).is_some()) {
                Some(page) => view! { <Meter live page /> }.at_once(),
                None => view! { <Missing what=words::NO_METER /> }.at_once(),
            }
        })
        .into_any()
    }
}

#[component]
fn Meter(live: Live, page: view::MeterPage) -> impl IntoView {
    let id = page.id;
    let name = text(move || live.card(id).map(|card| card.name).unwrap_or_default());
    let page =
        use_refreshed(page, REFRESH, move || async move { get_meter(id.0).await.ok().flatten() });
    view! {
        <Title text=name />
        <article class="page meter">
            <head::Head live page id />
            <power::Power live page id />
            <values::Values live page id />
            <children::Children live id />
        </article>
    }
    .at_once()
}
