//! Forms that are posted, with a script and without one.

use super::{Draw as _, inert};
use leptos::prelude::*;

use crate::drawing::action::ActionCall;
use crate::drawing::form;
use crate::drawing::sending::{self, Sent};

/// A form that posts an action; the answer leads back to the page, or on to `next` where it is done.
#[component]
pub fn Form(
    /// The action, with what the page fills in.
    #[prop(into)]
    action: ActionCall,
    /// The page to go on to.
    #[prop(optional, into)]
    next: Option<String>,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional)] class: Option<&'static str>,
    children: Children,
) -> AnyView {
    let ActionCall { name, fields } = action;
    let sent: Sent = match next {
        Some(next) => sending::send_to(name, &next),
        None => sending::send(name),
    };
    let hidden = fields.into_iter().map(|(name, value)| {
        view! { <input type="hidden" name=name value=value /> }
    });
    view! {
        <form
            id=id
            class=class
            data-act=name
            method="post"
            enctype="multipart/form-data"
            action=sent.address()
        >
            {hidden.collect_view()}
            {children()}
        </form>
    }
    .drawn()
}

/// The button that sends a form.
pub fn submit(class: &'static str, text: impl markup::Draw) -> AnyView {
    inert(form::submit(class, text))
}

/// A button that says first what it would do, and does it when it is pressed again.
#[component]
pub fn Confirm(
    #[prop(into)] button: String,
    /// Said before the second press.
    #[prop(into)]
    what: String,
    #[prop(into)] now: String,
    #[prop(into)] action: ActionCall,
) -> AnyView {
    view! {
        <details class="confirm">
            <summary>{button}</summary>
            <Form action>
                <p>{what}</p>
                {submit("button", now)}
            </Form>
        </details>
    }
    .drawn()
}
