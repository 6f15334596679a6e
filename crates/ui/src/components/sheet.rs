//! What the server draws and the browser puts in place: pages whose figures move by the quarter-hour,
//! not by the second, cost the visitor no code.

mod asked;
pub(crate) mod place;
pub(crate) mod submit;

use std::future::IntoFuture as _;
use std::time::Duration;

use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

use super::erased_view::{Erase as _, ErasedView};
use super::fetched::Fetched;
use super::load::{Failure, SuspenseSlot};
use super::reactive::{flag, text};
use super::title::title;
use crate::api::{Sheet, ask_sheet};
use crate::components::not_found::Missing;
use crate::live::use_refreshed;
pub use asked::{Address, address, fetch, newest};
pub(super) use place::elements;
pub use place::put_live;
use submit::{Outcome, Submission};
use texts::console::log_refusal;

/// Id of the refusal beside the field at fault.
pub(crate) const REFUSED: &str = "refused-here";

/// Ends the query of a sheet that is drawn anew.
pub const AGAIN: &str = "&again";

/// A sheet that is drawn anew sooner than this changes by its live parts alone.
const OFTEN_S: u32 = 60;

/// Tells whoever draws beside a sheet that it was drawn anew.
#[derive(Clone, Copy)]
pub struct Drawn(Trigger);

impl Drawn {
    pub fn new() -> Self {
        Self(Trigger::new())
    }

    /// Whatever runs is run again with the next drawing.
    pub fn track(self) {
        self.0.track();
    }
}

/// A sheet as soon as it is there, or what went wrong; the old one stays until the new one is there.
pub fn shown(
    what: &'static str,
    missing: &'static str,
    sheet: Fetched<Option<Sheet>>,
) -> ErasedView {
    drawn(what, missing, sheet, None)
}

/// The same for a part of a page that stays while some of the address changes: it is drawn anew as the
/// address is by then.
pub fn shown_at(
    what: &'static str,
    missing: &'static str,
    sheet: Fetched<Option<Sheet>>,
    current: Memo<Address>,
) -> ErasedView {
    drawn(what, missing, sheet, Some(current))
}

fn drawn(
    what: &'static str,
    missing: &'static str,
    sheet: Fetched<Option<Sheet>>,
    current: Option<Memo<Address>>,
) -> ErasedView {
    let (room, kept) = (SuspenseSlot::new(), StoredValue::new(None));
    view! {
        <Transition fallback=|| ()>
            {move || {
                let coming = sheet.into_future();
                Suspend::new(async move {
                    let come = coming.await;
                    room.draw(move || match come {
                        Ok(Some(first)) => {
                            kept.set_value(Some(first.clone()));
                            view! { <Placed first current /> }.erased()
                        }
                        Ok(None) => view! { <Missing what=missing /> }.erased(),
                        Err(error) => {
                            let retry = Callback::new(move |()| sheet.refetch());
                            let before = kept.get_value();
                            let is_kept = before.is_some();
                            view! {
                                <Failure what is_page=false error is_kept retry />
                                {before.map(|first| view! { <Placed first current /> })}
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

/// The content in place, drawn anew from time to time and after what its forms did.
#[component]
fn Placed(first: Sheet, current: Option<Memo<Address>>) -> impl IntoView {
    let location = use_location();
    let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
    let address = StoredValue::new((path, query));
    let again = move || async move {
        // A page that is gone asks for nothing.
        let here = match current {
            Some(current) => current.try_get_untracked(),
            None => address.try_get_value(),
        };
        let Some((path, query)) = here else { return Ok(None) };
        ask_sheet(path, query + AGAIN).await
    };
    let pace = StoredValue::new(first.refresh_s);
    let period = |sheet: &Sheet| Duration::from_secs(sheet.refresh_s.into());
    let sheet = use_refreshed(first, period, move || async move {
        let Some(new) = again().await? else { return Ok(None) };
        // What is drawn at another pace from now on is another page.
        let goes_on = pace.try_get_value() == Some(new.refresh_s);
        pace.try_set_value(new.refresh_s);
        let in_place = goes_on && new.refresh_s < OFTEN_S && put_live(&new.html);
        Ok((!in_place && !place::is_typed()).then_some(new))
    });
    let html = Memo::new(move |_| sheet.read().html.clone());
    if let Some(Drawn(drawn)) = use_context() {
        Effect::new(move |_| {
            html.track();
            drawn.notify();
        });
    }
    keep_focus();
    let (done, failed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let on_submit = move |event: SubmitEvent| {
        let Some(form) = Submission::of(&event) else { return };
        event.prevent_default();
        if form.is_sent() {
            return;
        }
        spawn_local(async move {
            let busy = form.into.as_deref().map(place::Busy::new);
            let outcome = form.send().await;
            drop(busy);
            match outcome {
                Outcome::Done(said) => {
                    failed.try_set(String::new());
                    if let Some(id) = &form.into {
                        done.try_set(String::new());
                        return place::put_into(id, &said);
                    }
                    done.try_set(said);
                    if let Ok(Some(new)) = again().await {
                        sheet.try_set(new);
                        keep_focus();
                    }
                }
                Outcome::Refused(refused) => {
                    let is_said = form.mark(&refused);
                    done.try_set(String::new());
                    failed.try_set(if is_said { String::new() } else { refused.why });
                }
            }
        });
    };
    title(text(move || sheet.read().title.clone()));
    view! {
        <div class="sheet" on:submit=on_submit on:click=|event| print(&event)>
            <div inner_html=text(move || html.get())></div>
            <div role="status">
                <div class="done" hidden=flag(move || done.read().is_empty()) inner_html=text(move || done.get())></div>
            </div>
            <div role="alert">
                <p class="done" hidden=flag(move || failed.read().is_empty())>
                    {text(move || failed.get())}
                </p>
            </div>
        </div>
    }
    .erased()
}

/// A link that was followed keeps the focus in the sheet that takes the place of its own.
fn keep_focus() {
    #[cfg(not(feature = "ssr"))]
    {
        let id = place::focused();
        // The old page stands until the new one is in place.
        Effect::new(move |_| {
            let id = id.clone();
            request_animation_frame(move || place::focus(&id));
        });
    }
}

/// A button that prints what is shown: no script may stand in a sheet.
fn print(event: &MouseEvent) {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if element.is_some_and(|it| it.has_attribute("data-print")) {
        log_refusal(window().print(), "the browser does not print");
    }
}
