//! The forms of the page.

use service::bills::trades::{self, NewTrade};
use service::{Error, Principal, Service};
use texts::words::trades::done as words;
use ui::drawing::act::Fields;

/// Posts a trade.
pub(crate) async fn post(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    let new = NewTrade {
        buyer_meter_id: fields.meter_ref("buyer")?,
        seller_meter_id: fields.meter_ref("seller")?,
        units_kwh: fields.number("units")?,
        price_per_kwh: fields.number("price")?,
        timestamp: None,
    };
    trades::post(service, who, Some(&fields.site()?), new).await?;
    Ok(words::POSTED.into())
}
