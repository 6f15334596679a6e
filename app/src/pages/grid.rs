//! The grid: the map of its transformers, and beside it the card of a place that the server draws.
//!
//! The card works by itself, with a form that is an address and a list that is links. What is done on
//! the map only fills in that form.

mod form;
mod ground;
#[cfg(feature = "hydrate")]
mod leaflet;
#[cfg(feature = "hydrate")]
mod marks;
#[cfg(feature = "hydrate")]
mod seen;

use domain::grid::view::map::Spare;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use leptos_router::{LazyRoute, NavigateOptions, lazy_route};

use texts::words::map as words;
use ui::components::erased_view::{Erase as _, ErasedView};
use ui::components::sheet::{self, Drawn};

/// Where the page is.
const PATH: &str = "/grid";

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct GridPage;

#[lazy_route]
impl LazyRoute for GridPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let GridPage = this;
        let is_here: fn(&str) -> bool = |path| path == PATH;
        let drawn = Drawn::new();
        provide_context(drawn);
        let navigate = use_navigate();
        let go = StoredValue::new(move |address: String| {
            navigate(&address, NavigateOptions { scroll: false, ..Default::default() });
        });
        let container = NodeRef::<Div>::new();
        ground::lay(container, sheet::address(is_here), drawn, move |at| {
            go.with_value(|go| go(form::address_at(at)));
        });
        let on_submit = move |event| {
            if let Some(address) = form::asked(&event) {
                event.prevent_default();
                go.with_value(|go| go(address));
            }
        };
        view! {
            <div class="grid-page" on:submit=on_submit>
                <section class="grid-map" aria-label=words::MAP>
                    <div
                        class="map"
                        node_ref=container
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
                {sheet::shown(words::CARD.get(), words::CARD.get(), sheet::fetch(is_here))}
            </div>
        }
        .into_any()
    }
}

/// What the shapes on the map mean.
fn legend() -> ErasedView {
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
    .erased()
}

/// The colour of a step.
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
