use domain::view::MetersPage;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// What the page of all meters shows for the period.
#[server(prefix = "/fn", endpoint = "meters", input = Json, output = Json)]
pub async fn get_meters(
    /// What follows after `?` in the address.
    query: String,
) -> Result<MetersPage, ServerFnError> {
    let (service, who) = super::acting()?;
    let query = service::pages::Query::parse(&query);
    let language = crate::language::now();
    service::pages::meters(&service, &who, &query, language).await.map_err(ServerFnError::new)
}
