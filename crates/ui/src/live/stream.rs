//! The one event stream: opened while the page is visible, begun anew whenever something is missed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::live::SimulatedClock;
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent, PageTransitionEvent, VisibilityState};

use super::{Link, Status};
use texts::console::log_refusal;

/// A stream that says nothing for so long is opened anew: it may hang in a dead connection.
const SILENCE: TimeDelta = TimeDelta::seconds(60);
/// Between two ticks that are further apart the computer slept: the connection may be dead, and what
/// is shown is old.
const SLEPT_MS: f64 = 20_000.0;
const SECOND: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_secs(3);

/// The state that the stream keeps up to date.
pub(crate) trait Follower: Copy + Send + Sync + 'static {
    /// The extent that is asked for, as a part of an address.
    const SHOWS: &'static str;

    fn status(self) -> Status;

    /// Starts over from a snapshot.
    ///
    /// # Errors
    /// It cannot be read.
    fn take_snapshot(self, text: &str) -> Result<(), String>;

    /// Takes a change in; false where it is not the next one.
    ///
    /// # Errors
    /// It cannot be read.
    fn take_delta(self, text: &str) -> Result<bool, String>;
}

/// Follows the stream for as long as the current owner lives. Only in the browser.
pub(crate) fn follow<F: Follower>(live: F) {
    let status = live.status();
    let stream = Stream {
        live,
        status,
        skew: StoredValue::new(status.at.get_untracked() - browser_now()),
        connection: StoredValue::new_local(None),
        state: StoredValue::new(State { ticked: js_sys::Date::now(), is_broken: false }),
    };
    stream.open();
    let visibility = window_event_listener_untyped("visibilitychange", move |_| {
        if is_hidden() { stream.close() } else { stream.open() }
    });
    let online = window_event_listener_untyped("online", move |_| stream.open());
    // A page that the browser keeps to come back to has no connection meanwhile.
    let left = window_event_listener_untyped("pagehide", move |_| stream.close());
    let back = window_event_listener_untyped("pageshow", move |event| {
        if event.dyn_ref().is_some_and(PageTransitionEvent::persisted) {
            stream.open();
        }
    });
    let tick = set_interval_with_handle(move || stream.tick(), SECOND);
    on_cleanup(move || {
        [visibility, online, left, back].into_iter().for_each(WindowListenerHandle::remove);
        if let Ok(tick) = tick {
            tick.clear();
        }
        stream.close();
    });
}

#[derive(Clone, Copy)]
struct Stream<F> {
    live: F,
    status: Status,
    /// How far the clock of the browser, which may be wrong, is from the server's.
    skew: StoredValue<TimeDelta>,
    connection: StoredValue<Option<Connection>, LocalStorage>,
    state: StoredValue<State>,
}

struct State {
    /// When the last second was counted, by the browser's clock.
    ticked: f64,
    /// Whether the stream was lost or closed since something was heard.
    is_broken: bool,
}

impl<F: Follower> Stream<F> {
    /// Goes on from the newest message.
    fn open(self) {
        self.open_after(Some(self.status.last_id()));
    }

    /// Goes on from a message, or begins anew.
    fn open_after(self, after: Option<u64>) {
        self.close();
        if is_hidden() {
            return;
        }
        match Connection::new(self, after) {
            Ok(connection) => self.connection.set_value(Some(connection)),
            Err(error) => log_refusal(Err(error), "the live stream cannot be opened"),
        }
    }

    fn close(self) {
        if self.connection.try_update_value(Option::take).flatten().is_some() {
            self.state.update_value(|state| state.is_broken = true);
        }
    }

    fn snapshot(self, text: &str) {
        match self.live.take_snapshot(text) {
            Ok(()) => self.heard(),
            Err(error) => self.unreadable(&error),
        }
    }

    fn delta(self, text: &str) {
        match self.live.take_delta(text) {
            Ok(true) => self.heard(),
            Ok(false) => self.reopen(Duration::ZERO),
            Err(error) => self.unreadable(&error),
        }
    }

