//! The live stream of a site as server-sent events.

use std::borrow::Cow;
use std::convert::Infallible;
use std::time::Duration;

use app::language::Language;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use service::live::Subscription;
use service::{Principal, Service};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// A comment this often keeps the connection open through proxies.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Streams a site: first what is shown now or what was missed since `last_id`, then each change.
/// Who falls behind gets a new snapshot; the end is said by `event: bye`. Why a meter
/// is not read is said in the `language`.
///
/// # Errors
/// The principal may not look at the site, or it is not there.
pub async fn stream(
    service: Service,
    who: Principal,
    site: Option<String>,
    last_id: Option<u64>,
    language: Language,
    stop: CancellationToken,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, service::Error> {
    let place = service::live::follow(&service, &who, site.as_deref(), last_id).await?;
    let state = State { service, who, site, place: Some(place), language, stop };
    let events = futures::stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok(event), state))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

struct State {
    service: Service,
    who: Principal,
    site: Option<String>,
    /// None after the end was said.
    place: Option<Subscription>,
    language: Language,
    stop: CancellationToken,
}

impl State {
    async fn next(&mut self) -> Option<Event> {
        loop {
            let place = self.place.as_mut()?;
            if !place.first.is_empty() {
                return Some(sse(&place.first.remove(0), self.language));
            }
            let received = tokio::select! {
                received = place.next.recv() => received,
                () = self.stop.cancelled() => Err(RecvError::Closed),
            };
            match received {
                Ok(event) => return Some(sse(&event, self.language)),
                Err(RecvError::Lagged(_)) => self.start_anew().await,
                Err(RecvError::Closed) => {
                    self.place = None;
                    return Some(Event::default().event("bye").data("{}"));
                }
            }
        }
    }

    async fn start_anew(&mut self) {
        let site = self.site.as_deref();
        self.place = service::live::follow(&self.service, &self.who, site, None).await.ok();
    }
}

fn sse(event: &service::live::Event, language: Language) -> Event {
    // JSON has no raw line breaks, and is valid UTF-8 as it was encoded here.
    let text = String::from_utf8_lossy(&event.json);
    let text = app::in_message(&text, language).map_or(text, Cow::Owned);
    Event::default().id(event.id.to_string()).event(event.kind.as_str()).data(text)
}
