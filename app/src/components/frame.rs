//! The frame around every page: rail, top bar, and the bar at the foot of a phone.

mod period;
mod rail;
mod top;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::components::lean::{piece, text};
use crate::components::load::with_live;
use crate::components::plot::Patterns;
use crate::components::whole::AtOnce as _;
use crate::live::{Link, Live, LiveHandle};
use crate::period::{Chosen, link, world_link};
use crate::time::duration;
use crate::words::frame as words;

use rail::{PhoneBar, Rail};
use top::Top;

/// A page that exists, and where it is.
#[derive(Clone, Copy)]
struct Place {
    href: &'static str,
    name: &'static str,
}

const HOME: Place = Place { href: "/", name: words::OVERVIEW };

/// Places that belong together, under a name; the first section needs none.
#[derive(Clone, Copy)]
struct Section {
    name: &'static str,
    places: &'static [Place],
}

const SECTIONS: [Section; 3] = [
    Section {
        name: "",
        places: &[
            HOME,
            Place { href: "/meters", name: words::METERS },
            Place { href: "/losses", name: words::LOSSES },
            Place { href: "/carbon", name: words::CARBON },
        ],
    },
    Section {
        name: words::NETWORK,
        places: &[
            Place { href: "/grid", name: words::GRID },
            Place { href: "/connections", name: words::CONNECTIONS },
            Place { href: "/simulator", name: words::SIMULATOR },
        ],
    },
    Section {
        name: words::ACCOUNTS,
        places: &[
            Place { href: "/bills", name: words::BILLS },
            Place { href: "/trades", name: words::TRADES },
            Place { href: "/energy", name: words::MY_ENERGY },
        ],
    },
];

impl Place {
    /// Whether the address is at this place or below it.
    fn holds(self, path: &str) -> bool {
        path == self.href
            || self.href != "/" && path.strip_prefix(self.href).is_some_and(|p| p.starts_with('/'))
    }

    /// Its address and how it is linked to: the network and the accounts are those of the world.
    fn link(self) -> (Signal<String>, Signal<Option<&'static str>>) {
        match SECTIONS[0].places.iter().any(|place| place.href == self.href) {
            true => (link(self.href), Signal::stored(None)),
            false => world_link(self.href),
        }
    }

    /// That the link loads the page anew where it leads to another site: another site is another live
    /// state. Networks and accounts are those of the world, unless the address names a site.
    fn rel(self) -> Signal<Option<&'static str>> {
        let (path, chosen) = (use_location().pathname, expect_context::<Chosen>());
        Signal::derive(move || {
            let here = path.with(|path| is_of_world(path));
            let stays = here == is_of_world(self.href) || chosen.query().contains("site=");
            (!stays).then_some("external")
        })
    }

    fn current(self) -> Signal<Option<&'static str>> {
        let path = use_location().pathname;
        Signal::derive(move || path.with(|path| self.holds(path)).then_some("page"))
    }
}

/// Whether a page shows the simulated world where its address names no site.
fn is_of_world(path: &str) -> bool {
    SECTIONS[1..].iter().any(|section| section.places.iter().any(|place| place.holds(path)))
}

/// The frame around every page.
#[component]
pub(crate) fn Frame(
    /// Whether a page is being fetched.
    is_routing: ReadSignal<bool>,
    children: Children,
) -> impl IntoView {
    provide_context(Chosen::new());
    provide_context(LiveHandle::new());
    view! {
        <a class="skip" href="#main">
            {words::SKIP}
        </a>
        <Patterns />
        <div class="frame">
            <Rail />
            <Top />
            <main id="main" class="main" tabindex="-1" aria-busy=text(move || is_routing.get().to_string())>
                {with_live(|live| view! { <LostBanner live /> }.at_once())}
                {children()}
            </main>
            <PhoneBar />
        </div>
    }
}

/// Says that the values are old; they stay, dimmed, while it is shown.
#[component]
fn LostBanner(live: Live) -> impl IntoView {
    let lost = Memo::new(move |_| match live.link.get() {
        Link::Lost(since) if (live.now.get() - since).num_seconds() >= 3 => Some(since),
        _ => None,
    });
    view! {
        <div role="status">
            {piece(move || {
                lost.get()
                    .map(|since| {
                        let said = text(move || {
                            let at = live.clock().second(live.at.get());
                            words::stream_lost(&duration(live.now.get() - since), &at)
                        });
                        view! { <p class="banner">{said}</p> }
                    })
            })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_belongs_to_meters_and_nothing_belongs_to_the_overview() {
        let [overview, meters, ..] = SECTIONS[0].places else { panic!("places are missing") };
        assert!(meters.holds("/meters/12"));
        assert!(!meters.holds("/metersx"));
        assert!(!overview.holds("/meters"));
        assert!(overview.holds("/"));
    }
}
