//! All devices of a site, the worst first.

pub(super) mod act;
mod channels;
mod files;
pub(super) mod import;
pub(super) mod new;
pub(super) mod one;
mod probe;

use chrono::{DateTime, Utc};
use domain::devices::view::{Condition, DeviceRow, DevicesPage};
use markup::{Html, html};
use service::Action;
use texts::figures;

use texts::messages::told;
use texts::time::duration;
use texts::words::devices as words;
use ui::components::figure::{UNKNOWN, fixed};
use ui::drawing::{
    Downloads, Shape, Sheet, at, draw_table, hidden, mark, may, sheet, submit_button,
};

pub(super) fn draw(page: &DevicesPage) -> Sheet {
    let all: usize = page.counts.iter().map(|(_, count)| count).sum();
    if all == 0 {
        let nothing = html! {
            <section class="page notice">
                <h1>{words::headline(0, 0)}</h1>
                <p>{words::NONE_HELP}</p>
                {ways(page)}
            </section>
        };
        return sheet(&words::TITLE, nothing);
    }
    let troubled = |(condition, _): &&(Condition, usize)| {
        matches!(condition, Condition::Error | Condition::Offline | Condition::Stale)
    };
    let troubled = page.counts.iter().filter(troubled).map(|(_, count)| count).sum();
    let content = html! {
        <article class="page devices">
            <header class="sheet-head">
                <div class="state" id="devices-state">
                    <h1>{words::headline(all, troubled)}</h1>
                    <p class="note">{words::DETAIL}</p>
                </div>
                {ways(page)}
            </header>
            <div class="devices-filter">
                <div id="devices-states">
                    {filter(page, all)}
                </div>
                {find(page)}
            </div>
            <div id="devices-rows">
                {table(page)}
            </div>
            {Downloads::of_site(&page.site, page.now).offer("devices", || files::table(page))}
        </article>
    };
    // Health moves by the poll; a few seconds late is early enough.
    Sheet { refresh_s: 5, ..sheet(&words::TITLE, content) }
}

fn ways(page: &DevicesPage) -> Html {
    let slug = page.slug.as_deref();
    let add = may(Action::Configure).then(|| {
        html! {
            <a class="button button-main" href=at(slug, "/devices/new", &[])>
                {words::ADD}
            </a>
            <a class="button" href=at(slug, "/devices/import", &[])>
                {words::IMPORT}
            </a>
        }
    });
    html! {
        <div class="actions">
            {add}
            {export(slug)}
        </div>
    }
}

fn export(slug: Option<&str>) -> Html {
    let href = at(slug, "/api/devices.csv", &[]);
    html! {
        <a class="button" href=href download="devices.csv" rel="external">
            {words::EXPORT}
        </a>
    }
}

fn filter(page: &DevicesPage, all: usize) -> Html {
    let option = |only: Option<Condition>, count: usize| {
        let word = only.map_or("", Condition::word);
        let kept = [("state", word), ("q", page.text.as_str())];
        let href = at(page.slug.as_deref(), "/devices", &kept);
        let name = only.map_or(words::ALL, words::state);
        html! {
            <a
                class="segment"
                id=format!("only-{}", only.map_or("all", Condition::word))
                href=href
                aria-current=(page.only == only).then_some("true")
                data-key=(only.is_none() && page.only.is_some()).then_some("Escape")
                data-noscroll
            >
                {format!("{name} {count}")}
            </a>
        }
    };
    let some = page.counts.iter().filter(|(_, count)| *count > 0);
    let some = some.map(|(condition, count)| option(Some(*condition), *count)).collect::<Html>();
    html! {
        <nav class="segments" aria-label=words::FILTER>
            {option(None, all)}
            {some}
        </nav>
    }
}

fn find(page: &DevicesPage) -> Html {
    let site = page.slug.as_deref().map(|slug| hidden("site", slug));
    let state = page.only.map(|only| hidden("state", only.word()));
    html! {
        <form
            class="choice"
            method="get"
            action="/devices"
            role="search"
            aria-label=words::FIND
        >
            {site} {state}
            <label>
                <span class="sr">{words::FIND}</span>
                <input
                    class="field"
                    type="search"
                    name="q"
                    value=page.text.clone()
                    placeholder=words::FIND_HINT
                    autocomplete="off"
                />
            </label>
            {submit_button(words::GO)}
        </form>
    }
}

fn table(page: &DevicesPage) -> Html {
    if page.rows.is_empty() {
        return html! { <p class="note">{words::NOTHING_FOUND}</p> };
    }
    let more = page.found - page.rows.len();
    let more = (more > 0).then(|| html! { <p class="note">{words::more(more)}</p> });
    let heads = html! {
        <th scope="col">{words::STATE}</th>
        <th scope="col">{words::METER}</th>
        <th scope="col" class="col-peer">{words::PEER}</th>
        <th scope="col" class="col-profile">{words::PROFILE}</th>
        <th scope="col" class="num">{words::POWER}</th>
        <th scope="col" class="num">{words::AGE}</th>
        <th scope="col" class="num col-count">{words::PACE}</th>
        <th scope="col" class="num col-count" title=words::SILENT_HELP>{words::SILENT}</th>
        <th scope="col" class="num col-count" title=words::WRONG_HELP>{words::WRONG}</th>
        <th scope="col" class="num col-count">{words::LATENCY}</th>
    };
    let rows = page.rows.iter().map(|row| line(page, row));
    html! { {draw_table(words::TITLE, "device-list", heads, rows)} {more} }
}

fn shape(condition: Condition) -> Shape {
    match condition {
        Condition::Error | Condition::Offline => Shape::Alarm,
        Condition::Stale => Shape::Stale,
        Condition::Waiting | Condition::Off => Shape::Ring,
        Condition::Online => Shape::Good,
    }
}

fn age(now: DateTime<Utc>, at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| UNKNOWN.to_owned(), |at| duration(now - at))
}

fn pace(row: &DeviceRow) -> String {
    fixed(row.polls_per_minute, 1)
}

fn count(count: u64) -> String {
    figures::fixed(count as f64, 0)
}

fn line(page: &DevicesPage, row: &DeviceRow) -> Html {
    let since = row.since.map(|since| words::lasting(&duration(page.now - since)));
    let href = at(page.slug.as_deref(), &format!("/devices/{}", row.id), &[]);
    let profile = row.profile.clone().unwrap_or_else(|| words::protocol(row.protocol).to_owned());
    let number = (row.meter_number != row.meter_name).then(|| row.meter_number.clone());
    let latency = row.latency_ms.map_or_else(|| UNKNOWN.to_owned(), |ms| ms.to_string());
    let reason = row.state_reason.as_deref().map(told).unwrap_or_default();
    html! {
        <tr class=if row.state == Condition::Off { "is-quiet" } else { "" }>
            <td class="col-verdict" title=reason>
                {mark(shape(row.state))}
                " "
                {words::state(row.state)}
                " "
                <span class="note">{since}</span>
            </td>
            <th scope="row">
                <a class="row-link" id=format!("device-{}", row.id) href=href>
                    {&row.meter_name}
                </a>
                " "
                <span class="note">{number}</span>
            </th>
            <td class="col-peer">{&row.peer}</td>
            <td class="col-profile">{profile}</td>
            <td class="num">{fixed(row.power_kw, 1)}</td>
            <td class="num">{age(page.now, row.last_update)}</td>
            <td class="num col-count">{pace(row)}</td>
            <td class="num col-count">{count(row.silences)}</td>
            <td class="num col-count">{count(row.errors)}</td>
            <td class="num col-count">{latency}</td>
        </tr>
    }
}
