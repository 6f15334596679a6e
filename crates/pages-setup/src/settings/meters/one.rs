//! One meter: what is set of it. What its energy is counted by has a form of its own.

use markup::{Html, html};
use serde_json::{Map, Value};
use service::meters::MeterView;
use service::meters::page::settings::MetersPage;

use super::rules::{self, Asked};
use super::{here, roles};
use crate::settings::fields;
use texts::language::Text;
use texts::words::settings::{self as words, meters};
use ui::drawing::{at, hidden};

/// The fields of the form, as the meter has them, with whether each is a number.
pub(in crate::settings) const FIELDS: [(&str, bool); 7] = [
    ("meterName", false),
    ("meterNumber", false),
    ("meterType", false),
    ("area", false),
    ("location", false),
    ("loadRole", false),
    ("channelPrefix", false),
];

const LABELS: [Text; 7] = [
    meters::NAME,
    meters::NUMBER,
    meters::CLASS,
    meters::AREA,
    meters::LOCATION,
    meters::ROLE,
    meters::PREFIX,
];

pub(super) fn draw(this: &MetersPage, meter: &MeterView, rules: Option<&Asked>) -> Html {
    let all = serde_json::to_value(meter).unwrap_or_default();
    let seen: Map<_, _> =
        FIELDS.iter().map(|(name, _)| ((*name).to_owned(), all[*name].clone())).collect();
    let field = |((name, _), label): ((&'static str, bool), Text)| {
        let value = match &all[name] {
            Value::Null => String::new(),
            value => fields::plain(value),
        };
        match name {
            "loadRole" => fields::choice(name, label, &value, roles(meters::KEEP).split_off(1)),
            "area" => fields::proposed(name, label, value, "areas", words::NOT_SET),
            "meterName" | "meterNumber" | "meterType" => fields::needed(name, label, value),
            _ => fields::text(name, label, value),
        }
    };
    let form = this.about.is_operator.then(|| {
        html! {
            <form class="form settings-wide" method="dialog" data-act="settings-meter">
                {hidden("meter", meter.id.to_string())} {fields::expected(seen)}
                <div class="settings-fields">
                    {FIELDS.into_iter().zip(LABELS).map(field).collect::<Html>()}
                </div>
                <div class="actions">
                    <button type="submit" class="button button-main">
                        {words::SAVE}
                    </button>
                    <a class="button" href=here(this, &[])>
                        {words::CANCEL}
                    </a>
                    <a
                        class="button button-quiet"
                        href=at(this.about.slug.as_deref(), &format!("/devices/{}", meter.id), &[])
                    >
                        {meters::TO_DEVICE}
                    </a>
                </div>
            </form>
        }
    });
    html! {
        <section class="settings-new" id="meter">
            <h2>{meters::change(&meter.meter_name)}</h2>
            {form}
            {this.about.is_operator.then(|| rules::form(this, meter, rules))}
        </section>
    }
}
