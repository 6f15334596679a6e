//! The grid: the map of its transformers, and beside it the card of a place that the server draws.
//!
//! The card works by itself, with a form that is an address and a list that is links. A click on the map goes to the
//! address that the form would.

#[cfg(feature = "hydrate")]
mod ground;
#[cfg(feature = "hydrate")]
mod leaflet;
#[cfg(feature = "hydrate")]
mod marks;
#[cfg(feature = "hydrate")]
mod seen;

use domain::grid::view::map::Spare;
#[cfg(feature = "hydrate")]
pub(crate) use ground::take_over;
#[cfg(feature = "ssr")]
use {
    super::Drawn,
    leptos::prelude::*,
    service::pages::Query,
    service::{Principal, Service},
    texts::words::map as words,
    ui::drawing::{Islands, Sheet},
    ui::kit,
};

#[cfg(feature = "hydrate")]
const PATH: &str = "/grid";
#[cfg(feature = "hydrate")]
const FORM: &str = "form.grid-form";
const MAP: &str = "map";

#[cfg(feature = "ssr")]
pub(crate) async fn draw(service: &Service, who: &Principal, query: &Query) -> Drawn {
    let card = pages_utility::grid(service, who, query).await?;
    let view = view! {
        <div class="grid-page">
            <section class="grid-map" aria-label=words::MAP data-island=MAP>
                <div
                    class="map"
                    tabindex="0"
                    role="application"
                    aria-label=words::MAP
                    aria-describedby="map-help"
                ></div>
                <span class="map-cross" aria-hidden="true"></span>
                <p id="map-help" class="sr">
                    {words::HELP}
                </p>
                {legend()}
                <p class="map-credit">{words::CREDIT}</p>
            </section>
            <div inner_html=card.html></div>
        </div>
    };
    let drawn = kit::page(&card.title, view);
    Ok(Sheet { refresh_s: card.refresh_s, islands: Islands::Map, ..drawn })
}

#[cfg(feature = "ssr")]
fn legend() -> AnyView {
    let step = |spare: Spare| {
        view! {
            <span>
                <svg class=spare_class(spare) width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
                    <circle r=spare_radius(spare) />
                    <path d=spare_cross(spare) />
                </svg>
                {words::spare(spare)}
            </span>
        }
    };
    view! {
        <p class="map-legend">
            <strong>{words::SPARE}</strong>
            {Spare::ALL.map(step).collect_view()}
            <span>
                <svg class="cluster" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
                    <circle r="6.5" />
                    <path class="cluster-room" d="M0 -6.5A6.5 6.5 0 0 1 0 6.5" />
                </svg>
                {words::CLUSTER}
            </span>
        </p>
    }
    .into_any()
}

const fn spare_class(spare: Spare) -> &'static str {
    match spare {
        Spare::Much => "spare spare-much",
        Spare::Good => "spare spare-good",
        Spare::Some => "spare spare-some",
        Spare::Little => "spare spare-little",
    }
}

/// The size of a step: less room, smaller; too little, a ring with a cross.
const fn spare_radius(spare: Spare) -> &'static str {
    match spare {
        Spare::Much => "5.5",
        Spare::Good | Spare::Little => "4.5",
        Spare::Some => "3.5",
    }
}

const fn spare_cross(spare: Spare) -> &'static str {
    match spare {
        Spare::Little => "M-2 -2L2 2M2 -2L-2 2",
        Spare::Much | Spare::Good | Spare::Some => "",
    }
}
