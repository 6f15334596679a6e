//! What of the frame the server draws: the places to go to, the sites, the search, the period bar, the
//! switches and the keys. The browser asks for them again with each new address.

pub(super) mod foot;
pub(super) mod places;

use domain::alarms::{Alarm, Severity};
use markup::{Html, html};
use service::pages::{self, Query};
use service::{Action, Principal, Service};

use self::places::{ALARMS, HOME, METERS, Place, SECTIONS};
use crate::{find, help, period};
use texts::language::Text;
use texts::words::{frame as words, places as names};
use ui::components::layout::Parts;
use ui::drawing::form::outcome;
use ui::drawing::{address, at};
use ui::period::going_on;

/// Places of a section at the foot of a phone, where the menu is the fifth.
const PHONE_PLACES: usize = 4;
/// What belongs there first.
const PHONE_FIRST: [&str; PHONE_PLACES] = ["", METERS, "losses", ALARMS];

/// What surrounds the page at an address.
pub fn draw(service: &Service, who: &Principal, path: &str, search: &str) -> Parts {
    let query = pages::address(service, who, path, search);
    let here = Here::new(path, search, &query);
    let page: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let site = pages::site_card(service, who, &query).ok();
    let alarms = service::alarms::page::open_alarms(service, who, &query).unwrap_or_default();
    let sections = here.offered(service, who);
    let places: Vec<Place> = sections.iter().flat_map(|(_, places)| places.clone()).collect();
    let may_find = pages::may(service, who, Action::See, query.get("site"));
    let period = period::bar(&page, &pages::period(service, who, &query), &query);
    Parts {
        places: here
            .rail(&sections, site.as_ref().and_then(|(_, meters)| *meters), &alarms)
            .into_string(),
        foot: foot::draw(service, who, &going_on(search)).into_string(),
        phone: here.phone(&sections, &alarms).into_string(),
        site: whose(site, &sites(service, who)).into_string(),
        field: if may_find { find::field(&going_on(search)).into_string() } else { String::new() },
        keys: help::dialog(
            &page,
            period.as_ref().map(|(kinds, _)| *kinds),
            &places,
            &going_on(search),
        )
        .into_string(),
        period: period.map(|(_, bar)| bar.into_string()).unwrap_or_default(),
        sent: outcome().map(Html::into_string).unwrap_or_default(),
    }
}

/// Links to the sites, for the frame of a page.
pub fn sites(service: &Service, who: &Principal) -> String {
    let link = |site: pages::Choice| {
        let href = site.slug.map_or_else(|| "/".to_owned(), |slug| format!("/?site={slug}"));
        let kind =
            site.is_simulated.then(|| html! { <span class="note">{names::SIMULATED}</span> });
        html! {
            <li>
                <a href=href rel="external">
                    {site.name}
                    {kind}
                </a>
            </li>
        }
    };
    let choices = pages::sites(service, who).unwrap_or_default();
    let all = html! {
        <li class="sites-all">
            <a href="/sites" rel="external">
                {texts::words::portfolio::ALL}
            </a>
        </li>
    };
    html! {
        {choices.into_iter().map(link).collect::<Html>()}
        {all}
    }
    .into_string()
}

fn whose(site: Option<(String, Option<usize>)>, all: &str) -> Html {
    let (name, note) = match site {
        Some((name, meters)) => (name, meters.map(words::meters)),
        None => (names::SITES.into(), None),
    };
    html! {
        <summary class="site">
            <strong>{name}</strong>
            <span class="site-note">{note}</span>
        </summary>
        <ul class="sites-list" inner_html=all></ul>
    }
}

fn open(alarms: &[Alarm]) -> Option<Html> {
    let is_critical = alarms.iter().any(|alarm| alarm.severity == Severity::Critical);
    let class = if is_critical { "place-count is-critical" } else { "place-count" };
    (!alarms.is_empty()).then(|| {
        html! {
            <span class=class aria-hidden="true">
                {alarms.len()}
            </span>
            <span class="sr">{names::open_alarms(alarms.len())}</span>
        }
    })
}

pub(super) struct Here<'a> {
    path: &'a str,
    search: &'a str,
    /// What the address says, with the site that it means.
    query: &'a Query,
}

impl<'a> Here<'a> {
    pub(super) fn new(path: &'a str, search: &'a str, query: &'a Query) -> Self {
        Self { path, search, query }
    }

