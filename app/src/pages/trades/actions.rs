//! The action of the page.

use domain::SiteSlug;
use serde::{Deserialize, Serialize};
use service::bills::trades::{self, NewTrade};
use service::meters::MeterRef;
use service::{Action, Principal, Service};
use texts::words::trades::done as words;
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};

/// Posts a trade.
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
        Ok(Done::new(words::POSTED))
    }
}
