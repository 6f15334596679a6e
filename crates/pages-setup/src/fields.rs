//! Fields of forms.

use domain::message::Message;
use markup::{Draw, Html, html};
use serde_json::{Map, Value};
use service::configuration::page::settings::About;

use texts::language::{self, Text};
use texts::messages::told;
use texts::words::settings::CANCEL;
use texts::words::settings::meters::REFUSED;
pub(super) use ui::drawing::form::choice;
use ui::drawing::{Shape, hidden, main_button, mark, send};

pub(super) fn text(name: &'static str, label: impl Draw, value: impl markup::Value) -> Html {
    input("text", name, label, value, false)
}

pub(super) fn needed(name: &'static str, label: impl Draw, value: impl markup::Value) -> Html {
    input("text", name, label, value, true)
}

pub(super) fn input(
    kind: &'static str,
    name: &'static str,
    label: impl Draw,
    value: impl markup::Value,
    required: bool,
) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input class="field" type=kind name=name value=value required=required autocomplete="off" />
        </label>
    }
}

/// A text with a hint, and with proposals where there is a list of them.
pub(super) fn proposed(
    name: &'static str,
    label: impl Draw,
    value: String,
    list: impl markup::Value,
    hint: impl markup::Value,
) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input
                class="field"
                type="text"
                name=name
                value=value
                list=list
                placeholder=hint
                autocomplete="off"
            />
        </label>
    }
}

/// The values that a field proposes, each with a label.
pub(super) fn list(id: &'static str, values: impl Iterator<Item = (String, String)>) -> Html {
    let option = |(value, label): (String, String)| html! { <option value=value>{label}</option> };
    html! { <datalist id=id>{values.map(option).collect::<Html>()}</datalist> }
}

pub(super) fn tick(name: &'static str, label: Text, is_on: bool) -> Html {
    html! {
        <label class="settings-tick">
            <input type="checkbox" name=name value="on" checked=is_on />
            {label}
        </label>
    }
}

/// The values that the form was filled in from: a change by somebody else in between is refused.
pub(super) fn expected(seen: Map<String, Value>) -> Html {
    hidden("expected", Value::Object(seen).to_string())
}

/// The site of a form that leads to an address.
pub(super) fn site(about: &About) -> Option<Html> {
    about.slug.as_deref().map(|slug| hidden("site", slug))
}

/// The outcome of a form, above it.
pub(super) fn outcome(shape: Shape, title: impl Draw, content: impl Draw) -> Html {
    let role = if shape == Shape::Alarm { "alert" } else { "status" };
    html! {
        <section class="settings-preview" role=role>
            <h2>{mark(shape)} " " {title}</h2>
            {content}
        </section>
    }
}

/// The reason why a preview is refused.
pub(super) fn refusal(why: &Message) -> Html {
    outcome(Shape::Alarm, REFUSED, html! { <p>{told(why)}</p> })
}

/// The form that stores what a preview shows, and the way back.
pub(super) fn store(act: &'static str, fields: Html, button: Text, back: String) -> Html {
    html! {
        <div class="actions">
            <form action=send(act)>
                {fields} {main_button(button)}
            </form>
            <a class="button" href=back>
                {CANCEL}
            </a>
        </div>
    }
}

/// A value of a document as it would be typed.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "\u{2013}".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |it| language::now().typed(it))
        }
        other => other.to_string(),
    }
}

/// The same in a field, which is empty where nothing is set.
pub(super) fn typed(value: &Value) -> String {
    if value.is_null() { String::new() } else { plain(value) }
}
