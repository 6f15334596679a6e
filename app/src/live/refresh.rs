//! Series that the stream does not carry, fetched again from time to time.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::VisibilityState;

/// `initial`, replaced by what `fetch` gives while the page is visible, after the `period` of the one
/// before. What is shown stays until the new one is there.
pub(crate) fn use_refreshed<T, F>(
    initial: T,
    period: fn(&T) -> Duration,
    fetch: impl Fn() -> F + Copy + 'static,
) -> RwSignal<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Option<T>> + 'static,
{
    let value = RwSignal::new(initial);
    Effect::new(move |_| {
        let again = move || {
            if document().visibility_state() == VisibilityState::Visible {
                spawn_local(async move {
                    if let Some(new) = fetch().await {
                        value.try_set(new);
                    }
                });
            }
        };
        if let Ok(handle) = set_interval_with_handle(again, value.with(period)) {
            on_cleanup(move || handle.clear());
        }
    });
    value
}
