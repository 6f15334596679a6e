//! What waits for data: the page as soon as it is there, or what went wrong and what to do.

use std::future::IntoFuture as _;

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::components::erased_view::{Erase as _, ErasedView};
use crate::components::fetched::Fetched;
use crate::live::{Live, LiveHandle};
use texts::words::frame as words;

/// Shows `view` as soon as the live state is there; nothing where it cannot be had, since the page
/// says why.
pub fn with_live(view: fn(Live) -> ErasedView) -> ErasedView {
    let handle = expect_context::<LiveHandle>();
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move { handle.ready().await.ok().map(view) })}
        </Suspense>
    }
    .erased()
}

/// Where a page that waits draws. What a suspended view owns is disposed of as soon as it waits again,
/// while it still stands in the document and its live figures still change: what is drawn here lives
/// until what comes next has taken its place.
#[derive(Clone, Copy)]
pub struct SuspenseSlot {
    page: StoredValue<Owner>,
    #[cfg(not(feature = "ssr"))]
    drawn: StoredValue<Vec<Owner>>,
}

impl SuspenseSlot {
    /// To be made where the page begins, outside of what waits.
    pub fn new() -> Self {
        let page = StoredValue::new(Owner::current().unwrap_or_default());
        Self {
            page,
            #[cfg(not(feature = "ssr"))]
            drawn: StoredValue::default(),
        }
    }

    /// Draws; nothing once the page is gone.
    pub fn draw(self, draw: impl FnOnce() -> ErasedView) -> ErasedView {
        let Some(owner) = self.page.try_with_value(Owner::child) else {
            return view! { <i></i> }.erased();
        };
        let whole = owner.with(draw);
        // The server may draw twice, at once even, and show either; all of it goes with the request.
        #[cfg(feature = "ssr")]
        self.page.try_with_value(|page| page.with(|| on_cleanup(move || drop(owner))));
        #[cfg(not(feature = "ssr"))]
        if let Some(before) = self.drawn.try_update_value(|it| std::mem::replace(it, vec![owner])) {
            // The new view takes the old one's place a tick later.
            set_timeout(move || drop(before), std::time::Duration::ZERO);
        }
        whole
    }
}

/// Shows a page as soon as its data and the live state are there. Where they cannot be had anew, what
/// was shown stays below the reason.
pub fn loaded<T>(
    what: &'static str,
    page: Fetched<T>,
    view: impl Fn(Live, T) -> ErasedView + Copy + Send + Sync + 'static,
) -> ErasedView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let handle = expect_context::<LiveHandle>();
    let retry = Callback::new(move |()| {
        handle.retry();
        page.refetch();
    });
    let (room, kept) = (SuspenseSlot::new(), StoredValue::new(None));
    view! {
        <Transition fallback=|| ()>
            {move || {
                // Asked for while the page stands: it may be gone when the live state is there.
                let page = page.into_future();
                Suspend::new(async move {
                    let (live, page) = (handle.ready().await, page.await);
                    room.draw(move || match (live, page) {
                        (Ok(live), Ok(page)) => {
                            kept.set_value(Some((live, page.clone())));
                            view(live, page)
                        }
                        (Err(error), _) | (_, Err(error)) => {
                            let before = kept.get_value();
                            let is_kept = before.is_some();
                            view! {
                                <Failure what is_page=true error is_kept retry />
                                {before.map(|(live, page)| view(live, page))}
                            }
                            .erased()
                        }
                    })
                })
            }}
        </Transition>
    }
    .erased()
}

/// What went wrong and what to do.
#[component]
pub fn Failure(
    /// What cannot be shown.
    what: &'static str,
    /// Whether that is the whole page, or a part of one that has its own heading.
    is_page: bool,
    /// Why.
    error: ServerFnError,
    /// Whether what was shown before stands below.
    is_kept: bool,
    /// What trying again does.
    retry: Callback<()>,
) -> impl IntoView {
    let reason = reason(error);
    let tag = if is_page { "h1" } else { "h2" };
    let head = format!("<{tag}>{}</{tag}>", words::cannot_show(what));
    view! {
        <section class="failure" role="alert">
            <div inner_html=head></div>
            <p>{reason} " " {is_kept.then(|| words::KEPT.get())}</p>
            <p class="actions">
                <button type="button" class="button" on:click=move |_| retry.run(())>
                    {words::TRY_AGAIN}
                </button>
                <a class="button" href="/">
                    {words::TO_OVERVIEW}
                </a>
            </p>
        </section>
    }
    .erased()
}

/// Why, in words.
pub fn reason(error: ServerFnError) -> String {
    match error {
        ServerFnError::ServerError(message) => message,
        ServerFnError::Request(_) => words::NO_ANSWER.get().to_owned(),
        ServerFnError::Deserialization(_) => words::OTHER_VERSION.get().to_owned(),
        other => other.to_string(),
    }
}
