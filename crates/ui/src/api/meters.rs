//! What the tree of meters shows.

use domain::MeterId;
use domain::meters::view::MetersPage;
use leptos::prelude::*;

use crate::json::Json;

/// What the page of all meters shows for the period.
#[server(prefix = "/fn", endpoint = "meters", input = Json, output = Json)]
pub async fn get_meters(
    /// What follows after `?` in the address.
    query: String,
    /// The meters whose figures are asked for; those of the first rows where there are none.
    meters: Vec<MeterId>,
) -> Result<Result<MetersPage, String>, ServerFnError> {
    let (service, who) = super::acting()?;
    let query = service::pages::Query::parse(&query);
    let language = texts::language::now();
    let page = service::meters::page::tree::meters(&service, &who, &query, &meters, language);
    super::answer(page.await)
}

/// What the page of all meters shows, or why it cannot; a refusal is shown as any failure is.
pub async fn ask_meters(query: String, meters: Vec<MeterId>) -> Result<MetersPage, ServerFnError> {
    Box::pin(get_meters(query, meters)).await?.map_err(ServerFnError::ServerError)
}
