//! Trades between neighbours: posted when they are agreed on, settled when the month is billed.

mod billed;
mod post;
mod settle;

use chrono::{DateTime, Utc};
use domain::bills::settlement::Settled;
use domain::meters::MeterAddress;
use domain::month::Month;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use post::{Posted, post};
pub(crate) use settle::{by_meter, of_month};

use super::billed::{Billed, asked};
use crate::resolve::MeterRef;
use crate::{Core, Error, Principal, bills};

/// A trade to post.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTrade {
    /// Who buys: id, UUID or meter number.
    pub buyer_meter_id: MeterRef,
    /// Who sells: a prosumer of the same site.
    pub seller_meter_id: MeterRef,
    /// kWh, above 0.
    #[serde(rename = "units_kWh")]
    pub units_kwh: f64,
    /// For one kWh, above 0, in the currency of the site.
    #[serde(rename = "price_per_kWh")]
    pub price_per_kwh: f64,
    /// When it was agreed; the present on the site's clock unless stated.
    pub timestamp: Option<DateTime<Utc>>,
}

/// A trade, with what of it counts.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TradeView {
    /// Its UUID.
    pub id: Uuid,
    /// Slug of its site.
    pub site: String,
    /// Id of the meter that buys.
    pub buyer_meter_id: MeterId,
    /// Its number.
    pub buyer_meter_number: String,
    /// Id of the meter that sells.
    pub seller_meter_id: MeterId,
    /// Its number.
    pub seller_meter_number: String,
    /// kWh agreed.
    #[serde(rename = "units_kWh", with = "rust_decimal::serde::float")]
    #[schemars(with = "f64")]
    pub units_kwh: Decimal,
    /// For one kWh.
    #[serde(rename = "price_per_kWh", with = "rust_decimal::serde::float")]
    #[schemars(with = "f64")]
    pub price_per_kwh: Decimal,
    /// When it was agreed, on the clock of the site.
    pub timestamp: DateTime<Utc>,
    /// kWh that count, as the month stands now; null where the month is not theirs as a whole, since it would tell
    /// what the meter counted for others.
    #[serde(rename = "settled_kWh", with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub settled_kwh: Option<Decimal>,
    /// kWh that do not.
    #[serde(rename = "unsettled_kWh", with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub unsettled_kwh: Option<Decimal>,
}

/// The trades of a month (the running one unless stated) of a site or of one of its meters, in the order in
/// which they count.
pub async fn list(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    month: Option<Month>,
    meter: Option<&MeterAddress>,
) -> Result<Vec<TradeView>, Error> {
    let (site, billed) = asked(core, who, site, meter).await?;
    let month = match month {
        Some(month) => bills::begun(core, &site, month)?,
        None => Month::of(site.date_at(crate::operation::clock::now(core, &site))),
    };
    listed(core, &site, month, &billed).await
}

/// The same, of a site and meters that are known.
pub(crate) async fn listed(
    core: &Core,
    site: &Site,
    month: Month,
    billed: &Billed,
) -> Result<Vec<TradeView>, Error> {
    let settled = of_month(core.pool(), site, month).await?;
    let sides = |Settled { trade, .. }: &Settled| [trade.buyer, trade.seller];
    let ids: Vec<MeterId> = settled.iter().flat_map(sides).collect();
    let numbers = storage::bills::trades::numbers(core.pool(), &ids).await?;
    let number = |id: MeterId| numbers.get(&id).cloned().unwrap_or_default();
    let mine = |settled: &Settled| {
        sides(settled).iter().any(|meter| billed.shows(*meter, site, settled.trade.at))
    };
    let is_told =
        |settled: &Settled| sides(settled).iter().any(|meter| billed.shows_month(*meter, month));
    let view = |settled: Settled| TradeView {
        id: settled.trade.id.parse().unwrap_or_default(),
        site: site.slug.clone(),
        buyer_meter_number: number(settled.trade.buyer),
        buyer_meter_id: settled.trade.buyer,
        seller_meter_number: number(settled.trade.seller),
        seller_meter_id: settled.trade.seller,
        unsettled_kwh: is_told(&settled).then(|| settled.unsettled().normalize()),
        units_kwh: settled.trade.units.normalize(),
        price_per_kwh: settled.trade.price.normalize(),
        timestamp: settled.trade.at,
        settled_kwh: is_told(&settled).then(|| settled.settled.normalize()),
    };
    Ok(settled.into_iter().filter(mine).map(view).collect())
}
