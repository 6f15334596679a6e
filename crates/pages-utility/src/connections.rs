//! The page of connections: every request with what became of it, and the way to withdraw.

use domain::grid::RequestState;
use domain::grid::feasibility::Place;
use domain::grid::view::Request;
use domain::grid::view::connections::ConnectionsPage;
use markup::{Html, html};
use service::Action;

use super::grid::{degrees, kw, state, time};
use texts::messages::told;
use texts::words::grid::{self, connections as words};
use ui::api::Sheet;
use ui::drawing::parts::mark;
use ui::drawing::rights::may;
use ui::drawing::{hidden, send, sheet};

pub(super) fn draw(page: &ConnectionsPage) -> Sheet {
    if page.total() == 0 {
        return sheet(words::TITLE.get(), nothing());
    }
    let count = |state| page.count(state);
    let headline = words::headline(count(RequestState::Approved), count(RequestState::Rejected));
    sheet(
        words::TITLE.get(),
        html! {
            <article class="page connections">
                <header class="sheet-head">
                    <div class="state">
                        <h1>{headline}</h1>
                        <p class="state-detail">
                            <a href="/grid">{words::TO_GRID}</a>
                            " · "
                            <a href=csv(page) download="connections.csv" rel="external">
                                {words::CSV}
                            </a>
                        </p>
                    </div>
                    {filter(page)}
                </header>
                {table(page)}
                {pages(page)}
            </article>
        },
    )
}

fn nothing() -> Html {
    html! {
        <section class="page notice">
            <h1>{words::NONE}</h1>
            <p>{words::NONE_HELP}</p>
            <p>
                <a class="button button-main" href="/grid">
                    {words::TO_GRID}
                </a>
            </p>
        </section>
    }
}

fn csv(page: &ConnectionsPage) -> String {
    let only = page.only.map(|state| format!("&status={}", state.as_str())).unwrap_or_default();
    format!("/api/connection?format=csv&limit=10000{only}")
}

/// All, or those of one state.
fn filter(page: &ConnectionsPage) -> Html {
    let option = |only: Option<RequestState>| {
        let href = only.map_or_else(
            || "/connections".to_owned(),
            |state| format!("/connections?status={}", state.as_str()),
        );
        let (name, count) = only.map_or_else(
            || (words::ALL, page.total()),
            |state| (grid::state(state), page.count(state)),
        );
        html! {
            <a
                class="segment"
                id=format!("only-{}", only.map_or("all", RequestState::as_str))
                href=href
                aria-current=(page.only == only).then_some("true")
                data-noscroll
            >
                {format!("{name} {count}")}
            </a>
        }
    };
    let some = RequestState::ALL.into_iter().filter(|state| page.count(*state) > 0).map(Some);
    html! {
        <nav class="segments" aria-label=words::FILTER>
            {std::iter::once(None).chain(some).map(option).collect::<Html>()}
        </nav>
    }
}

fn table(page: &ConnectionsPage) -> Html {
    if page.requests.is_empty() {
        return html! { <p class="note">{words::NONE_OF_STATE}</p> };
    }
    let rows = page.requests.iter().map(|request| row(page, request)).collect::<Html>();
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::REQUESTS>
            <table class="table requests">
                <thead>
                    <tr>
                        <th scope="col">{words::STATE}</th>
                        <th scope="col" class="col-type">
                            {words::TYPE}
                        </th>
                        <th scope="col" class="num">
                            {words::CONSUMPTION}
                        </th>
                        <th scope="col" class="num col-production">
                            {words::PRODUCTION}
                        </th>
                        <th scope="col">{words::TRANSFORMER}</th>
                        <th scope="col" class="num col-time">
                            {words::TIME}
                        </th>
                        <th scope="col">
                            <span class="sr">{words::ACTIONS}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(page: &ConnectionsPage, request: &Request) -> Html {
    let (shape, word) = state(request.state);
    let place = request.transformer.clone().or_else(|| request.reason.as_ref().map(told));
    let withdrawn = request.withdrawn_at.map(|at| words::withdrawn(&time(&page.shown, at)));
    let production = request.is_prosumer.then(|| kw(request.production));
    let quiet = request.state == RequestState::Withdrawn;
    let can_withdraw = request.state == RequestState::Approved && may(Action::Connect);
    html! {
        <tr class=if quiet { "is-quiet" } else { "" } id=format!("connection-{}", request.id)>
            <th scope="row">{mark(shape)} " " {word}</th>
            <td class="col-type">
                {if request.is_prosumer { words::PROSUMER } else { words::CONSUMER }}
            </td>
            <td class="num">
                {kw(request.consumption)}
                <span class="note and-production">
                    {production.clone().map(|kw| words::and_production(&kw))}
                </span>
            </td>
            <td class="num col-production">{production}</td>
            <td class="col-place">
                {place} " " <span class="note">{withdrawn}</span>
            </td>
            <td class="num col-time">{time(&page.shown, request.made_at)}</td>
            <td class="col-acts">
                <a href=map(request)>{words::MAP}</a>
                {can_withdraw.then(|| withdraw(request))}
            </td>
        </tr>
    }
}

/// The place on the map, with the same request.
fn map(request: &Request) -> String {
    let Place { latitude, longitude } = request.place;
    format!(
        "/grid?lat={}&lon={}&consumption={}&production={}",
        degrees(latitude),
        degrees(longitude),
        request.consumption,
        request.production
    )
}

/// Says what a withdrawal frees before it is done.
fn withdraw(request: &Request) -> Html {
    let production = request.is_prosumer.then(|| kw(request.production));
    let transformer = request.transformer.as_deref().unwrap_or_default();
    let frees = words::frees(&kw(request.consumption), production.as_deref(), transformer);
    html! {
        <details class="confirm">
            <summary>{words::WITHDRAW}</summary>
            <form action=send("withdraw")>
                {hidden("connection", request.id.clone())}
                <p>{frees}</p>
                <button type="submit" class="button">
                    {words::WITHDRAW_NOW}
                </button>
            </form>
        </details>
    }
}

fn pages(page: &ConnectionsPage) -> Option<Html> {
    let only = page.only.map(|state| format!("status={}", state.as_str()));
    let address = |cursor: Option<&str>| {
        let cursor = cursor.map(|cursor| format!("cursor={cursor}"));
        let parts: Vec<_> = only.clone().into_iter().chain(cursor).collect();
        format!("/connections?{}", parts.join("&")).trim_end_matches('?').to_owned()
    };
    let first = page.is_later.then(|| {
        html! {
            <a class="button" href=address(None)>
                {words::FIRST}
            </a>
        }
    });
    let next = page.next.as_deref().map(|next| {
        html! {
            <a class="button" href=address(Some(next))>
                {words::NEXT}
            </a>
        }
    });
    (first.is_some() || next.is_some()).then(|| {
        html! {
            <p class="actions">
                {first} {next}
            </p>
        }
    })
}
