//! `/api/live`.

use app::language::of_request;
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
    #[schemars(with = "Option<u64>")]
    after: Option<Number>,
}

/// The number of a message, as an address has it.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Number(u64);

impl TryFrom<String> for Number {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is no number of a message"))
    }
}

pub(crate) async fn stream(
    State(service): State<Service>,
    State(stop): State<CancellationToken>,
    Who(who): Who,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let language = of_request(&headers);
    let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    Ok(crate::live::stream(
        service,
        who,
        query.site,
        last_id.or(query.after.map(|Number(after)| after)),
        language,
        stop,
    )
    .await?)
}