    pub(super) fn going_on(&self) -> String {
        going_on(self.search)
    }

    pub(super) fn address(&self, path: &str, slug: Option<&str>) -> String {
        let query = Query::parse(&self.going_on()).with("site", slug.unwrap_or_default());
        address(path, &query.without(&[]))
    }

    fn is_at(&self, place: Place) -> bool {
        self.path.trim_start_matches('/').split('/').next() == Some(place.at)
    }

    /// The address of a place: of the site that one is on, for the network and the accounts that of the
    /// world unless one is on another. And whether the page has to be loaded anew for it, since another
    /// site is another live state.
    pub(super) fn link(&self, place: Place) -> (String, Option<&'static str>) {
        let here = self.query.get("site");
        let there = here.or_else(|| pages::site_of_place(place.at));
        let path = at(there, &format!("/{}", place.at), &[]);
        let rest = Query::parse(&self.going_on()).without(&["site"]);
        (address(&path, &rest), (here != there).then_some("external"))
    }

    fn offered(&self, service: &Service, who: &Principal) -> Vec<(Text, Vec<Place>)> {
        let is_offered = |place: &&Place| {
            let here = self.query.get("site");
            let site = here.or_else(|| pages::site_of_place(place.at));
            pages::may(service, who, place.needs, site)
                || (place.is_for_owners && pages::is_owner(service, who, site))
        };
        let offered = SECTIONS.into_iter().map(|section| {
            (section.name, section.places.iter().filter(is_offered).copied().collect::<Vec<_>>())
        });
        offered.filter(|(_, places)| !places.is_empty()).collect()
    }

    fn rail(
        &self,
        sections: &[(Text, Vec<Place>)],
        meters: Option<usize>,
        alarms: &[Alarm],
    ) -> Html {
        let first = sections.first().and_then(|(_, places)| places.first().copied());
        let (home, rel) = self.link(first.unwrap_or(HOME));
        let item = |&place: &Place| {
            let (href, rel) = self.link(place);
            let count = meters.filter(|_| place.at == METERS).map(|meters| {
                html! { <span class="place-count" aria-hidden="true">{meters}</span> }
            });
            let open = (place.at == ALARMS).then(|| open(alarms));
            html! {
                <li>
                    <a
                        id=format!("to-{}", place.at)
                        class="place"
                        href=href
                        rel=rel
                        aria-current=self.is_at(place).then_some("page")
                        data-go=place.key
                    >
                        <span class="place-name">{place.name}</span>
                        {count} {open}
                    </a>
                </li>
            }
        };
        let section = |(name, places): &(Text, Vec<Place>)| {
            html! {
                <p class="places-name">{*name}</p>
                <ul class="places">{places.iter().map(item).collect::<Html>()}</ul>
            }
        };
        html! {
            <a class="brand" href=home rel=rel>
                <svg class="logo" width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
                    <path class="logo-bar" d="M1 2h14M1 7h9M1 12h6" />
                    <path class="logo-loss" d="M12 7h3" />
                </svg>
                <span class="brand-name">"Wattlens"</span>
            </a>
            {sections.iter().map(section).collect::<Html>()}
        }
    }

    /// The first places of each section again, at the foot of a phone, where the style shows the section
    /// that one is in. The page that one is on is among them.
    fn phone(&self, sections: &[(Text, Vec<Place>)], alarms: &[Alarm]) -> Html {
        let item = |&place: &Place| {
            let (href, rel) = self.link(place);
            let open = (place.at == ALARMS).then(|| open(alarms));
            html! {
                <a href=href rel=rel aria-current=self.is_at(place).then_some("page")>
                    <span>{place.name} " " {open}</span>
                </a>
            }
        };
        let section = |(_, places): &(Text, Vec<Place>)| {
            let all = places.iter();
            let (first, rest): (Vec<&Place>, Vec<&Place>) =
                all.partition(|place| PHONE_FIRST.contains(&place.at));
            let mut shown: Vec<&Place> = first.into_iter().chain(rest).collect();
            let here = shown.iter().skip(PHONE_PLACES).position(|place| self.is_at(**place));
            if let Some(here) = here {
                shown.swap(PHONE_PLACES - 1, PHONE_PLACES + here);
            }
            let shown = shown.into_iter().take(PHONE_PLACES).map(item);
            html! { <div class="phone-places">{shown.collect::<Html>()}</div> }
        };
        sections.iter().map(section).collect()
    }
}
