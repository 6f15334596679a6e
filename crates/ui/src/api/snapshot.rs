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
    let query = service::pages::address(&service, &who, &path, &query);
    let snapshot = service::pages::snapshot(&service, &who, &query).await;
    // The page may be for people who see no figures of the site: it has a status of its own.
    snapshot.map_err(|error| match error {
        service::Error::Forbidden { .. } => {
            ServerFnError::ServerError(texts::messages::told(&error.message()))
        }
        error => super::refused(&error),
    })
}
