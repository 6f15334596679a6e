//! What the map of the grid shows.

use domain::grid::view::map::{GridMap, View};
use leptos::prelude::*;

use crate::json::Json;

/// What the map of the grid shows of a view.
#[server(prefix = "/fn", endpoint = "map", input = Json, output = Json)]
pub async fn get_map(
    /// What follows after `?` in the address: the request that is looked into.
    query: String,
    /// The part of the map in view.
    view: View,
) -> Result<GridMap, ServerFnError> {
    let (service, who) = super::acting()?;
    let query = service::pages::Query::parse(&query);
    let map = service::grid::page::grid_map(&service, &who, &query, view);
    let tiles = use_context();
    map.await.map(|map| GridMap { tiles, ..map }).map_err(|error| super::refused(&error))
}
