//! The overview: the state in words, today's gauges, the balance, the input, the hotspots.

mod attention;
mod balance;
mod gauges;
mod hotspots;
mod input;
mod ranking;

pub(crate) use balance::source_class;

use std::time::Duration;

use domain::overview::sentence;
use domain::view;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::empty::Empty;
use crate::api::get_overview;
use crate::components::fetched::fetched;
use crate::components::lean::{piece, text};
use crate::components::load::loaded;
use crate::components::sheet;
use crate::components::title::title;
use crate::components::whole::AtOnce as _;
use crate::live::{Live, use_refreshed};
use crate::period::Chosen;
use crate::words::overview as words;

/// Series change every quarter-hour; a minute late is early enough.
const REFRESH: Duration = Duration::from_mins(1);

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct OverviewPage;

#[lazy_route]
impl LazyRoute for OverviewPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let OverviewPage = this;
        let query = expect_context::<Chosen>();
        let page = fetched(move || query.query(), get_overview);
        let page =
            loaded(words::PAGE, page, |live, page| view! { <Overview live page /> }.at_once());
        title(words::TITLE);
        page.into_any()
    }
}

#[component]
fn Overview(live: Live, page: view::OverviewPage) -> impl IntoView {
    let query = expect_context::<Chosen>();
    let fetch = move || async move { get_overview(query.query_now()).await.ok() };
    let page = use_refreshed(page, |_| REFRESH, fetch);
    let empty = Memo::new(move |_| live.cards.read().is_empty());
    piece(move || {
        if empty.get() {
            view! { <Empty /> }.at_once()
        } else {
            view! {
                <article class="page overview">
                    <State live />
                    <gauges::Gauges live />
                    <balance::Balance live />
                    <hotspots::Hotspots live page />
                    <input::SiteInput live page />
                    <attention::Attention live />
                </article>
            }
            .at_once()
        }
    })
}

/// The state of the site in words, what it costs, and how sure that is.
#[component]
fn State(live: Live) -> impl IntoView {
    let state = Memo::new(move |_| live.read(sentence));
    let period = sheet::following(sheet::address(|path| path == "/"), String::new());
    let cost = piece(move || {
        state.with(|state| {
            let cost = state.cost.clone()?;
            Some(view! { <strong>{cost}"."</strong> })
        })
    });
    view! {
        <header class="state">
            <h1>{text(move || state.read().headline.clone())}</h1>
            <p class="state-detail">{cost} " " {text(move || state.read().detail.clone())}</p>
            <div inner_html=text(move || period.get())></div>
        </header>
    }
    .at_once()
}
