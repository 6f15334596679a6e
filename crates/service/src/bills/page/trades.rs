//! The page of trades, and the parties that trade.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::{Party, Side};
use domain::meters::hierarchy::Tree;
use domain::month::Month;
use domain::sites::Site;

use crate::bills::billed::Billed;
use crate::bills::page::{asked_month, shown};
use crate::bills::trades::{self, TradeView};
use crate::operation::clock;
use crate::pages::Query;
use crate::{Action, Core, Error, Principal};

/// The page of trades.
#[derive(Debug, Clone, PartialEq)]
pub struct TradesPage {
    pub site: Site,
    /// Its time when the page was made.
    pub now: DateTime<Utc>,
    /// The month that is shown.
    pub month: Month,
    /// The newest first.
    pub trades: Vec<TradeRow>,
    /// Those who may sell.
    pub sellers: Vec<Party>,
    /// Those who may buy.
    pub buyers: Vec<Party>,
}

/// A trade in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct TradeRow {
    pub trade: TradeView,
    /// Name of the meter that buys.
    pub buyer_name: String,
    /// Name of the meter that sells.
    pub seller_name: String,
    /// Whether its month is over, so that no more will count.
    pub is_final: bool,
}

/// The trades of a month, and the form for a new one.
pub async fn trades(core: &Core, who: &Principal, query: &Query) -> Result<TradesPage, Error> {
    let (site, billed) = shown(core, who, query).await?;
    let now = clock::now(core, &site);
    let running = Month::of(site.date_at(now));
    let month = asked_month(core, &site, query)?.unwrap_or(running);
    let may_post = who.may(Action::Trade, site.id);
    let parties = if may_post { parties(core, &site, month).await? } else { Vec::new() };
    let rows = rows(core, &site, month, &billed).await?;
    let only = |role: Option<Side>| {
        let which = parties.iter().filter(|(_, of)| role.is_none_or(|role| *of == role));
        which.map(|(party, _)| party.clone()).collect()
    };
    Ok(TradesPage {
        now,
        month,
        trades: rows,
        sellers: only(Some(Side::Prosumer)),
        buyers: only(None),
        site,
    })
}

/// The trades of a month, the newest first.
pub(crate) async fn rows(
    core: &Core,
    site: &Site,
    month: Month,
    billed: &Billed,
) -> Result<Vec<TradeRow>, Error> {
    let listed = trades::listed(core, site, month, billed).await?;
    let known = core.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let is_final = clock::now(core, site) >= site.day_start(month.next().first());
    Ok(listed.into_iter().rev().map(|trade| row(&tree, trade, is_final)).collect())
}

fn row(tree: &Tree, trade: TradeView, is_final: bool) -> TradeRow {
    let name = |id: MeterId, number: &String| {
        tree.get(id).map_or_else(|| number.clone(), |meter| meter.name.clone())
    };
    let buyer_name = name(trade.buyer_meter_id, &trade.buyer_meter_number);
    let seller_name = name(trade.seller_meter_id, &trade.seller_meter_number);
    TradeRow { trade, buyer_name, seller_name, is_final }
}

/// The meters that are billed in a month, in order of their numbers, with the side they are billed as.
pub(crate) async fn parties(
    core: &Core,
    site: &Site,
    month: Month,
) -> Result<Vec<(Party, Side)>, Error> {
    let (from, to) = (site.day_start(month.first()), site.day_start(month.next().first()));
    let pool = core.pool();
    let meters = storage::bills::to_bill(pool, site.id, from, to).await?;
    let roles = storage::bills::resource_sides(pool, &meters).await?;
    // Of the others their days tell, all of them.
    let others: Vec<MeterId> =
        meters.iter().filter(|id| !roles.contains_key(*id)).copied().collect();
    let exporting = storage::bills::exporting(pool, &others, (None, month.next().first())).await?;
    let known = core.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let mut found: Vec<_> = meters
        .into_iter()
        .filter_map(|id| {
            let meter = tree.get(id)?;
            let by_data = if exporting.contains(&id) { Side::Prosumer } else { Side::Consumer };
            let role = roles.get(&id).copied().unwrap_or(by_data);
            let (number, name) = (meter.number.clone(), meter.name.clone());
            Some((Party { id, number, name }, role))
        })
        .collect();
    found.sort_by(|(one, _), (other, _)| one.number.cmp(&other.number));
    Ok(found)
}
