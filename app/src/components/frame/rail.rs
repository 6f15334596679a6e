//! The rail at the left: beside the page where there is room, else in a drawer.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{HOME, Place, SECTIONS, Section};
use crate::components::lean::{flag, text};
use crate::components::load::with_live;
use crate::components::mark::{Mark, MeterState, Shape};
use crate::components::whole::{AtOnce as _, Whole};
use crate::live::{Link, Live};
use crate::period::link;
use crate::theme::Theme;
use crate::time::SiteClock;
use crate::words::frame as words;

/// Id of the rail, which opens as a drawer where there is no room for it.
pub(super) const RAIL: &str = "rail";

/// Name, places, and at the foot the live state and the colours.
#[component]
pub(super) fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" id=RAIL popover="auto" aria-label=words::NAVIGATION>
            <a class="brand" href=link("/") rel=HOME.rel() on:click=|_| close()>
                <Logo />
                <span class="brand-name">"Wattlens"</span>
            </a>
            {SECTIONS.map(section).collect_view()}
            <div class="rail-foot">
                {with_live(|live| view! { <LiveState live /> }.at_once())} <ThemeSwitch />
            </div>
        </nav>
    }
    .at_once()
}

fn section(section: Section) -> Whole {
    view! {
        <p class="places-name">{section.name}</p>
        <ul class="places">
            {section.places.iter().map(|&place| view! { <RailPlace place /> }).collect_view()}
        </ul>
    }
    .at_once()
}

#[component]
fn RailPlace(place: Place) -> impl IntoView {
    let (href, rel) = place.link();
    let count = (place.href == "/meters").then(|| {
        with_live(|live| {
            view! {
                <span class="place-count" aria-hidden="true">
                    {text(move || live.cards.read().len().to_string())}
                </span>
            }
            .at_once()
        })
    });
    view! {
        <li>
            <a class="place" href=href rel=rel aria-current=place.current() on:click=|_| close()>
                <span class="place-name">{place.name}</span>
                {count}
            </a>
        </li>
    }
}

/// Closes the drawer; where the rail stands open anyway there is nothing to close.
fn close() {
    let rail = document().get_element_by_id(RAIL);
    if let Some(rail) = rail.and_then(|rail| rail.dyn_into::<web_sys::HtmlElement>().ok())
        && rail.matches(":popover-open") == Ok(true)
        && rail.hide_popover().is_err()
    {
        leptos::logging::warn!("the menu does not close");
    }
}

/// Whether the values are live, how many meters are good, and the site's time.
#[component]
fn LiveState(live: Live) -> impl IntoView {
    let good = Memo::new(move |_| {
        live.read(|s| s.values.iter().filter(|v| MeterState::of(v).shape == Shape::Good).count())
    });
    let shape = Signal::derive(move || match live.link.get() {
        Link::Open => Shape::Good,
        Link::Opening => Shape::Ring,
        Link::Lost(_) => Shape::Stale,
    });
    let said = text(move || match live.link.get() {
        Link::Open => match live.site.read().simulated {
            Some(clock) => words::simulated(clock).to_owned(),
            None => words::live(good.get(), live.cards.read().len()),
        },
        Link::Opening => words::OPENING.to_owned(),
        Link::Lost(_) => words::LOST.to_owned(),
    });
    // The year of a world may be any, and its seconds pass too fast to be read.
    let is_simulated = move || live.site.read().simulated.is_some();
    let shown = move |simulated: fn(SiteClock, DateTime<Utc>) -> String,
                      real: fn(SiteClock, DateTime<Utc>) -> String| {
        move || (if is_simulated() { simulated } else { real })(live.clock(), live.now.get())
    };
    let day = shown(SiteClock::date, SiteClock::day);
    let time = shown(SiteClock::minute, SiteClock::second);
    view! {
        <p class="live-state">
            <Mark shape />
            <span class="live-words">{said}</span>
        </p>
        <p class="live-time">
            <span class="live-day">{text(day)} ", "</span>
            <time>{text(time)}</time>
        </p>
        <p class="live-zone">
            {text(move || live.site.read().time_zone.clone())} ", " {text(move || live.clock().zone())}
        </p>
    }
    .at_once()
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new(Theme::of_request());
    let option = move |theme: Theme| {
        view! {
            <label class="switch-option">
                <input
                    type="radio"
                    name="theme"
                    checked=chosen.get_untracked() == theme
                    prop:checked=flag(move || chosen.get() == theme)
                    on:change=move |_| {
                        chosen.set(theme);
                        theme.apply();
                    }
                />
                <span>{theme.name()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="switch theme-switch">
            <legend class="sr">{words::THEME}</legend>
            {Theme::ALL.map(option).collect_view()}
        </fieldset>
    }
    .at_once()
}

/// The places of the section again, at the foot of a phone.
#[component]
pub(super) fn PhoneBar() -> impl IntoView {
    let item = |place: Place| {
        let (href, rel) = place.link();
        view! {
            <a href=href rel=rel aria-current=place.current()>
                {place.name}
            </a>
        }
    };
    view! {
        <nav class="phone-bar" aria-label=words::SHORT_NAVIGATION>
            {SECTIONS
                .map(|section| {
                    view! { <div class="phone-places">{section.places.iter().copied().map(item).collect_view()}</div> }
                })
                .collect_view()}
            <button type="button" popovertarget=RAIL>
                {words::MORE}
            </button>
        </nav>
    }
}

#[component]
fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
            <path class="logo-bar" d="M1 2h14M1 7h9M1 12h6" />
            <path class="logo-loss" d="M12 7h3" />
        </svg>
    }
}
