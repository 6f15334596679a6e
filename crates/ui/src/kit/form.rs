//! Forms that are posted, with a script and without one.

use leptos::prelude::*;

use crate::drawing::sending::{self, Sent};

/// A form that does an act; the answer leads back to the page, or on to `next` where it is done.
#[component]
pub fn Form(
    act: &'static str,
    /// The page to go on to.
    #[prop(optional, into)]
    next: Option<String>,
    /// Sent along with what a person fills in.
    #[prop(optional)]
    hidden: Vec<(&'static str, String)>,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional)] class: Option<&'static str>,
    children: Children,
) -> AnyView {
    let sent: Sent = match next {
        Some(next) => sending::send_to(act, &next),
        None => sending::send(act),
    };
    let hidden = hidden.into_iter().map(|(name, value)| {
        view! { <input type="hidden" name=name value=value /> }
    });
    view! {
        <form
            id=id
            class=class
            data-act=act
            method="post"
            enctype="multipart/form-data"
            action=sent.address()
        >
            {hidden.collect_view()}
            {children()}
        </form>
    }
    .into_any()
}

/// A button that says first what it would do, and does it when it is pressed again.
#[component]
pub fn Confirm(
    #[prop(into)] button: String,
    /// Said before the second press.
    #[prop(into)]
    what: String,
    #[prop(into)] now: String,
    act: &'static str,
    hidden: Vec<(&'static str, String)>,
) -> AnyView {
    view! {
        <details class="confirm">
            <summary>{button}</summary>
            <Form act hidden>
                <p>{what}</p>
                <button type="submit" class="button">
                    {now}
                </button>
            </Form>
        </details>
    }
    .into_any()
}
