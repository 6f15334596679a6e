//! The newest requests, with what became of each.

use chrono::{DateTime, Utc};
use domain::grid::RequestState;
use domain::grid::view::{GridPage, Request};
use domain::view::PeriodContext;
use markup::{Html, html};

use super::kw;
use texts::messages::told;
use texts::words::grid as words;
use ui::components::mark::Shape;
use ui::drawing::parts::{Clock, mark};

pub(super) fn last(page: &GridPage) -> Html {
    let row = |request: &Request| {
        let place = request.transformer.clone().or_else(|| request.reason.as_ref().map(told));
        html! {
            <li class="line grid-request">
                {mark(state(request.state).0)}
                <span class="line-name">{amounts(request)}</span>
                <span class="line-text">{place} " " {note(request)}</span>
                <span class="line-age">{time(&page.shown, request.made_at)}</span>
            </li>
        }
    };
    let rows = page.last.iter().map(row).collect::<Html>();
    let none = page.last.is_empty().then(|| html! { <p class="note">{words::NO_REQUESTS}</p> });
    html! {
        <section class="grid-last" aria-labelledby="last">
            <h2 id="last">
                {words::LAST_REQUESTS} " " <a class="note" href="/connections">
                    {words::ALL_REQUESTS}
                </a>
            </h2>
            <ul class="lines">{rows}</ul>
            {none}
        </section>
    }
}

/// That it no longer counts, where it stands by a transformer.
fn note(request: &Request) -> Option<Html> {
    (request.state == RequestState::Withdrawn)
        .then(|| html! { <span class="note">{words::state(request.state)}</span> })
}

/// The shape and the word of a state.
pub(crate) fn state(state: RequestState) -> (Shape, &'static str) {
    let shape = match state {
        RequestState::Approved => Shape::Good,
        RequestState::Rejected => Shape::Alarm,
        RequestState::Pending | RequestState::Withdrawn => Shape::Ring,
    };
    (shape, words::state(state).get())
}

/// What was requested.
fn amounts(request: &Request) -> String {
    let production = (!request.production.is_zero()).then(|| kw(request.production));
    words::request(&kw(request.consumption), production.as_deref())
}

/// The time of a day that is today, else with its date.
pub(crate) fn time(shown: &PeriodContext, at: DateTime<Utc>) -> String {
    let clock = Clock(shown);
    if shown.site.date_at(at) == shown.today() {
        clock.minute(at)
    } else {
        format!("{} {}", clock.day(at), clock.minute(at))
    }
}
