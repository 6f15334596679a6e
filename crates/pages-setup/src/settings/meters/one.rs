//! One meter: what is set of it. What its energy is counted by has a form of its own.

use domain::meters::settings::{Form, Setting, of_form};
use markup::{Html, html};
use service::meters::MeterView;
use service::meters::page::settings::MetersPage;

use super::rules::{self, Asked};
use super::{here, roles, seen};
use crate::fields;
use texts::words::settings::{self as words, meters};
use ui::drawing::{at, hidden, main_button, send, send_to, submit_button};

pub(super) fn draw(this: &MetersPage, meter: &MeterView, rules: Option<&Asked>) -> Html {
    let seen = seen(meter, Form::Meter);
    let field = |setting: &'static Setting| {
        let (name, label) = (setting.name, meters::label(setting));
        let value = fields::typed(&seen[name]);
        match name {
            "loadRole" => fields::choice(name, label, &value, roles(meters::KEEP).split_off(1)),
            "area" => fields::proposed(name, label, value, "areas", words::NOT_SET),
            "meterName" | "meterNumber" | "meterType" => fields::needed(name, label, value),
            _ => fields::text(name, label, value),
        }
    };
    let form = this.about.is_operator.then(|| {
        html! {
            <form class="form settings-wide" action=send("settings-meter")>
                {hidden("meter", meter.id.to_string())} {fields::expected(seen.clone())}
                <div class="settings-fields">
                    {of_form(Form::Meter).map(field).collect::<Html>()}
                </div>
                <div class="actions">
                    {main_button(words::SAVE)}
                    <a class="button" href=here(this, &[])>
                        {words::CANCEL}
                    </a>
                    <a
                        class="button button-quiet"
                        href=at(this.about.slug.as_deref(), &format!("/meters/{}", meter.id), &[])
                    >
                        {meters::TO_PAGE}
                    </a>
                </div>
            </form>
        }
    });
    html! {
        <section class="settings-new" id="meter">
            <h2>{meters::change(&meter.name)}</h2>
            {form}
            {this.about.is_operator.then(|| rules::form(this, meter, rules))}
            {this.about.is_operator.then(|| retirement(this, meter))}
        </section>
    }
}

fn retirement(this: &MetersPage, meter: &MeterView) -> Html {
    html! {
        <details class="confirm">
            <summary class="button">{meters::RETIRE}</summary>
            <form action=send_to("settings-no-meter", &here(this, &[]))>
                {hidden("meter", meter.id.to_string())} <p>{meters::retires(&meter.name)}</p>
                {submit_button(meters::RETIRE)}
            </form>
        </details>
    }
}
