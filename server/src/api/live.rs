//! `/api/live`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use tokio_util::sync::CancellationToken;

use crate::error::ApiError;
use crate::extract::{Query, Who};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StreamQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
    /// Number of the last message that is known, as of a snapshot that came with a page: the stream goes
    /// on from it. A `Last-Event-ID` header goes before it.
    after: Option<u64>,
}

pub(crate) async fn stream(
    State(service): State<Service>,
    State(stop): State<CancellationToken>,
    Who(who): Who,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    Ok(crate::live::stream(service, who, query.site, last_id.or(query.after), stop).await?)
}
