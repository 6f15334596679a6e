//! The form for a new trade.

use domain::bills::Party;
use domain::sites::Site;
use leptos::prelude::*;
use texts::figures;
use texts::language::Text;
use texts::words::trades as words;
use ui::kit::{Choice, Field, Form};

/// One side of a trade.
pub(crate) enum Side {
    /// The reader of the page.
    Own(Party),
    Choice(Vec<Party>),
}

pub(crate) fn draw(site: &Site, sellers: Side, buyers: Side) -> AnyView {
    let price = words::price(figures::currency_sign(&site.currency));
    view! {
        <Form act="trade" id="new-trade" class="form" hidden=vec![("site", site.slug.clone())]>
            <h2>{words::NEW}</h2>
            {side("seller", words::SELLER, sellers)}
            {side("buyer", words::BUYER, buyers)}
            <Field name="units" label=words::UNITS keys="decimal" />
            <Field name="price" label=price keys="decimal" />
            <p class="note">{words::NEW_HELP}</p>
            <button type="submit" class="button button-main">
                {words::POST}
            </button>
        </Form>
    }
    .into_any()
}

fn side(name: &'static str, label: Text, side: Side) -> AnyView {
    let called = |party: &Party| format!("{}, {}", party.number, party.name);
    match side {
        Side::Own(party) => view! {
            <input type="hidden" name=name value=party.id.to_string() />
            <p class="form-field">{label} <strong>{called(&party)}</strong></p>
        }
        .into_any(),
        Side::Choice(parties) => {
            let none = (String::new(), words::CHOOSE.into());
            let parties = parties.iter().map(|party| (party.id.to_string(), called(party)));
            let options = std::iter::once(none).chain(parties).collect();
            view! { <Choice name label options required=true /> }.into_any()
        }
    }
}
