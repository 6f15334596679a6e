//! Waiting for data: a skeleton first, then the page, or what went wrong and what to do.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::components::fetched::Fetched;
use crate::components::whole::{AtOnce as _, Whole};
use crate::live::{Live, LiveHandle};
use crate::words::frame as words;

/// Shows `view` as soon as the live state is there; nothing where it cannot be had, since the page
/// says why.
pub(crate) fn with_live(view: fn(Live) -> Whole) -> Whole {
    let handle = expect_context::<LiveHandle>();
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move { handle.ready().await.ok().map(view) })}
        </Suspense>
    }
    .at_once()
}

/// Shows a page as soon as its data and the live state are there.
pub(crate) fn loaded<T>(
    what: &'static str,
    page: Fetched<T>,
    view: impl Fn(Live, T) -> Whole + Copy + Send + Sync + 'static,
) -> Whole
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let handle = expect_context::<LiveHandle>();
    let retry = move || {
        handle.retry();
        page.refetch();
    };
    view! {
        <Transition fallback=Skeleton>
            {move || {
                Suspend::new(async move {
                    match (handle.ready().await, page.await) {
                        (Ok(live), Ok(page)) => view(live, page),
                        (Err(error), _) | (_, Err(error)) => {
                            view! { <Failure what error retry /> }.at_once()
                        }
                    }
                })
            }}
        </Transition>
    }
    .at_once()
}

/// What went wrong and what to do.
#[component]
pub(crate) fn Failure(
    /// What cannot be shown.
    what: &'static str,
    /// Why.
    error: ServerFnError,
    /// What trying again does.
    retry: impl Fn() + 'static,
) -> impl IntoView {
    let reason = reason(error);
    view! {
        <section class="failure" role="alert">
            <h1>{words::cannot_show(what)}</h1>
            <p>{reason}</p>
            <button type="button" class="button" on:click=move |_| retry()>
                {words::TRY_AGAIN}
            </button>
        </section>
    }
    .at_once()
}

/// Why, in words.
pub(crate) fn reason(error: ServerFnError) -> String {
    match error {
        ServerFnError::ServerError(message) => message,
        other => other.to_string(),
    }
}

/// Keeps the room of what comes.
#[component]
pub(crate) fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            <i class="bone bone-headline"></i>
            <i class="bone bone-line"></i>
            <div class="bone-gauges">
                {(0..5).map(|_| view! { <i class="bone bone-gauge"></i> }).collect_view()}
            </div>
            <i class="bone bone-chart"></i>
            {(0..8).map(|_| view! { <i class="bone bone-row"></i> }).collect_view()}
        </div>
    }
    .at_once()
}
