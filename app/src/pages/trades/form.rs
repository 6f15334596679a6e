//! The form for a new trade.

use domain::bills::Party;
use domain::sites::Site;
use leptos::prelude::*;
use texts::figures;
use texts::language::Text;
use texts::words::trades as words;
use ui::drawing::action::Typed;
use ui::kit::{Choice, Draw as _, Field, Form};

use super::actions::PostTrade;

/// One side of a trade.
pub(crate) enum Side {
    /// The reader of the page.
    Own(Party),
    Choice(Vec<Party>),
}

pub(crate) fn draw(site: &Site, sellers: Side, buyers: Side) -> AnyView {
    let action = PostTrade { site: Typed::of(&site.slug), ..PostTrade::default() };
    let price = words::price(figures::currency_sign(&site.currency));
    view! {
        <Form action id="new-trade" class="form">
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
    .drawn()
}

fn side(name: &'static str, label: Text, side: Side) -> AnyView {
    let called = |party: &Party| format!("{}, {}", party.number, party.name);
    match side {
        Side::Own(party) => view! {
            <input type="hidden" name=name value=party.id.to_string() />
            <p class="form-field">{label} <strong>{called(&party)}</strong></p>
        }
        .drawn(),
        Side::Choice(parties) => {
            let none = (String::new(), words::CHOOSE.into());
            let parties = parties.iter().map(|party| (party.id.to_string(), called(party)));
            let options = std::iter::once(none).chain(parties).collect();
            view! { <Choice name label options required=true /> }.drawn()
        }
    }
}
