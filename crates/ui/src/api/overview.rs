//! What the overview shows beside the live state.

use domain::MeterId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::json::Json;

/// What goes with the live balance of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hotspot {
    pub node: MeterId,
    /// Its loss over the last 24 hours: what is drawn in its small chart.
    pub line: String,
    /// What was found about it; empty where nothing was.
    pub found: String,
}

/// What goes with the live balances of the nodes.
#[server(prefix = "/fn", endpoint = "overview", input = Json, output = Json)]
pub async fn get_overview(
    /// What follows after `?` in the address.
    query: String,
) -> Result<Vec<Hotspot>, ServerFnError> {
    let (service, who) = super::acting()?;
    let query = service::pages::Query::parse(&query);
    let page = service::overview::hotspots(&service, &who, &query)
        .await
        .map_err(|error| super::refused(&error))?;
    Ok(super::pages()?.hotspots(&page))
}
