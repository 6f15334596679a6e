//! One meter: what it shows now, its last 24 hours, what hangs below it, and how it is connected.

mod channels;
mod children;
mod connection;
mod head;
mod power;
mod values;

use std::time::Duration;

use domain::view;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::not_found::Missing;
use crate::api::get_meter;
use crate::components::load::loaded;
use crate::live::{Live, use_refreshed};
use crate::words::meter as words;

/// Power and energy come with the stream; voltages and the like are fetched this often.
const REFRESH: Duration = Duration::from_secs(5);

#[component]
pub(crate) fn MeterPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<i64>().ok()));
    let page = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => get_meter(id).await,
                None => Ok(None),
            }
        },
    );
    loaded(words::PAGE, page, |live, page| match page {
        Some(page) if live.card(page.id).is_some() => Either::Left(view! { <Meter live page /> }),

        _ => Either::Right(view! { <Missing what=words::NO_METER /> }),
    })
}

#[component]
fn Meter(live: Live, page: view::MeterPage) -> impl IntoView {
    let id = page.id;
    let name = move || live.card(id).map(|card| card.name).unwrap_or_default();
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
    .into_any()
}
