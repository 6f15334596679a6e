//! Records of a meter: the newest as an array, or each as it is made as a server-sent event.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::MeterId;
use futures::{Stream, StreamExt as _};
use schemars::JsonSchema;
use serde::Deserialize;
use service::live::streams::Open;
use service::simulation::{self, MeterData, Recorded};
use service::{Principal, Service};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::answer::{Json, Limit};
use crate::error::ApiError;
use crate::extract::{Query, Who};
use crate::live;

/// Records of an answer unless stated: a day of quarter-hours.
const USUAL: u32 = 96;
/// A comment this often keeps the connection open through proxies.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StreamQuery {
    /// The meter: its id, UUID or number.
    meter_id: String,
    /// How many records at most: 1 to 10,000; 96 unless stated.
    limit: Option<Limit>,
}

/// The newest records, the oldest of them first.
pub(crate) async fn stream(
    State(service): State<Service>,
    State(stop): State<CancellationToken>,
    Who(who): Who,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let limit = query.limit.map_or(USUAL, Limit::count);
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if !accepts.is_some_and(|accepts| accepts.contains("text/event-stream")) {
        let recorded = simulation::of_meter(&service, &who, &query.meter_id, limit).await?;
        return Ok(Json(recorded.records).into_response());
    }
    // Followed before the first look, so that nothing falls between.
    let changes = simulation::follow(&service);
    let limit = query.limit.map_or(1, Limit::count);
    let recorded = simulation::of_meter(&service, &who, &query.meter_id, limit).await?;
    let open = service.open_stream(&who)?;
    Ok(follow(service, who, recorded, changes, stop, open).into_response())
}

struct Following {
    service: Service,
    who: Principal,
    meter: MeterId,
    waiting: VecDeque<MeterData>,
    sent_to: Option<DateTime<Utc>>,
    changes: watch::Receiver<DateTime<Utc>>,
    stop: CancellationToken,
    ended: bool,
    _open: Open,
}

fn follow(
    service: Service,
    who: Principal,
    recorded: Recorded,
    changes: watch::Receiver<DateTime<Utc>>,
    stop: CancellationToken,
    open: Open,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let signed_out = live::signed_out(service.clone(), who.clone());
    let following = Following {
        service,
        who,
        meter: recorded.meter,
        waiting: recorded.records.into(),
        sent_to: None,
        changes,
        stop,
        ended: false,
        _open: open,
    };
    let events = futures::stream::unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok(event), following))
    });
    Sse::new(events.take_until(signed_out)).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

impl Following {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.ended {
                return None;
            }
            if let Some(record) = self.waiting.pop_front() {
                self.sent_to = Some(record.timestamp);
                let event = Event::default().id(record.timestamp.to_rfc3339()).event("record");
                // JSON has no raw line breaks, and is valid UTF-8 as it was encoded here.
                let json = service::json::to_vec(&record).ok()?;
                return Some(event.data(String::from_utf8_lossy(&json)));
            }
            let changed = tokio::select! {
                changed = self.changes.changed() => changed.is_ok(),
                () = self.stop.cancelled() => false,
            };
            if !changed || !self.fetch().await {
                self.ended = true;
                return Some(Event::default().event("bye").data("{}"));
            }
        }
    }

    /// Fetches what was recorded since; whether the meter is still there.
    async fn fetch(&mut self) -> bool {
        let to = *self.changes.borrow_and_update();
        let (service, who) = (&self.service, &self.who);
        let fresh = match self.sent_to {
            Some(from) => simulation::records_between(service, who, self.meter, from, to).await,
            None => simulation::records(service, who, self.meter, 1).await,
        };
        match fresh {
            Ok(records) => {
                self.waiting.extend(records);
                true
            }
            Err(error) => {
                tracing::debug!(meter = %self.meter, "a stream of records ends: {error}");
                false
            }
        }
    }
}
