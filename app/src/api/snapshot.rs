use domain::live::Snapshot;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// What the frame around every page shows, and what the live stream goes on from.
#[server(prefix = "/fn", endpoint = "snapshot", input = Json, output = Json)]
pub async fn get_snapshot() -> Result<Snapshot, ServerFnError> {
    let (service, who) = super::acting()?;
    service::pages::snapshot(&service, &who).await.map_err(ServerFnError::new)
}
