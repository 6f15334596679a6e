//! Server functions: what islands ask the server while they run. Each calls one use case.

use domain::MeterId;
use domain::grid::view::map::{GridMap, View};
use domain::meters::view::MetersPage;
use leptos::prelude::*;
use ui::json::Json;

/// Draws what answers to what was typed into the search of the frame.
#[server(prefix = "/fn", endpoint = "found", input = Json, output = Json)]
pub async fn get_found(
    typed: String,
    /// The path of the document.
    path: String,
    /// What follows after `?` in its address.
    query: String,
) -> Result<String, ServerFnError> {
    let (service, who) = acting()?;
    ui::drawing::rights::keep(
        &service,
        &who,
        &service::pages::address(&service, &who, &path, &query),
    );
    pages_sites::found(&service, &who, &typed, (&path, &query))
        .await
        .map_err(|error| refused(&error))
}

/// The marks of the grid's map within a view.
#[server(prefix = "/fn", endpoint = "map", input = Json, output = Json)]
pub async fn get_map(
    /// What follows after `?` in the address: the request that is looked into.
    query: String,
    view: View,
) -> Result<GridMap, ServerFnError> {
    let (service, who) = acting()?;
    let query = service::pages::Query::parse(&query);
    let map = service::grid::page::grid_map(&service, &who, &query, view);
    let tiles = use_context();
    map.await.map(|map| GridMap { tiles, ..map }).map_err(|error| refused(&error))
}

/// The figures of the tree for the period.
#[server(prefix = "/fn", endpoint = "meters", input = Json, output = Json)]
pub async fn get_meters(
    /// What follows after `?` in the address.
    query: String,
    /// The meters whose figures are asked for; those of the first rows where there are none.
    meters: Vec<MeterId>,
) -> Result<MetersPage, ServerFnError> {
    let (service, who) = acting()?;
    let query = service::pages::Query::parse(&query);
    let language = texts::language::now();
    let page = service::meters::page::tree::meters(&service, &who, &query, &meters, language);
    page.await.map_err(|error| refused(&error))
}

/// The use cases and who acts, as the server put them into the request's context.
#[cfg(feature = "ssr")]
fn acting() -> Result<(service::Service, service::Principal), ServerFnError> {
    use domain::operation::unable::Unable;
    use_context()
        .zip(use_context())
        .ok_or_else(|| ServerFnError::new(texts::messages::told(&Unable::NoAccess.into())))
}

/// Why the server refuses, in words.
#[cfg(feature = "ssr")]
fn refused(error: &service::Error) -> ServerFnError {
    ServerFnError::ServerError(texts::messages::told(&error.message()))
}
