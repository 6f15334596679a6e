//! What of the frame the server draws: the places to go to, and the period bar. The browser asks for
//! them again with each new address.

use domain::alarm::Severity;
use domain::view::alarms::AlarmRow;
use leptos::prelude::*;
use service::pages::{self, Query};
use service::{Principal, Service};

use super::period;
use crate::language::Text;
use crate::period::{going_on, join};
use crate::words::{frame as words, places};

/// A page that exists, and where it is.
#[derive(Clone, Copy)]
struct Place {
    /// The first part of its path.
    at: &'static str,
    name: Text,
}

/// Places that belong together, under a name; the first section needs none.
struct Section {
    name: Text,
    places: &'static [Place],
}

const HOME: Place = Place { at: "", name: places::OVERVIEW };
const METERS: &str = "meters";
const ALARMS: &str = "alarms";

const SECTIONS: [Section; 4] = [
    Section {
        name: Text("", ""),
        places: &[
            HOME,
            Place { at: METERS, name: words::METERS },
            Place { at: "losses", name: places::LOSSES },
            Place { at: "carbon", name: places::CARBON },
            Place { at: "history", name: places::HISTORY },
            Place { at: ALARMS, name: places::ALARMS },
        ],
    },
    Section {
        name: places::COMMISSIONING,
        places: &[
            Place { at: "devices", name: places::DEVICES },
            Place { at: "loggers", name: places::LOGGERS },
        ],
    },
    Section {
        name: places::NETWORK,
        places: &[
            Place { at: "grid", name: places::GRID },
            Place { at: "connections", name: places::CONNECTIONS },
            Place { at: "simulator", name: places::SIMULATOR },
        ],
    },
    Section {
        name: places::ACCOUNTS,
        places: &[
            Place { at: "bills", name: places::BILLS },
            Place { at: "trades", name: places::TRADES },
            Place { at: "energy", name: places::MY_ENERGY },
        ],
    },
];

/// The parts of the frame of a page, each to be put in place by itself.
pub(crate) struct Parts {
    /// The rail's places.
    pub(crate) places: String,
    /// Those at the foot of a phone.
    pub(crate) phone: String,
    /// The period bar.
    pub(crate) period: String,
}

impl Parts {
    /// Of the page at an address.
    pub(crate) fn draw(service: &Service, who: Principal, path: &str, search: &str) -> Self {
        let query = pages::address(service, path, search);
        let here = Here { path, search, query: &query };
        let page: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        let meters = pages::meter_count(service, &who, &query).ok();
        let alarms = pages::open_alarms(service, &who, &query).unwrap_or_default();
        let period = period::bar(&page, &pages::period(service, &who, &query), &query);
        let html = |view: AnyView| view.to_html();
        Self {
            places: html(here.rail(meters, &alarms)),
            phone: html(here.phone()),
            period: html(period),
        }
    }

    /// All of them, as live parts of a sheet.
    pub(super) fn whole(self) -> AnyView {
        let part = |id: &'static str, html: String| {
            view! { <div id=id data-live inner_html=html></div> }
        };
        view! {
            {part("places", self.places)}
            {part("phone-places", self.phone)}
            {part("period-bar", self.period)}
        }
        .into_any()
    }
}

/// Where one stands.
struct Here<'a> {
    path: &'a str,
    search: &'a str,
    /// What the address says, with the site that it means.
    query: &'a Query,
}

impl Here<'_> {
    fn is_at(&self, place: Place) -> bool {
        self.path.trim_start_matches('/').split('/').next() == Some(place.at)
    }

    /// The address of a place: of the site that one is on, for the network and the accounts that of the
    /// world unless one is on another. And whether the page has to be loaded anew for it, since another
    /// site is another live state.
    fn link(&self, place: Place) -> (String, Option<&'static str>) {
        let here = self.query.get("site");
        let there = here.or_else(|| pages::site_of_place(place.at));
        let path = format!("/{}", place.at);
        let path = match there {
            Some(site) => join(&path, &format!("?site={site}")),
            None => path,
        };
        let rest = Query::parse(&going_on(self.search)).without(&["site"]);
        let rest = if rest.is_empty() { rest } else { format!("?{rest}") };
        (join(&path, &rest), (here != there).then_some("external"))
    }

    fn rail(&self, meters: Option<usize>, alarms: &[AlarmRow]) -> AnyView {
        let (home, rel) = self.link(HOME);
        let item = |&place: &Place| {
            let (href, rel) = self.link(place);
            let count = meters.filter(|_| place.at == METERS).map(|meters| {
                view! { <span class="place-count" aria-hidden="true">{meters}</span> }
            });
            let is_critical = alarms.iter().any(|alarm| alarm.severity == Severity::Critical);
            let open = (place.at == ALARMS && !alarms.is_empty()).then(|| {
                let class = if is_critical { "place-count is-critical" } else { "place-count" };
                view! {
                    <span class=class aria-hidden="true">
                        {alarms.len()}
                    </span>
                    <span class="sr">{places::open_alarms(alarms.len())}</span>
                }
            });
            view! {
                <li>
                    <a
                        id=format!("to-{}", place.at)
                        class="place"
                        href=href
                        rel=rel
                        aria-current=self.is_at(place).then_some("page")
                    >
                        <span class="place-name">{place.name}</span>
                        {count} {open}
                    </a>
                </li>
            }
        };
        let section = |section: Section| {
            view! {
                <p class="places-name">{section.name}</p>
                <ul class="places">{section.places.iter().map(item).collect_view()}</ul>
            }
        };
        view! {
            <a class="brand" href=home rel=rel>
                <svg class="logo" width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
                    <path class="logo-bar" d="M1 2h14M1 7h9M1 12h6" />
                    <path class="logo-loss" d="M12 7h3" />
                </svg>
                <span class="brand-name">"Wattlens"</span>
            </a>
            {SECTIONS.map(section).collect_view()}
        }
        .into_any()
    }

    /// The places of the section again, at the foot of a phone.
    fn phone(&self) -> AnyView {
        let item = |&place: &Place| {
            let (href, rel) = self.link(place);
            view! {
                <a href=href rel=rel aria-current=self.is_at(place).then_some("page")>
                    {place.name}
                </a>
            }
        };
        let section = |section: Section| {
            view! { <div class="phone-places">{section.places.iter().map(item).collect_view()}</div> }
        };
        SECTIONS.map(section).collect_view().into_any()
    }
}
