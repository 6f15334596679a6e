//! The choice of series: a search over the meters, and a link for each of their channels.

use domain::history::{Channel, MOST, Wanted};
use domain::view::history::{FoundMeter, HistoryPage};
use leptos::prelude::*;
use service::pages::Query;

use super::same_part;
use texts::words::history as words;
use ui::drawing::hidden;

pub(super) fn draw(page: &HistoryPage) -> AnyView {
    let is_full = page.chosen.len() >= MOST;
    let body = if is_full {
        view! { <p class="note">{words::full()}</p> }.into_any()
    } else {
        found(page)
    };
    view! {
        <section class="history-choose" aria-labelledby="add">
            <h2 id="add">{words::ADD}</h2>
            {(!is_full).then(|| form(page))}
            {body}
        </section>
    }
    .into_any()
}

/// A form that is an address: what else stands in it goes along.
fn form(page: &HistoryPage) -> AnyView {
    let here = same_part(page, &page.chosen);
    let (_, query) = here.split_once('?').unwrap_or((&here, ""));
    let query = Query::parse(query);
    let names = ["series", "zoom", "site", "period", "at", "from", "to", "compare"];
    let rest = names.into_iter().filter_map(|name| Some(hidden(name, query.get(name)?.to_owned())));
    view! {
        <form class="history-find" method="get" action="/history#add">
            {rest.collect_view()}
            <label for="history-find">{words::FIND}</label>
            <input
                id="history-find"
                class="field"
                type="search"
                name="find"
                value=page.find.clone()
                autocomplete="off"
                maxlength="100"
            />
            <button class="button" type="submit">
                {words::FIND_IT}
            </button>
        </form>
    }
    .into_any()
}

fn found(page: &HistoryPage) -> AnyView {
    if page.found.is_empty() {
        return view! { <p class="note">{words::NONE_FOUND}</p> }.into_any();
    }
    let more = (page.more_found > 0)
        .then(|| view! { <p class="note">{words::more_found(page.more_found)}</p> });
    view! {
        <ul class="history-found">
            {page.found.iter().map(|meter| meter_row(page, meter)).collect_view()}
        </ul>
        {more}
    }
    .into_any()
}

fn meter_row(page: &HistoryPage, meter: &FoundMeter) -> AnyView {
    let channel = |&of: &Channel| {
        let wanted = Wanted::of(meter.id, of);
        if page.chosen.contains(&wanted) {
            return view! { <span class="history-channel is-chosen">{words::channel(of)}</span> }
                .into_any();
        }
        let mut series = page.chosen.clone();
        series.push(wanted);
        view! {
            <a
                class="history-channel"
                href=same_part(page, &series)
                aria-label=words::add(&meter.name, of)
                data-noscroll
            >
                {words::channel(of)}
            </a>
        }
        .into_any()
    };
    let none =
        meter.channels.is_empty().then(|| view! { <span class="note">{words::NEVER_READ}</span> });
    view! {
        <li>
            <span class="history-meter">
                {meter.name.clone()} " " <span class="note">{meter.number.clone()}</span>
            </span>
            <span class="history-channels">
                {meter.channels.iter().map(channel).collect_view()} {none}
            </span>
        </li>
    }
    .into_any()
}
