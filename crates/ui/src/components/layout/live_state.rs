//! The live state at the foot of the rail.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::components::erased_view::Erase as _;
use crate::components::mark::{Mark, Shape};
use crate::components::reactive::text;
use crate::live::{Link, Status};
use texts::time::SiteClock;
use texts::words::frame as words;

/// Whether the values are live, how many meters are good, and the site's time.
#[component]
pub(crate) fn LiveState(status: Status) -> impl IntoView {
    let shape = Signal::derive(move || match status.link.get() {
        Link::Open => Shape::Good,
        Link::Opening => Shape::Ring,
        Link::Lost(_) => Shape::Stale,
    });
    let said = text(move || match status.link.get() {
        Link::Open => match status.site.read().simulated {
            Some(clock) => words::simulated(clock).into(),
            None => status.counts.with(|counts| words::live(counts.good, counts.meters)),
        },
        Link::Opening => words::OPENING.into(),
        Link::Lost(_) => words::LOST.into(),
    });
    // The year of a world may be any, and its seconds pass too fast to be read.
    let is_simulated = move || status.site.read().simulated.is_some();
    let shown = move |simulated: fn(SiteClock, DateTime<Utc>) -> String,
                      real: fn(SiteClock, DateTime<Utc>) -> String| {
        move || (if is_simulated() { simulated } else { real })(status.clock(), status.now.get())
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
            {text(move || status.site.read().time_zone.clone())} ", " {text(move || status.clock().zone())}
        </p>
    }
    .erased()
}
