//! One meter: what it shows now, what it counted in the period, and how it is connected.

mod channels;
mod connection;
mod head;
mod power;
mod tab;
mod tabs;
mod values;

use std::time::Duration;

use domain::MeterId;
use domain::live::MeterCard;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::params::ParamsMap;
use leptos_router::{LazyRoute, lazy_route};

use texts::words::frame;
use texts::words::meter as words;
use ui::api::get_meter;
use ui::components::erased_view::{Erase as _, ErasedView};
use ui::components::fetched::fetched;
use ui::components::load::loaded;
use ui::components::not_found::Missing;
use ui::components::reactive::{piece, text_if};
use ui::components::sheet;
use ui::components::title::title;
use ui::live::{Live, use_refreshed};

pub(crate) use tab::MeterTabPage;

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
        let is_here: fn(&str) -> bool =
            |path| path.matches('/').count() == 2 && path.starts_with("/meters/");
        let sheet = StoredValue::new(sheet::fetch(is_here));
        shown(use_params_map(), move |MeterData { live, page, id }| {
            view! {
                <article class="page meter">
                    <Top live page id />
                    <div class="meter-main">
                        {sheet::shown(frame::THIS_PERIOD.get(), frame::NOT_FOUND.get(), sheet.get_value())}
                        <power::Power live page id />
                    </div>
                    <values::Values live page id />
                </article>
            }
            .erased()
        })
        .into_any()
    }
}

/// A meter and what is live of it.
#[derive(Clone, Copy)]
struct MeterData {
    live: Live,
    page: RwSignal<domain::meters::view::meter::MeterPage>,
    id: MeterId,
}

/// Shows the meter that the address names, as soon as it is there.
fn shown(
    params: Memo<ParamsMap>,
    draw: impl Fn(MeterData) -> ErasedView + Copy + Send + Sync + 'static,
) -> ErasedView {
    let id = move || params.read().get("id")?.parse::<i64>().ok();
    let fetch = |id| async move {
        match id {
            Some(id) => get_meter(id).await,
            None => Ok(None),
        }
    };
    loaded(
        words::PAGE.get(),
        fetched(id, fetch),
        move |live, page: Option<domain::meters::view::meter::MeterPage>| {
            // A meter that is taken away while its page is open keeps the page, which says so; one that was
            // just added is waited for.
            let is_known = |id| untrack(|| live.card(id).is_some()) || live.card(id).is_some();
            match page.filter(|page| is_known(page.id)) {
                Some(page) => {
                    let id = page.id;
                    let fetch = move || async move { get_meter(id.0).await };
                    draw(MeterData { live, page: use_refreshed(page, |_| REFRESH, fetch), id })
                }
                None => view! { <Missing what=words::NO_METER.get() /> }.erased(),
            }
        },
    )
}

/// What is known of the meter; the last that was, where it was taken away meanwhile.
fn known(live: Live, id: MeterId) -> Memo<Option<MeterCard>> {
    Memo::new(move |last: Option<&Option<MeterCard>>| {
        live.card(id).or_else(|| last.cloned().flatten())
    })
}

/// Title, head and the choice of views.
#[component]
fn Top(
    live: Live,
    page: RwSignal<domain::meters::view::meter::MeterPage>,
    id: MeterId,
) -> impl IntoView {
    let card = known(live, id);
    title(text_if(move || card.with(|card| card.as_ref().map(|card| card.name.clone()))));
    let gone = Memo::new(move |_| live.card(id).is_none());
    let said =
        piece(move || gone.get().then(|| view! { <p class="banner">{words::TAKEN_AWAY}</p> }));
    view! {
        <div role="status">{said}</div>
        <head::Head live page id />
        <tabs::Tabs id />
    }
    .erased()
}
