//! The form that adds a site, and the fields that it shares with the first steps.

use domain::sites::Site;
use markup::{Html, html};

use texts::language::Text;
use texts::words::portfolio::{ALL, form as words};
use ui::drawing::{Sheet, send_to, sheet};

/// Nothing here moves by itself, and a drawing anew would lose what is being typed.
const ONCE_S: u32 = 24 * 3600;

/// Currencies that are offered; any other code may be typed.
const CURRENCIES: [&str; 12] =
    ["EUR", "USD", "GBP", "INR", "CHF", "JPY", "CNY", "AUD", "CAD", "BRL", "ZAR", "SEK"];

/// A field of a form: its name, its label, and what an empty one means.
struct Field {
    name: &'static str,
    label: Text,
    hint: Option<Text>,
    value: String,
    /// The list of what is offered.
    list: Option<&'static str>,
    is_required: bool,
}

impl Field {
    fn new(name: &'static str, label: Text) -> Self {
        Self { name, label, hint: None, value: String::new(), list: None, is_required: false }
    }

    fn view(self) -> Html {
        html! {
            <label class="form-field">
                {self.label}
                <input
                    class="field"
                    type="text"
                    name=self.name
                    value=self.value
                    placeholder=self.hint.map(Text::get)
                    list=self.list
                    required=self.is_required
                    autocomplete="off"
                />
            </label>
        }
    }
}

/// The page.
pub(crate) fn draw(may_add: bool) -> Sheet {
    let form = if may_add {
        whole()
    } else {
        html! { <p role="status">{words::FORBIDDEN}</p> }
    };
    let drawn = sheet(
        words::TITLE.get(),
        html! {
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
        },
    );
    Sheet { refresh_s: ONCE_S, ..drawn }
}

fn whole() -> Html {
    let slug = Field { hint: Some(words::SLUG_HINT), ..Field::new("slug", words::SLUG) };
    let optional =
        |name, label| Field { hint: Some(words::OPTIONAL), ..Field::new(name, label) }.view();
    html! {
        <form class="form" action=send_to("site-add", "/sites")>
            {named("")} {slug.view()} {money("UTC", "EUR", None)}
            {optional("gridCapacityKw", words::CAPACITY)}
            <div class="form-pair">
                {optional("latitude", words::LATITUDE)} {optional("longitude", words::LONGITUDE)}
            </div>
            <button type="submit" class="button button-main">
                {words::SAVE}
            </button>
        </form>
    }
}

fn named(value: &str) -> Html {
    let name =
        Field { value: value.to_owned(), is_required: true, ..Field::new("name", words::NAME) };
    name.view()
}

/// Zone, currency and price.
fn money(zone: &str, currency: &str, price: Option<String>) -> Html {
    let zone = Field {
        value: zone.to_owned(),
        list: Some("zones"),
        is_required: true,
        ..Field::new("timeZone", words::ZONE)
    };
    let currency = Field {
        value: currency.to_owned(),
        list: Some("currencies"),
        is_required: true,
        ..Field::new("currency", words::CURRENCY)
    };
    let price = Field {
        hint: Some(words::PRICE_HINT),
        value: price.unwrap_or_default(),
        ..Field::new("pricePerKwh", words::PRICE)
    };
    let option = |value: &'static str| html! { <option value=value></option> };
    html! {
        {zone.view()}
        <p class="note">{words::ZONE_NOTE}</p>
        <div class="form-pair">{currency.view()} {price.view()}</div>
        <datalist id="zones">{domain::sites::zones().map(option).collect::<Html>()}</datalist>
        <datalist id="currencies">{CURRENCIES.map(option)}</datalist>
    }
}

/// What the first step asks of a site that is there.
pub(crate) fn first(site: &Site, name: &str, next: &str) -> Html {
    let price = site.price_per_kwh.map(|price| price.to_string());
    html! {
        <form class="form" action=send_to("site-name", next)>
            <input type="hidden" name="site" value=site.slug.clone() /> {named(name)}
            {money(site.zone.name(), &site.currency, price)}
            <button type="submit" class="button button-main">
                {words::SAVE}
            </button>
        </form>
    }
}
