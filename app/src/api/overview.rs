use domain::view::OverviewPage;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// What the overview shows.
#[server(prefix = "/fn", endpoint = "overview", input = Json, output = Json)]
pub async fn get_overview() -> Result<OverviewPage, ServerFnError> {
    let (service, who) = super::acting()?;
    service::pages::overview(&service, &who).await.map_err(ServerFnError::new)
}