    fn unreadable(self, error: &str) {
        leptos::logging::error!("the server's live message cannot be read: {error}");
        self.lost();
        self.reopen(RETRY);
    }

    /// The stream goes on: after a break with a snapshot, or with the changes that were missed. Series
    /// that it does not carry have a hole then, and are asked for anew.
    fn heard(self) {
        self.skew.set_value(self.status.at.get_untracked() - browser_now());
        if self.status.link.get_untracked() != Link::Open {
            self.status.link.set(Link::Open);
        }
        let was_broken = self.state.try_update_value(|state| std::mem::take(&mut state.is_broken));
        if was_broken == Some(true) {
            self.status.resumed.update(|count| *count += 1);
        }
    }

    fn lost(self) {
        self.state.update_value(|state| state.is_broken = true);
        if !matches!(self.status.link.get_untracked(), Link::Lost(_)) {
            self.status.link.set(Link::Lost(self.server_now()));
        }
    }

    fn server_now(self) -> DateTime<Utc> {
        browser_now() + self.skew.get_value()
    }

    /// The browser tries again by itself unless the server refused.
    fn failed(self) {
        self.lost();
        let gave_up = self.connection.with_value(|connection| {
            connection.as_ref().is_some_and(|c| c.source.ready_state() == EventSource::CLOSED)
        });
        if gave_up {
            self.reopen(RETRY);
        }
    }

    /// Later, since a connection cannot be dropped by its own event.
    fn reopen(self, after: Duration) {
        set_timeout(move || self.open(), after);
    }

    fn tick(self) {
        let clock = js_sys::Date::now();
        let before =
            self.state.try_update_value(|state| std::mem::replace(&mut state.ticked, clock));
        if before.is_some_and(|before| (clock - before).abs() > SLEPT_MS) {
            self.open();
            return;
        }
        let clock = self.status.site.with_untracked(|site| site.simulated);
        if clock.is_some_and(|clock| clock != SimulatedClock::Runs) {
            // A clock that stands still tells nothing about the connection.
            self.status.now.set(self.status.at.get_untracked());
            return;
        }
        let now = self.server_now();
        self.status.now.set(now);
        let silent = now - self.status.at.get_untracked() > SILENCE;
        if silent && !matches!(self.status.link.get_untracked(), Link::Lost(_)) {
            // Even where nothing happens, a snapshot says what time it is there.
            self.lost();
            self.open_after(None);
        }
    }
}

/// An open stream; closed when dropped.
struct Connection {
    source: EventSource,
    _on_message: [Closure<dyn FnMut(MessageEvent)>; 3],
    _on_state: [Closure<dyn FnMut()>; 2],
}

impl Connection {
    fn new<F: Follower>(
        stream: Stream<F>,
        after: Option<u64>,
    ) -> Result<Self, wasm_bindgen::JsValue> {
        let slug = stream.status.site.with_untracked(|site| site.slug.clone());
        // What the page brought is not sent again: of thousands of meters that is megabytes.
        let after = after.map(|id| format!("&after={id}")).unwrap_or_default();
        let source = EventSource::new(&format!("/api/live?site={slug}{}{after}", F::SHOWS))?;
        let on = |name: &str, act: fn(Stream<F>, &str)| {
            let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                act(stream, &event.data().as_string().unwrap_or_default());
            });
            source
                .add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())
                .map(|()| closure)
        };
        let messages = [
            on("snapshot", Stream::snapshot)?,
            on("delta", Stream::delta)?,
            on("bye", |stream, _| stream.lost())?,
        ];
        let on_open = Closure::<dyn FnMut()>::new(move || stream.status.link.set(Link::Open));
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        let on_error = Closure::<dyn FnMut()>::new(move || stream.failed());
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { source, _on_message: messages, _on_state: [on_open, on_error] })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn browser_now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

fn is_hidden() -> bool {
    document().visibility_state() == VisibilityState::Hidden
}
