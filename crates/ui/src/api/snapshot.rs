//! What the live stream goes on from.

use domain::live::Snapshot;
use leptos::prelude::*;

use crate::json::Json;

/// What the frame around every page shows, and what the live stream goes on from.
#[server(prefix = "/fn", endpoint = "snapshot", input = Json, output = Json)]
pub async fn get_snapshot(
    /// The path, which may mean a site, as that of a meter does.
    path: String,
    /// What follows after `?`, which may name one.
    query: String,
) -> Result<Snapshot, ServerFnError> {
    let (service, who) = super::acting()?;
    let query = service::pages::address(&service, &path, &query);
    let snapshot = service::pages::snapshot(&service, &who, &query).await;
    snapshot.map_err(|error| super::refused(&error))
}
