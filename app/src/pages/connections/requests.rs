//! The table of requests, and the withdrawal of one.

use domain::grid::RequestState;
use domain::grid::feasibility::{ConnectionId, Place};
use domain::grid::view::Request;
use domain::grid::view::connections::ConnectionsPage;
use domain::view::PeriodContext;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use service::{Action, Principal, Service, grid};
use texts::messages::told;
use texts::words::grid::{connections as words, done};
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};
use ui::drawing::files::Downloads;
use ui::drawing::parts::grid::{degrees, kw, state, time};
use ui::drawing::rights::may;
use ui::kit::{self, Cell, Column, Confirm, Draw as _, Row, Table};

#[component]
pub(super) fn Requests(page: ConnectionsPage) -> AnyView {
    let ConnectionsPage { shown, requests, .. } = page;
    if requests.is_empty() {
        return view! { <p class="note">{words::NONE_OF_STATE}</p> }.drawn();
    }
    let columns = vec![
        Column::new(words::STATE),
        Column::new(words::TYPE).class("col-type"),
        Column::of_figures(words::CONSUMPTION),
        Column::of_figures(words::PRODUCTION).class("col-production"),
        Column::new(words::TRANSFORMER).class("col-place"),
        Column::of_figures(words::TIME).class("col-time"),
        Column::unnamed(words::ACTIONS).class("col-acts"),
    ];
    let rows = requests.iter().map(|request| row(&shown, request)).collect();
    let downloads = Downloads::of_site(&shown.site, shown.now);
    let files = kit::inert(downloads.offer("connections", || data(downloads, &requests)));
    view! {
        <Table label=words::REQUESTS class="requests" columns rows />
        {files}
    }
    .drawn()
}

/// The requests as data, for files.
fn data(downloads: Downloads<'_>, requests: &[Request]) -> tables::Table {
    use tables::{Column, Value};
    let heads = [
        words::STATE,
        words::TYPE,
        words::CONSUMPTION,
        words::PRODUCTION,
        words::TRANSFORMER,
        words::TIME,
    ];
    let row = |request: &Request| {
        let kind = if request.is_prosumer { words::PROSUMER } else { words::CONSUMER };
        vec![
            Value::text(state(request.state).1),
            Value::text(kind),
            Value::Exact(request.consumption),
            request.is_prosumer.then_some(request.production).into(),
            transformer(request).into(),
            Value::Time(request.made_at),
        ]
    };
    let columns = heads.iter().map(|head| Column::of_head(head)).collect();
    downloads.table(words::REQUESTS, columns, requests.iter().map(row).collect())
}

/// The transformer, or why there is none.
fn transformer(request: &Request) -> Option<String> {
    request.transformer.clone().or_else(|| request.reason.as_ref().map(told))
}

fn row(shown: &PeriodContext, request: &Request) -> Row {
    let (shape, word) = state(request.state);
    let production = request.is_prosumer.then(|| kw(request.production));
    let kind = if request.is_prosumer { words::PROSUMER } else { words::CONSUMER };
    Row {
        id: Some(format!("connection-{}", request.id)),
        is_quiet: request.state == RequestState::Withdrawn,
        cells: vec![
            Cell::State(shape, word.to_owned()),
            kind.into(),
            consumption(request, production.as_deref()),
            production.unwrap_or_default().into(),
            place(shown, request),
            time(shown, request.made_at).into(),
            acts(request),
        ],
    }
}

/// With the production below it, where that has no column of its own.
fn consumption(request: &Request, production: Option<&str>) -> Cell {
    let production = production.map(words::and_production);
    Cell::of(view! {
        {kw(request.consumption)}
        <span class="note and-production">{production}</span>
    })
}

fn place(shown: &PeriodContext, request: &Request) -> Cell {
    let place = transformer(request).unwrap_or_default();
    match request.withdrawn_at {
        None => place.into(),
        Some(at) => Cell::of(view! {
            {place}
            " "
            <span class="note">{words::withdrawn(&time(shown, at))}</span>
        }),
    }
}

fn acts(request: &Request) -> Cell {
    let can_withdraw = request.state == RequestState::Approved && may(Action::Connect);
    Cell::of(view! {
        <a href=map(request)>{words::MAP}</a>
        {can_withdraw.then(|| withdraw(request))}
    })
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
fn withdraw(request: &Request) -> AnyView {
    let production = request.is_prosumer.then(|| kw(request.production));
    let transformer = request.transformer.as_deref().unwrap_or_default();
    let frees = words::frees(&kw(request.consumption), production.as_deref(), transformer);
    view! {
        <Confirm
            button=words::WITHDRAW.get()
            what=frees
            now=words::WITHDRAW_NOW.get()
            action=Withdraw { connection: Typed::of(&request.id) }
        />
    }
    .drawn()
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Withdraw {
    pub(crate) connection: Typed<ConnectionId>,
}

impl FormAction for Withdraw {
    const NAME: &'static str = "withdraw";
    const NEEDS: Action = Action::Connect;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        grid::withdraw(service, who, self.connection.id()?).await?;
        Ok(Done::new(done::WITHDRAWN))
    }
}
