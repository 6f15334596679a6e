use domain::view::OverviewPage;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// What the overview shows.
#[server(prefix = "/fn", endpoint = "overview", input = Json, output = Json)]
pub async fn get_overview(
    /// What follows after `?` in the address.
    query: String,
) -> Result<OverviewPage, ServerFnError> {
    let (service, who) = super::acting()?;
    let query = service::pages::Query::parse(&query);
    service::pages::overview(&service, &who, &query).await.map_err(ServerFnError::new)
}
