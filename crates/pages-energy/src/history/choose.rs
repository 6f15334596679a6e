//! The choice of series: a search over the meters, and a link for each of their channels.

use super::same_part;
use crate::parts::note;
use domain::history::view::{FoundMeter, HistoryPage};
use domain::history::{Channel, MOST, Wanted};
use markup::{Html, html};
use service::pages::Query;
use texts::words::history as words;
use ui::drawing::hidden;

pub(super) fn draw(page: &HistoryPage) -> Html {
    let is_full = page.chosen.len() >= MOST;
    let body = if is_full { note(words::full()) } else { found(page) };
    html! {
        <section class="history-choose" aria-labelledby="add">
            <h2 id="add">{words::ADD}</h2>
            {(!is_full).then(|| form(page))}
            {body}
        </section>
    }
}

/// A form that is an address: what else stands in it goes along.
fn form(page: &HistoryPage) -> Html {
    let here = same_part(page, &page.chosen);
    let (_, query) = here.split_once('?').unwrap_or((&here, ""));
    let query = Query::parse(query);
    let names = ["series", "zoom", "site", "period", "at", "from", "to", "compare"];
    let rest = names.into_iter().filter_map(|name| Some(hidden(name, query.get(name)?.to_owned())));
    html! {
        <form class="history-find" method="get" action="/history#add">
            {rest.collect::<Html>()}
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
}

fn found(page: &HistoryPage) -> Html {
    if page.found.is_empty() {
        return note(words::NONE_FOUND);
    }
    let more = (page.more_found > 0).then(|| note(words::more_found(page.more_found)));
    html! {
        <ul class="history-found">
            {page.found.iter().map(|meter| meter_row(page, meter)).collect::<Html>()}
        </ul>
        {more}
    }
}

fn meter_row(page: &HistoryPage, meter: &FoundMeter) -> Html {
    let channel = |&of: &Channel| {
        let wanted = Wanted::of(meter.id, of);
        if page.chosen.contains(&wanted) {
            return html! { <span class="history-channel is-chosen">{words::channel(of)}</span> };
        }
        let mut series = page.chosen.clone();
        series.push(wanted);
        html! {
            <a
                class="history-channel"
                href=same_part(page, &series)
                aria-label=words::add(&meter.name, of)
                data-noscroll
            >
                {words::channel(of)}
            </a>
        }
    };
    let none =
        meter.channels.is_empty().then(|| html! { <span class="note">{words::NEVER_READ}</span> });
    html! {
        <li>
            <span class="history-meter">
                {meter.name.clone()} " " <span class="note">{meter.number.clone()}</span>
            </span>
            <span class="history-channels">
                {meter.channels.iter().map(channel).collect::<Html>()} {none}
            </span>
        </li>
    }
}
