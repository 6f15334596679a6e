//! Series that the stream does not carry, fetched again from time to time.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::VisibilityState;

use super::LiveHandle;

/// `initial`, replaced by what `fetch` gives while the page is visible: after the `period` of the one
/// before, and at once when the stream goes on after a break. What is shown stays until the new one is
/// there; where it cannot be had, the frame says since when.
pub fn use_refreshed<T, F>(
    initial: T,
    period: fn(&T) -> Duration,
    fetch: impl Fn() -> F + Copy + 'static,
) -> RwSignal<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<Option<T>, ServerFnError>> + 'static,
{
    let value = RwSignal::new(initial);
    let handle = expect_context::<LiveHandle>();
    Effect::new(move |before: Option<u32>| {
        let again = move || {
            if document().visibility_state() == VisibilityState::Visible {
                spawn_local(async move {
                    let new = fetch().await;
                    handle.tried(new.is_ok());
                    if let Ok(Some(new)) = new {
                        value.try_set(new);
                    }
                });
            }
        };
        let resumed = handle.resumed();
        if before.is_some_and(|before| before != resumed) {
            again();
        }
        if let Ok(interval) = set_interval_with_handle(again, value.with(period)) {
            on_cleanup(move || {
                interval.clear();
                handle.tried(true);
            });
        }
        resumed
    });
    value
}
