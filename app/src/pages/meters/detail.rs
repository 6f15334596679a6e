//! What is selected in the tree, as the server draws it.

use std::time::Duration;

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;

use super::selection::Selection;
use texts::words::meters as words;
use ui::api::{Sheet, ask_sheet};
use ui::components::erased_view::Erase as _;
use ui::components::load::reason;
use ui::components::reactive::flag;
use ui::components::search::is_typing;
use ui::components::sheet::{Address, newest, put_live};
use ui::live::use_refreshed;
use ui::period::{Chosen, join};

/// The tree has its powers from the stream; the balance and the phases beside it are drawn this often.
const REFRESH: Duration = Duration::from_secs(5);

#[component]
pub(super) fn Detail(selection: Selection) -> impl IntoView {
    follow_escape(selection);
    let period = expect_context::<Chosen>();
    let address = Memo::new(move |_| {
        let query = selection.asked.get().map(|id| format!("?meter={id}"));
        ("/selected".to_owned(), join(&query.unwrap_or_default(), &period.query()))
    });
    let sheet = newest(address, address, None);
    let on_click = move |event: MouseEvent| {
        if super::clicked(&event, "[data-clear]").is_some() {
            event.prevent_default();
            selection.clear();
        }
    };
    view! {
        <aside
            class="meters-detail"
            class:is-open=flag(move || selection.asked.get().is_some())
            aria-label=words::DETAIL
            on:click=on_click
        >
            <Transition fallback=|| ()>
                {move || {
                    Suspend::new(async move {
                        match sheet.await {
                            Ok(Some(first)) => view! { <Drawn first address /> }.erased(),
                            Ok(None) => view! { <p></p> }.erased(),
                            Err(error) => {
                                view! { <p role="alert">{reason(error)}</p> }.erased()
                            }
                        }
                    })
                }}
            </Transition>
        </aside>
    }
    .erased()
}

/// What the server drew; its live parts are put in place anew.
#[component]
fn Drawn(first: Sheet, address: Memo<Address>) -> impl IntoView {
    let html = first.html.clone();
    let again = move || async move {
        let Some((path, query)) = address.try_get_untracked() else { return Ok(None) };
        let new = ask_sheet(path.clone(), query.clone()).await?;
        if address.try_get_untracked() == Some((path, query))
            && let Some(new) = new
        {
            put_live(&new.html);
        }
        Ok(None)
    };
    use_refreshed(first, |_| REFRESH, again);
    view! { <div inner_html=html></div> }.erased()
}

/// Escape clears the selection from anywhere but a field.
fn follow_escape(selection: Selection) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && !event.default_prevented() && !is_typing(&event) {
                selection.clear();
            }
        });
        on_cleanup(move || handle.remove());
    });
}
