//! Posting a trade.

use domain::bills::Side;
use domain::bills::refusal::TradeRefusal;
use domain::bills::settlement::Trade;
use domain::bills::tariff::Direction;
use domain::meters::Meter;
use domain::month::Month;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use schemars::JsonSchema;
use serde::Serialize;
use storage::bills::trades;
use uuid::Uuid;

use super::{NewTrade, billed};
use crate::operation::clock;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, instants, resolve, sites, validity};

/// More than any trade is about: kWh, and what one costs.
const MOST: f64 = 1e9;
/// Digits after the point of a trade: a milliwatt-hour, and a millionth of the currency.
const DIGITS: u32 = 6;

/// What is answered to who posted a trade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Posted {
    /// Always `success`.
    pub status: &'static str,
    /// In words.
    pub message: &'static str,
    /// UUID of the trade.
    pub id: Uuid,
    /// When it was agreed, on the clock of the site.
    pub timestamp: chrono::DateTime<chrono::Utc>,
}

/// Posts a trade.
pub async fn post(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    new: NewTrade,
) -> Result<Posted, Error> {
    let buyer =
        resolve::billed(core, who, Action::Trade, site, ("buyer_meter_id", &new.buyer_meter_id))
            .await?;
    let seller =
        resolve::billed(core, who, Action::Trade, site, ("seller_meter_id", &new.seller_meter_id))
            .await?;
    if buyer.id == seller.id {
        return Err(refused("same_meter", "seller_meter_id", TradeRefusal::SameMeter));
    }
    if buyer.site != seller.site {
        return Err(refused("other_site", "seller_meter_id", TradeRefusal::OtherSite));
    }
    let site = sites::of(core, &buyer).await?;
    let now = clock::now(core, &site);
    let at = instants::stored(new.timestamp.unwrap_or(now));
    if at > now {
        let refusal = TradeRefusal::Ahead { now: now.to_rfc3339() };
        return Err(refused("future_timestamp", "timestamp", refusal));
    }
    validity::time("timestamp", at)?;
    if !is_prosumer(core, &site, &seller, at).await? {
        let refusal = TradeRefusal::NoProsumer { number: seller.number };
        return Err(refused("not_a_prosumer", "seller_meter_id", refusal));
    }
    let new = Trade {
        id: String::new(),
        buyer: buyer.id,
        seller: seller.id,
        units: amount("units_kWh", new.units_kwh)?,
        price: amount("price_per_kWh", new.price_per_kwh)?,
        at,
    };
    let month = Month::of(site.date_at(at));
    // No bill of a running month is issued.
    let is_over = site.day_start(month.next().first()) <= now;
    let concerned =
        if is_over { Some(billed::concerned(core, &site, month, &new).await?) } else { None };
    let mut change = Change::begin(core, who).await?.at(site.id);
    if let Some(concerned) = concerned {
        concerned.refuse_billed(&site, &mut change).await?;
    }
    let trade = trades::insert(&mut *change.db, site.id, &new).await?;
    let subject = format!("trade:{}", trade.id);
    change.commit("trade.post", &subject, &trade).await?;
    Ok(Posted {
        status: "success",
        message: "Trade posted successfully",
        id: trade.id.parse().unwrap_or_default(),
        timestamp: trade.at,
    })
}

/// Whether a meter has energy to sell: its resource is a prosumer; or, without one, its tariff pays for
/// export or its register ever counted any.
async fn is_prosumer(
    core: &Core,
    site: &Site,
    meter: &Meter,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<bool, Error> {
    let pool = core.pool();
    let id: [MeterId; 1] = [meter.id];
    if let Some(side) = storage::bills::resource_sides(pool, &id).await?.get(&meter.id) {
        return Ok(*side == Side::Prosumer);
    }
    let day = site.date_at(at);
    let versions = storage::bills::tariffs::of(pool, site.id).await?;
    let pays = versions.at(Some(meter.id), day);
    if pays.is_some_and(|version| version.terms.prices(Direction::Export)) {
        return Ok(true);
    }
    let until = day.succ_opt().unwrap_or(day);
    Ok(storage::bills::exporting(pool, &id, (None, until)).await?.contains(&meter.id))
}

fn amount(field: &str, given: f64) -> Result<Decimal, Error> {
    let amount = Decimal::from_f64(given).map(|amount| amount.round_dp(DIGITS));
    let most = Decimal::from_f64(MOST);
    amount
        .filter(|amount| *amount > Decimal::ZERO && Some(*amount) <= most)
        .ok_or_else(|| Error::invalid(field, TradeRefusal::Amount { given, most: MOST }))
}

fn refused(code: &'static str, field: &str, refusal: TradeRefusal) -> Error {
    Error::refused(code, refusal).at(field)
}
