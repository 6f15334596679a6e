//! All meters: a table to filter and change many at once, the tree, one meter, and what a change does.

mod one;
mod preview;
pub(super) mod rules;
mod table;
mod tree;

use domain::meters::LoadRole;
use domain::meters::settings::{Form, of_form};
use markup::{Html, html};
use serde_json::{Map, Value};
use service::meters::MeterView;
use service::meters::page::settings::MetersPage;

use super::{fields, page};
use texts::language::Text;
use texts::words::settings::{self as words, meters};
use ui::drawing::{Sheet, at, submit_button};

const ROLES: [LoadRole; 5] =
    [LoadRole::Grid, LoadRole::Building, LoadRole::Solar, LoadRole::Zone, LoadRole::None];
const FILTER: [&str; 4] = ["q", "ofType", "ofArea", "ofRole"];

pub(super) fn draw(this: &MetersPage, rules: Option<&rules::Asked>) -> Sheet {
    let about = &this.about;
    let locked = about.is_simulated().then(|| html! { <p class="note">{meters::LOCKED}</p> });
    let content = html! {
        {this.preview.as_ref().map(|(changes, asked)| match asked {
            Ok(asked) => preview::draw(this, changes, asked),
            Err(why) => fields::refusal(why),
        })}
        {this.chosen.as_ref().zip(rules).map(|(meter, rules)| rules::draw(this, meter, rules))}
        {this.chosen.as_ref().map(|meter| one::draw(this, meter, rules))}
        {locked}
        {filter(this)}
        {table::draw(this)}
        {tree::draw(this)}
    };
    page(about, "meters", words::METERS, meters::NOTE, content)
}

fn here(this: &MetersPage, parameters: &[(&str, &str)]) -> String {
    let kept = FILTER.map(|name| (name, this.query.get(name).unwrap_or_default()));
    at(this.about.slug.as_deref(), "/settings/meters", &[&kept[..], parameters].concat())
}

fn or(none: Text, options: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let first = (String::new(), none.into());
    std::iter::once(first).chain(options.map(|option| (option.clone(), option))).collect()
}

fn roles(none: Text) -> Vec<(String, String)> {
    let role = |role: LoadRole| (role.as_str().to_owned(), meters::role(role).into());
    std::iter::once((String::new(), none.into())).chain(ROLES.map(role)).collect()
}

/// The settings of a form, as the meter has them.
fn seen(meter: &MeterView, form: Form) -> Map<String, Value> {
    let all = serde_json::to_value(meter).unwrap_or_default();
    of_form(form).map(|setting| (setting.name.to_owned(), all[setting.name].clone())).collect()
}

fn filter(this: &MetersPage) -> Html {
    let of = |name: &str| this.query.get(name).unwrap_or_default().to_owned();
    html! {
        <form
            class="settings-fields settings-filter"
            method="get"
            action="/settings/meters"
            role="search"
            aria-label=meters::FIND
        >
            {fields::site(&this.about)}
            <label class="form-field">
                {meters::FIND}
                <input class="field" type="search" name="q" value=of("q") placeholder=meters::FIND_HINT autocomplete="off" />
            </label>
            {fields::choice("ofType", meters::CLASS, &of("ofType"), or(meters::ANY, this.types.iter().cloned()))}
            {fields::choice("ofArea", meters::AREA, &of("ofArea"), or(meters::ANY, this.areas.iter().cloned()))}
            {fields::choice("ofRole", meters::ROLE, &of("ofRole"), roles(meters::ANY))}
            {submit_button(meters::GO)}
        </form>
    }
}
