//! The form that adds a site, and the fields that it shares with the first steps.

use domain::sites::Site;
use markup::{Html, html};

use texts::language::Text;
use texts::words::portfolio::{ALL, form as words};
use ui::drawing::{Sheet, hidden, main_button, send_to, still_sheet};

/// Currencies that are offered; any other code may be typed.
const CURRENCIES: [&str; 12] =
    ["EUR", "USD", "GBP", "INR", "CHF", "JPY", "CNY", "AUD", "CAD", "BRL", "ZAR", "SEK"];

/// A field with a hint where it may stay empty, and with proposals where there is a list of them.
fn field(
    name: &'static str,
    label: Text,
    value: &str,
    hint: Option<Text>,
    list: Option<&'static str>,
) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input
                class="field"
                type="text"
                name=name
                value=value
                placeholder=hint
                list=list
                required=hint.is_none()
                autocomplete="off"
            />
        </label>
    }
}

pub(crate) fn draw(may_add: bool) -> Sheet {
    let form = if may_add {
        whole()
    } else {
        html! { <p role="status">{words::FORBIDDEN}</p> }
    };
    let content = html! {
        <article class="page site-new">
            <header class="sheet-head">
                <div class="state">
                    <h1>{words::TITLE}</h1>
                    <p class="state-detail">{words::DETAIL}</p>
                </div>
                <a class="button" href="/sites">
                    {ALL}
                </a>
            </header>
            {form}
        </article>
    };
    still_sheet(&words::TITLE, content)
}

fn whole() -> Html {
    let optional = |name, label| field(name, label, "", Some(words::OPTIONAL), None);
    html! {
        <form class="form" action=send_to("site-add", "/sites")>
            {field("name", words::NAME, "", None, None)}
            {field("slug", words::SLUG, "", Some(words::SLUG_HINT), None)}
            {money("UTC", "EUR", "")}
            {optional("gridCapacityKw", words::CAPACITY)}
            <div class="form-pair">
                {optional("latitude", words::LATITUDE)} {optional("longitude", words::LONGITUDE)}
            </div>
            {main_button(words::SAVE)}
        </form>
    }
}

fn money(zone: &str, currency: &str, price: &str) -> Html {
    let option = |value: &'static str| html! { <option value=value></option> };
    html! {
        {field("timeZone", words::ZONE, zone, None, Some("zones"))}
        <p class="note">{words::ZONE_NOTE}</p>
        <div class="form-pair">
            {field("currency", words::CURRENCY, currency, None, Some("currencies"))}
            {field("pricePerKwh", words::PRICE, price, Some(words::PRICE_HINT), None)}
        </div>
        <datalist id="zones">{domain::sites::zones().map(option).collect::<Html>()}</datalist>
        <datalist id="currencies">{CURRENCIES.map(option)}</datalist>
    }
}

pub(crate) fn first(site: &Site, name: &str, next: &str) -> Html {
    let price = site.price_per_kwh.map(|price| price.to_string()).unwrap_or_default();
    html! {
        <form class="form" action=send_to("site-name", next)>
            {hidden("site", &site.slug)} {field("name", words::NAME, name, None, None)}
            {money(site.zone.name(), &site.currency, &price)}
            {main_button(words::SAVE)}
        </form>
    }
}
