//! Plain forms: their fields, and the notice of what was done.
//!
//! A form is posted to an address of its own. The answer leads back to the page with a [`Flash`], which the server
//! seals in a cookie and puts into the context of the next document.

use std::collections::BTreeMap;

use domain::message::Message;
use leptos::prelude::use_context;
use markup::{Draw, Html, html};
use serde::{Deserialize, Serialize};

use super::refill::RefusedForm;
use texts::language::{self, Text};
use texts::messages::told;

/// The outcome of a form, for the page that follows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flash {
    /// The act of the form, or the path to which it was posted.
    pub form: String,
    pub outcome: Outcome,
}

/// The result of a form that was posted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Outcome {
    /// A notice in English and in German.
    Done(String, String),
    /// The answer of an act, as the script of a page would show it.
    Answered(String),
    Refused {
        message: Message,
        field: Option<String>,
        /// The fields again, without passwords.
        typed: BTreeMap<String, String>,
    },
}

/// The outcome of the form that was sent before.
pub fn outcome() -> Option<Html> {
    use_context().map(|Flash { outcome, .. }| match outcome {
        Outcome::Done(english, german) => {
            let text = language::now().of(english.as_str(), german.as_str());
            html! { <p class="form-done" role="status">{text}</p> }
        }
        Outcome::Answered(answer) => {
            html! { <div class="form-done" role="status" inner_html=answer></div> }
        }
        Outcome::Refused { message, .. } => {
            html! { <p class="refused" role="alert">{told(&message)}</p> }
        }
    })
}

/// A page with what was typed into the form that was sent before, where that was refused.
pub fn refilled(page: String) -> String {
    match use_context::<Flash>() {
        Some(Flash { form, outcome: Outcome::Refused { message, field, typed } }) => {
            let (form, field) = (form.as_str(), field.as_deref());
            RefusedForm { form, typed: &typed, message: &message, field }.refill(&page)
        }
        _ => page,
    }
}

/// A field to type into.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub name: &'static str,
    pub label: Text,
    pub kind: &'static str,
    pub value: &'a str,
    pub autocomplete: &'static str,
    pub required: bool,
}

impl Default for Input<'_> {
    fn default() -> Self {
        Self {
            name: "",
            label: Text("", ""),
            kind: "text",
            value: "",
            autocomplete: "off",
            required: true,
        }
    }
}

/// The button that sends a form.
pub fn submit(class: &'static str, text: impl Draw) -> Html {
    html! { <button type="submit" class=class>{text}</button> }
}

/// The options of a choice, from pairs of value and text.
pub fn options_of(chosen: &str, pairs: impl IntoIterator<Item = (String, String)>) -> Html {
    let option = |(value, text): (String, String)| {
        let selected = value == chosen;
        html! {
            <option value=value selected=selected>
                {text}
            </option>
        }
    };
    pairs.into_iter().map(option).collect()
}

/// A field with its label.
pub fn input(input: Input<'_>) -> Html {
    html! {
        <label class="form-field">
            {input.label}
            <input
                class="field"
                type=input.kind
                name=input.name
                value=input.value.to_owned()
                autocomplete=input.autocomplete
                required=input.required
            />
        </label>
    }
}

/// A choice among pairs of value and text.
pub fn choice(
    name: &'static str,
    label: impl Draw,
    chosen: &str,
    options: impl IntoIterator<Item = (String, String)>,
) -> Html {
    html! {
        <label class="form-field">
            {label} <select class="field" name=name>
                {options_of(chosen, options)}
            </select>
        </label>
    }
}

/// The button that sends a form.
pub fn submit_button(text: impl Draw) -> Html {
    submit("button", text)
}

/// The button of a form that its page is for.
pub fn main_button(text: impl Draw) -> Html {
    submit("button button-main", text)
}
