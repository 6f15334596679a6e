//! Fields of the forms of settings.

use domain::message::Message;
use markup::{Draw, Html, html};
use serde_json::{Map, Value};
use service::configuration::page::settings::About;

use texts::language::{self, Text};
use texts::messages::told;
use ui::components::mark::Shape;
pub(super) use ui::drawing::form::choice;
use ui::drawing::hidden;
use ui::drawing::parts::mark;

/// A line to type into.
pub(super) fn text(name: &'static str, label: impl Draw, value: String) -> Html {
    input("text", name, label, value, false)
}

/// One that has to be filled in.
pub(super) fn needed(name: &'static str, label: impl Draw, value: String) -> Html {
    input("text", name, label, value, true)
}

/// A day.
pub(super) fn day(name: &'static str, label: Text, value: String) -> Html {
    input("date", name, label, value, true)
}

pub(super) fn input(
    kind: &'static str,
    name: &'static str,
    label: impl Draw,
    value: String,
    required: bool,
) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input class="field" type=kind name=name value=value required=required autocomplete="off" />
        </label>
    }
}

/// A line to type into that proposes values from a list.
pub(super) fn proposed(
    name: &'static str,
    label: impl Draw,
    value: String,
    list: &'static str,
    hint: Text,
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

/// The values that a line proposes, each with what stands beside it.
pub(super) fn list(id: &'static str, values: impl Iterator<Item = (String, String)>) -> Html {
    let option = |(value, label): (String, String)| html! { <option value=value>{label}</option> };
    html! { <datalist id=id>{values.map(option).collect::<Html>()}</datalist> }
}

/// Something to tick.
pub(super) fn tick(name: &'static str, label: Text, is_on: bool) -> Html {
    html! {
        <label class="settings-tick">
            <input type="checkbox" name=name value="on" checked=is_on />
            {label}
        </label>
    }
}

/// What whoever fills the form in sees now: a change of another in between is told.
pub(super) fn expected(seen: Map<String, Value>) -> Html {
    hidden("expected", Value::Object(seen).to_string())
}

/// The site that a page asked for by an address goes on about.
pub(super) fn site(about: &About) -> Option<Html> {
    about.slug.clone().map(|slug| hidden("site", slug))
}

/// A sentence that keeps something from being stored.
pub(super) fn refusal(title: Text, why: &Message) -> Html {
    html! {
        <section class="settings-preview" role="alert">
            <h2>{mark(Shape::Alarm)} " " {title}</h2>
            <p>{told(why)}</p>
        </section>
    }
}

/// What a value of a document says, as it would be typed.
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
