//! `/api/live` and `/api/live/ws`.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::SiteSlug;
use domain::message::Message;
use domain::meters::MeterAddress;
use domain::operation::request::{QueryRefusal, RequestRefusal};
use domain::strict::Carried;
use schemars::JsonSchema;
use serde::Deserialize;
use service::live::Followed;
use service::{Principal, Service};
use tokio_util::sync::CancellationToken;

use crate::error::ApiError;
use crate::extract::{Query, Who};
use crate::live::{self, StreamRequest, socket};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StreamQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// One meter alone, by its id or number: its values, without the rest of the site.
    meter: Option<String>,
    /// The extent of what is told: all of the site unless stated. `site` is its clock and how many of its meters are read
    /// well (`counts`), without the meters; every message keeps its number. Not together with `meter`.
    show: Option<Show>,
    /// Number of the last message that is known, as of a snapshot that came with a page: the stream goes
    /// on from it. A `Last-Event-ID` header goes before it.
    after: Option<Number>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Show {
    Site,
}

/// The number of a message, as an address has it.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "u64")]
struct Number(u64);

impl TryFrom<String> for Number {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        text.parse().map(Self).map_err(|_| Carried::new(QueryRefusal::NoMessage { text }))
    }
}

impl StreamQuery {
    fn asked(self, who: Principal, headers: &HeaderMap) -> Result<StreamRequest, ApiError> {
        let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
        let last_id = last_id.or(self.after.map(|Number(after)| after));
        let followed = match (self.meter, self.show) {
            (Some(meter), None) => Followed::Meter(MeterAddress::new(meter, self.site)),
            (None, Some(Show::Site)) => Followed::Status(self.site),
            (None, None) => Followed::Site(self.site),
            (Some(_), Some(Show::Site)) => {
                let refused = QueryRefusal::ShowOfMeter;
                return Err(ApiError::unprocessable("invalid_value", refused).at("show"));
            }
        };
        Ok(StreamRequest { who, followed, last_id })
    }
}

pub(crate) async fn stream(
    State(service): State<Service>,
    State(stop): State<CancellationToken>,
    Who(who): Who,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let events = live::events(service, query.asked(who, &headers)?, stop).await?;
    Ok(([("x-accel-buffering", "no")], events))
}

pub(crate) async fn socket(
    State(service): State<Service>,
    State(stop): State<CancellationToken>,
    Who(who): Who,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    // What is refused is refused before the protocol changes, in the form of every other refusal.
    let messages = live::messages(service, query.asked(who, &headers)?, stop).await?;
    let upgrade = upgrade.map_err(|refused| {
        ApiError::new(
            StatusCode::UPGRADE_REQUIRED,
            "websocket_expected",
            RequestRefusal::NoSocket { why: Box::new(Message::foreign(refused.to_string())) },
        )
    })?;
    let upgrade = upgrade.max_message_size(socket::MOST_HEARD).max_frame_size(socket::MOST_HEARD);
    Ok(upgrade.on_upgrade(move |socket| socket::send(socket, messages)))
}
