//! The overview: the state in words, today's gauges, the balance, the hotspots. The server draws the rest.

mod balance;
mod gauges;
mod hotspots;
mod ranking;

use domain::overview::{facts, state};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::empty::Empty;
use texts::words::{frame, overview as words};
use ui::api::{Hotspot, Sheet, get_overview};
use ui::components::erased_view::Erase as _;
use ui::components::fetched::{Fetched, fetched};
use ui::components::load::loaded;
use ui::components::reactive::{piece, text};
use ui::components::sheet;
use ui::components::title::title;
use ui::live::Live;
use ui::period::Chosen;

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct OverviewPage;

#[lazy_route]
impl LazyRoute for OverviewPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let OverviewPage = this;
        let chosen = expect_context::<Chosen>();
        let page = fetched(move || chosen.site(), get_overview);
        let below = StoredValue::new(sheet::fetch(|path| path == "/"));
        let page = loaded(words::PAGE.get(), page, move |live, hotspots| {
            view! { <Overview live hotspots below=below.get_value() /> }.erased()
        });
        title(words::TITLE.get());
        page.into_any()
    }
}

#[component]
fn Overview(live: Live, hotspots: Vec<Hotspot>, below: Fetched<Option<Sheet>>) -> impl IntoView {
    let hotspots = hotspots::followed(hotspots);
    let empty = Memo::new(move |_| live.cards.read().is_empty());
    piece(move || {
        if empty.get() {
            view! { <Empty /> }.erased()
        } else {
            view! {
                <article class="page overview">
                    <State live />
                    <gauges::Gauges live />
                    <balance::Balance live />
                    <hotspots::Hotspots live hotspots />
                    {sheet::shown(frame::THIS_PAGE.get(), frame::NOT_FOUND.get(), below)}
                </article>
            }
            .erased()
        }
    })
}

/// The state of the site in words, what it costs, and how sure that is.
#[component]
fn State(live: Live) -> impl IntoView {
    let headline =
        text(move || live.read(|snapshot| words::headline(&state(snapshot), snapshot.at)));
    let read = move |say: fn(&domain::live::Snapshot) -> String| text(move || live.read(say));
    let cost = read(|all| words::price(&facts(all), &all.site).unwrap_or_default());
    let detail = read(|all| words::detail(&facts(all), &all.site));
    view! {
        <header class="state">
            <h1>{headline}</h1>
            <p class="state-detail">
                <strong>{cost}</strong>
                " "
                {detail}
            </p>
        </header>
    }
    .erased()
}
