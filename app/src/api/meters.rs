use domain::MeterId;
use domain::view::MetersPage;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// What the page of all meters shows for the period.
#[server(prefix = "/fn", endpoint = "meters", input = Json, output = Json)]
pub async fn get_meters(
    /// What follows after `?` in the address.
    query: String,
    /// The meters whose figures are asked for; those of the first rows where there are none.
    meters: Vec<MeterId>,
) -> Result<MetersPage, ServerFnError> {
    let (service, who) = super::acting()?;
    let query = service::pages::Query::parse(&query);
    let language = crate::language::now();
    let page = service::pages::meters(&service, &who, &query, &meters, language).await;
    page.map_err(super::refused)
}
