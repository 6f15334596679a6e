//! Plain forms: their fields with what was typed and refused, and the notice of what was done.
//!
//! A form is posted to an address of its own. The answer leads back to the page with a [`Flash`], which the server
//! seals in a cookie and puts into the context of the next document.

use std::collections::BTreeMap;

use domain::message::Message;
use leptos::prelude::use_context;
use markup::{Html, html};
use serde::{Deserialize, Serialize};

use super::refill::RefusedForm;
use texts::language::{self, Text};
use texts::messages::told;

/// The outcome of a form, for the page that follows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flash {
    /// The name of the form.
    pub form: String,
    /// Whether the form has an act: then the frame of the next page shows the outcome.
    pub is_act: bool,
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

/// The notice of the form that was sent before, or the refusal of one that `forms` does not name.
pub fn notice(forms: &[&str]) -> Option<Html> {
    let flash = use_context::<Flash>().filter(|flash| !flash.is_act)?;
    let says_itself = forms.contains(&flash.form.as_str());
    let is_left = !(says_itself && matches!(flash.outcome, Outcome::Refused { .. }));
    is_left.then(|| said(flash.outcome))
}

/// The outcome of the act that was sent before.
pub fn outcome_of_act() -> Option<Html> {
    let flash = use_context::<Flash>().filter(|flash| flash.is_act);
    flash.map(|flash| said(flash.outcome))
}

/// A page with what was typed into the form that was sent before, where that was refused.
pub fn refilled(page: String) -> String {
    match use_context::<Flash>() {
        Some(Flash { form, is_act: true, outcome: Outcome::Refused { message, field, typed } }) => {
            let (act, field) = (form.as_str(), field.as_deref());
            RefusedForm { act, typed: &typed, message: &message, field }.refill(&page)
        }
        _ => page,
    }
}

fn said(outcome: Outcome) -> Html {
    match outcome {
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
    }
}

/// A form as it is drawn: with the refusal and the typed values of the try before.
pub struct Form {
    name: &'static str,
    refused: Option<(Message, Option<String>)>,
    typed: BTreeMap<String, String>,
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

impl Form {
    pub fn new(name: &'static str) -> Self {
        match use_context::<Flash>().filter(|flash| flash.form == name).map(|flash| flash.outcome) {
            Some(Outcome::Refused { message, field, typed }) => {
                Self { name, refused: Some((message, field)), typed }
            }
            _ => Self { name, refused: None, typed: BTreeMap::new() },
        }
    }

    /// The refusal, if it is about none of the `fields`.
    pub fn refusal(&self, fields: &[&str]) -> Option<Html> {
        let (message, field) = self.refused.as_ref()?;
        let is_elsewhere = field.as_deref().is_none_or(|field| !fields.contains(&field));
        is_elsewhere.then(|| html! { <p class="refused" role="alert">{told(message)}</p> })
    }

    /// The value of a field: as it was typed, or else as it is stored.
    pub fn value(&self, name: &str, stored: &str) -> String {
        self.typed.get(name).map_or(stored, String::as_str).to_owned()
    }

    pub fn input(&self, input: Input<'_>) -> Html {
        let (described, why) = self.refused_at(input.name);
        html! {
            <label class="form-field">
                {input.label}
                <input
                    class="field"
                    type=input.kind
                    name=input.name
                    value=self.value(input.name, input.value)
                    autocomplete=input.autocomplete
                    required=input.required
                    aria-invalid=described.as_ref().map(|_| "true")
                    aria-describedby=described
                />
            </label>
            {why}
        }
    }

    /// A choice among pairs of value and text.
    pub fn choice(
        &self,
        name: &'static str,
        label: Text,
        stored: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Html {
        let chosen = self.value(name, stored);
        let (described, why) = self.refused_at(name);
        html! {
            <label class="form-field">
                {label}
                <select
                    class="field"
                    name=name
                    aria-invalid=described.as_ref().map(|_| "true")
                    aria-describedby=described
                >
                    {options_of(&chosen, options)}
                </select>
            </label>
            {why}
        }
    }

    fn refused_at(&self, name: &str) -> (Option<String>, Option<Html>) {
        match &self.refused {
            Some((message, Some(field))) if field == name => {
                let id = format!("{}-{name}-refused", self.name);
                let why = html! {
                    <p id=id.clone() class="refused" role="alert">
                        {told(message)}
                    </p>
                };
                (Some(id), Some(why))
            }
            _ => (None, None),
        }
    }
}
