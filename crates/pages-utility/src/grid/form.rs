//! The form: a place and what is asked there. It is sent as an address, so that it works before
//! anything else is there, and so that an answer can be passed on.

use domain::grid::view::GridPage;
use markup::{Html, html};

use texts::words::grid as words;

pub(super) fn draw(page: &GridPage) -> Html {
    let form = &page.form;
    let known = page.known.iter().map(|name| html! { <option value=name.clone()></option> });
    html! {
        <form class="grid-form" method="get" action="/grid">
            <label class="form-field grid-place">
                {words::LOCATION}
                <input
                    class="field"
                    type="text"
                    id="place"
                    name="place"
                    list="place-names"
                    value=form.place.clone()
                    placeholder=words::LOCATION_HINT
                    autocomplete="off"
                    required=true
                />
            </label>
            <datalist id="place-names">{known.collect::<Html>()}</datalist>
            {number("consumption", words::CONSUMPTION.get(), words::KW, &form.consumption, "")}
            {number("production", words::PRODUCTION.get(), words::KW, &form.production, "")}
            {number("length", words::SERVICE.get(), words::METRES, &form.length, words::SERVICE_HINT.get())}
            <label class="form-field">
                {words::PREMISES}
                <select class="field" name="premises">
                    <option value="" selected=!form.is_ev>
                        {words::GENERAL}
                    </option>
                    <option value="ev" selected=form.is_ev>
                        {words::EV}
                    </option>
                </select>
            </label>
            <button type="submit" class="button" id="check">
                {words::CHECK}
            </button>
        </form>
    }
}

fn number(
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    value: &str,
    hint: &'static str,
) -> Html {
    html! {
        <label class="form-field">
            <span>{label} " " <span class="unit">{unit}</span></span>
            <input
                class="field"
                type="text"
                inputmode="decimal"
                name=name
                value=value.to_owned()
                placeholder=hint
                autocomplete="off"
            />
        </label>
    }
}
