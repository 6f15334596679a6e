//! The rail at the left: beside the page where there is room, else in a drawer.

use chrono::{DateTime, Utc};
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::drawn::{Part, drawn};
use crate::components::lean::text;
use crate::components::load::with_live;
use crate::components::mark::{Mark, MeterState, Shape};
use crate::components::whole::AtOnce as _;
use crate::language;
use crate::live::{Link, Live};
use crate::theme::Theme;
use crate::time::SiteClock;
use crate::words::frame as words;

/// Id of the rail, which opens as a drawer where there is no room for it.
pub(super) const RAIL: &str = "rail";
/// Name of the switch of languages.
const LANGUAGE: &str = "language";

/// Name, places, and at the foot the live state and the colours.
#[component]
pub(super) fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" id=RAIL popover="auto" aria-label=words::NAVIGATION on:click=|event| close(&event)>
            <div id="places" inner_html=drawn(Part::Places)></div>
            <div class="rail-foot">
                {with_live(|live| view! { <LiveState live /> }.at_once())} <Switches />
            </div>
        </nav>
    }
    .at_once()
}

/// A link closes the drawer; where the rail stands open anyway there is nothing to close.
fn close(event: &MouseEvent) {
    let clicked = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if !clicked.is_some_and(|it| matches!(it.closest("a"), Ok(Some(_)))) {
        return;
    }
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
            Some(clock) => words::simulated(clock).into(),
            None => words::live(good.get(), live.cards.read().len()),
        },
        Link::Opening => words::OPENING.into(),
        Link::Lost(_) => words::LOST.into(),
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

/// The server draws the switches of colours and language; here they are heard.
#[component]
fn Switches() -> impl IntoView {
    let choose = |event: Event| {
        let chosen = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(chosen) = chosen else { return };
        match chosen.name().as_str() {
            LANGUAGE => language::choose(&chosen.value()),
            _ => Theme::parse(Some(&chosen.value())).apply(),
        }
    };
    view! { <div class="rail-switches" inner_html=switches() on:change=choose></div> }.at_once()
}

#[cfg(feature = "ssr")]
fn switches() -> String {
    use crate::language::Language;
    use crate::words::places;

    let option = |name: &'static str, value: &'static str, text: &'static str, is_chosen: bool| {
        let lang = (name == LANGUAGE).then_some(value);
        view! {
            <label class="switch-option">
                <input type="radio" name=name value=value checked=is_chosen />
                <span lang=lang>{text}</span>
            </label>
        }
    };
    let theme = |theme: Theme| {
        let value = theme.attribute().unwrap_or_default();
        option("theme", value, theme.name().get(), Theme::of_request() == theme)
    };
    let language = |language: Language| {
        option(LANGUAGE, language.tag(), language.name(), language::now() == language)
    };
    view! {
        <fieldset class="switch">
            <legend class="sr">{places::THEME}</legend>
            {Theme::ALL.map(theme).collect_view()}
        </fieldset>
        <fieldset class="switch">
            <legend class="sr">{places::LANGUAGE}</legend>
            {Language::ALL.map(language).collect_view()}
        </fieldset>
    }
    .to_html()
}

/// What the server drew stays as it is.
#[cfg(not(feature = "ssr"))]
fn switches() -> String {
    String::new()
}
