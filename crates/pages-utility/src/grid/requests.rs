//! The newest requests, with what became of each.

use domain::grid::RequestState;
use domain::grid::view::{GridPage, Request};
use markup::{Html, html};

use texts::messages::told;
use texts::words::grid as words;
use ui::drawing::parts::grid::{kw, state, time};
use ui::drawing::parts::mark;

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

fn amounts(request: &Request) -> String {
    let production = (!request.production.is_zero()).then(|| kw(request.production));
    words::request(&kw(request.consumption), production.as_deref())
}
