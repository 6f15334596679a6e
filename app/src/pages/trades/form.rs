//! The form for a new trade.

use domain::SiteSlug;
use domain::bills::Party;
use domain::sites::Site;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use service::bills::trades::{self, NewTrade};
use service::meters::MeterRef;
use service::{Action, Principal, Service};
use texts::figures;
use texts::language::Text;
use texts::words::trades::{self as words, done};
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};
use ui::kit::{Choice, Draw as _, Field, Form, submit};

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
            {submit("button button-main", words::POST)}
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

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PostTrade {
    pub(crate) site: Typed<SiteSlug>,
    pub(crate) seller: Typed<MeterRef>,
    pub(crate) buyer: Typed<MeterRef>,
    pub(crate) units: Typed<f64>,
    pub(crate) price: Typed<f64>,
}

impl FormAction for PostTrade {
    const NAME: &'static str = "trade";
    const NEEDS: Action = Action::Trade;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        let new = NewTrade {
            buyer_meter_id: self.buyer.read("buyer")?,
            seller_meter_id: self.seller.read("seller")?,
            units_kwh: self.units.read("units")?,
            price_per_kwh: self.price.read("price")?,
            timestamp: None,
        };
        trades::post(service, who, Some(&self.site.read("site")?), new).await?;
        Ok(Done::new(done::POSTED))
    }
}
