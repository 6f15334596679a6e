use domain::view::MetersPage;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// What the page of all meters shows.
#[server(prefix = "/fn", endpoint = "meters", input = Json, output = Json)]
pub async fn get_meters() -> Result<MetersPage, ServerFnError> {
    let (service, who) = super::acting()?;
    service::pages::meters(&service, &who).await.map_err(ServerFnError::new)
}
