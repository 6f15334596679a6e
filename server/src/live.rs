//! The live stream of a site, as server-sent events or over a WebSocket.

pub mod socket;

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt as _};
use service::live::streams::Open;
use service::live::{Followed, Subscription};
use service::people::sign_in;
use service::{Principal, Service};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// A sign of life this often keeps the connection open through proxies.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A stream ends so soon after its session, or a role of its user.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// What is asked of the stream of a site.
pub struct StreamRequest {
    /// Who asks.
    pub who: Principal,
    /// The site or meter.
    pub followed: Followed,
    /// The last message that is known, to go on from.
    pub last_id: Option<u64>,
}

/// A message of the stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number; none of the last one.
    pub id: Option<u64>,
    /// `snapshot`, `delta` or `bye`.
    pub event: &'static str,
    /// The JSON document.
    pub data: String,
}

/// Streams a site or a meter: first what is shown now or what was missed since `last_id`, then each change.
/// Who falls behind gets a new snapshot; the end is said by `bye`.
///
/// # Errors
/// The principal may not look at it, or it is not there.
pub async fn messages(
    service: Service,
    asked: StreamRequest,
    stop: CancellationToken,
) -> Result<impl Stream<Item = Message> + Send, service::Error> {
    let StreamRequest { who, followed, last_id } = asked;
    let place = service.follow(&who, &followed, last_id).await?;
    let open = service.open_stream(&who)?;
    let ended = signed_out(service.clone(), who.clone());
    let state = State { service, who, followed, place: Some(place), stop, _open: open };
    let messages = futures::stream::unfold(state, |mut state| async move {
        let message = state.next().await?;
        Some((message, state))
    });
    Ok(messages.take_until(ended))
}

/// Waits until somebody is not signed in any more, or with other roles: what they follow is to end then.
pub(crate) async fn signed_out(service: Service, who: Principal) {
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        if !sign_in::is_current(&service, &who).await {
            return;
        }
    }
}

/// The stream as server-sent events.
///
/// # Errors
/// As of [`messages`].
pub async fn events(
    service: Service,
    asked: StreamRequest,
    stop: CancellationToken,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, service::Error> {
    let events = messages(service, asked, stop).await?.map(|message| {
        let event = Event::default().event(message.event).data(message.data);
        Ok(match message.id {
            Some(id) => event.id(id.to_string()),
            None => event,
        })
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

struct State {
    service: Service,
    who: Principal,
    followed: Followed,
    /// None after the end was said.
    place: Option<Subscription>,
    stop: CancellationToken,
    _open: Open,
}

impl State {
    async fn next(&mut self) -> Option<Message> {
        loop {
            let place = self.place.as_mut()?;
            let received = tokio::select! {
                received = place.next() => received,
                () = self.stop.cancelled() => Err(RecvError::Closed),
            };
            match received {
                Ok(event) => return Some(message(&event)),
                Err(RecvError::Lagged(_)) => self.start_anew().await,
                Err(RecvError::Closed) => {
                    self.place = None;
                    return Some(Message { id: None, event: "bye", data: "{}".to_owned() });
                }
            }
        }
    }

    async fn start_anew(&mut self) {
        self.place = self.service.follow(&self.who, &self.followed, None).await.ok();
    }
}

fn message(event: &service::live::Event) -> Message {
    // JSON has no raw line breaks, and is valid UTF-8 as it was encoded here.
    let data = String::from_utf8_lossy(&event.json).into_owned();
    Message { id: Some(event.id), event: event.kind.as_str(), data }
}
