//! The page of connections: every request with what became of it, and the way to withdraw.

pub(crate) mod requests;

use domain::grid::RequestState;
use domain::grid::view::connections::ConnectionsPage;
use leptos::prelude::*;
use service::pages::Query;
use service::{Principal, Service};
use texts::language::Text;
use texts::words::grid::{self, connections as words};
use ui::drawing::at;
use ui::kit::{self, Draw as _, Empty};

use super::Drawn;
use requests::Requests;

pub(crate) async fn draw(service: &Service, who: &Principal, query: &Query) -> Drawn {
    let page = service::grid::page::connections::connections(service, who, query).await?;
    Ok(kit::page(words::TITLE.get(), view! { <Connections page /> }))
}

#[component]
fn Connections(page: ConnectionsPage) -> AnyView {
    if page.total() == 0 {
        return view! {
            <Empty
                title=words::NONE.get()
                why=words::NONE_HELP.get()
                next=("/grid", words::TO_GRID)
            />
        }
        .drawn();
    }
    let count = |state| page.count(state);
    let headline = words::headline(count(RequestState::Approved), count(RequestState::Rejected));
    let steps = steps(&page);
    view! {
        <article class="page connections">
            <header class="sheet-head">
                <div class="state">
                    <h1>{headline}</h1>
                    <p class="state-detail">
                        <a href="/grid">{words::TO_GRID}</a>
                    </p>
                </div>
                {filter(&page)}
            </header>
            <Requests page />
            {steps}
        </article>
    }
    .drawn()
}

/// All, or those of one state.
fn filter(page: &ConnectionsPage) -> AnyView {
    let option = |only: Option<RequestState>| {
        let href = address(only, None);
        let (name, count) = only.map_or_else(
            || (words::ALL, page.total()),
            |state| (grid::state(state), page.count(state)),
        );
        view! {
            <a
                class="segment"
                id=format!("only-{}", only.map_or("all", RequestState::as_str))
                href=href
                aria-current=(page.only == only).then_some("true")
                data-noscroll=""
            >
                {format!("{name} {count}")}
            </a>
        }
    };
    let some = RequestState::ALL.into_iter().filter(|state| page.count(*state) > 0).map(Some);
    view! {
        <nav class="segments" aria-label=words::FILTER>
            {std::iter::once(None).chain(some).map(option).collect_view()}
        </nav>
    }
    .drawn()
}

/// Back to the newest requests, and on to older ones.
fn steps(page: &ConnectionsPage) -> Option<AnyView> {
    let step = |name: Text, cursor| {
        view! {
            <a class="button" href=address(page.only, cursor)>
                {name}
            </a>
        }
    };
    let first = page.is_later.then(|| step(words::FIRST, None));
    let next = page.next.as_deref().map(|next| step(words::NEXT, Some(next)));
    let is_long = first.is_some() || next.is_some();
    is_long.then(|| {
        view! {
            <p class="actions">
                {first} {next}
            </p>
        }
        .drawn()
    })
}

fn address(only: Option<RequestState>, cursor: Option<&str>) -> String {
    let status = only.map(RequestState::as_str).unwrap_or_default();
    at(None, "/connections", &[("status", status), ("cursor", cursor.unwrap_or_default())])
}
