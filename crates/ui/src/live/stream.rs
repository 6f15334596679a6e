//! The one event stream: opened while the page is visible, begun anew whenever something is missed.

use std::time::Duration;

use domain::live::{Delta, SimulatedClock, Snapshot};
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent, VisibilityState};

use super::clock::Skew;
use super::{Link, Live};
use crate::json::read;
use texts::console::log_refusal;

/// A stream that says nothing for so long is opened anew: it may hang in a dead connection.
const SILENCE: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
/// Between two ticks that are further apart the computer slept: the connection may be dead, and what
/// is shown is old.
const SLEPT_MS: f64 = 20_000.0;
const SECOND: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_secs(3);

/// Follows the stream for as long as the current owner lives. Only in the browser.
pub(super) fn follow(live: Live) {
    let stream = Stream {
        live,
        skew: Skew::measure(live.at.get_untracked()),
        connection: StoredValue::new_local(None),
        state: StoredValue::new(State { ticked: js_sys::Date::now(), is_broken: false }),
    };
    stream.open();
    let visibility = window_event_listener_untyped("visibilitychange", move |_| {
        if is_hidden() { stream.close() } else { stream.open() }
    });
    let online = window_event_listener_untyped("online", move |_| stream.open());
    let tick = set_interval_with_handle(move || stream.tick(), SECOND);
    on_cleanup(move || {
        visibility.remove();
        online.remove();
        if let Ok(tick) = tick {
            tick.clear();
        }
        stream.close();
    });
}

#[derive(Clone, Copy)]
struct Stream {
    live: Live,
    skew: Skew,
    connection: StoredValue<Option<Connection>, LocalStorage>,
    state: StoredValue<State>,
}

struct State {
    /// When the last second was counted, by the browser's clock.
    ticked: f64,
    /// Whether the stream was lost or closed since something was heard.
    is_broken: bool,
}

impl Stream {
    /// Goes on from the newest message.
    fn open(self) {
        self.open_after(Some(self.live.last_id()));
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
        match read::<Snapshot>(text) {
            Ok(snapshot) => {
                self.skew.update(snapshot.at);
                self.live.replace(snapshot);
                self.heard();
            }
            Err(error) => self.unreadable(&error),
        }
    }

    fn delta(self, text: &str) {
        match read::<Delta>(text) {
            Ok(delta) => {
                self.skew.update(delta.at);
                if self.live.apply(&delta) {
                    self.heard();
                } else {
                    self.reopen(Duration::ZERO);
                }
            }
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
        if self.live.link.get_untracked() != Link::Open {
            self.live.link.set(Link::Open);
        }
        let was_broken = self.state.try_update_value(|state| std::mem::take(&mut state.is_broken));
        if was_broken == Some(true) {
            self.live.resumed.update(|count| *count += 1);
        }
    }

    fn lost(self) {
        self.state.update_value(|state| state.is_broken = true);
        if !matches!(self.live.link.get_untracked(), Link::Lost(_)) {
            self.live.link.set(Link::Lost(self.skew.server_now()));
        }
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
        let clock = self.live.site.with_untracked(|site| site.simulated);
        if clock.is_some_and(|clock| clock != SimulatedClock::Runs) {
            // A clock that stands still tells nothing about the connection.
            self.live.now.set(self.live.at.get_untracked());
            return;
        }
        let now = self.skew.server_now();
        self.live.now.set(now);
        let silent = now - self.live.at.get_untracked() > SILENCE;
        if silent && self.live.link.get_untracked() == Link::Open {
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
    fn new(stream: Stream, after: Option<u64>) -> Result<Self, wasm_bindgen::JsValue> {
        let slug = stream.live.site.with_untracked(|site| site.slug.clone());
        // What the page brought is not sent again: of thousands of meters that is megabytes.
        let after = after.map(|id| format!("&after={id}")).unwrap_or_default();
        let source = EventSource::new(&format!("/api/live?site={slug}{after}"))?;
        let on = |name: &str, act: fn(Stream, &str)| {
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
        let on_open = Closure::<dyn FnMut()>::new(move || stream.live.link.set(Link::Open));
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

fn is_hidden() -> bool {
    document().visibility_state() == VisibilityState::Hidden
}
