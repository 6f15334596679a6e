//! Fields with their labels. What was typed and why it is refused is filled in on the finished page.

use super::Draw as _;
use leptos::prelude::*;

/// A field to type into.
#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: Option<String>,
    #[prop(default = true)] required: bool,
    /// The keys that a phone shows.
    #[prop(optional)]
    keys: Option<&'static str>,
) -> AnyView {
    view! {
        <label class="form-field">
            {label}
            <input class="field" type=kind inputmode=keys name=name value=value required=required />
        </label>
    }
    .drawn()
}

/// A choice among values, each with its text; the first of them unless one is chosen.
#[component]
pub fn Choice(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] chosen: Option<String>,
    #[prop(optional)] required: bool,
) -> AnyView {
    let option = move |(value, text): (String, String)| {
        let selected = chosen.as_ref() == Some(&value);
        view! {
            <option value=value selected=selected>
                {text}
            </option>
        }
    };
    view! {
        <label class="form-field">
            {label} <select class="field" name=name required=required>
                {options.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
    .drawn()
}
