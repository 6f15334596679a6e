//! What of a month's trades counts, by what the meters counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::settlement::{Energy, Settled, Trade, settle};
use domain::bills::{Side, month_kwh};
use domain::month::Month;
use domain::sites::Site;
use sqlx::PgPool;

use crate::{Error, bills};

/// The trades of a month, and what the meters counted that take part in them.
pub(super) struct Market {
    pub(super) trades: Vec<Trade>,
    metered: BTreeMap<MeterId, Energy>,
}

impl Market {
    /// What of some trades counts, in the order in which they count.
    pub(super) fn settled(&self, trades: &[Trade]) -> Vec<Settled> {
        settle(trades, &self.metered)
    }
}

/// When a month begins and ends.
pub(super) fn bounds(site: &Site, month: Month) -> (DateTime<Utc>, DateTime<Utc>) {
    let days = month.days();
    (site.day_start(days.start), site.day_start(days.end))
}

/// The market of a site's month, with the meters of its trades and some more.
pub(super) async fn market(
    pool: &PgPool,
    site: &Site,
    month: Month,
    others: &[MeterId],
) -> Result<Market, Error> {
    let (from, to) = bounds(site, month);
    let trades = storage::bills::trades::between(pool, site.id, from, to).await?;
    let parties = trades.iter().flat_map(|trade| [trade.buyer, trade.seller]);
    let meters: BTreeSet<MeterId> = parties.chain(others.iter().copied()).collect();
    let meters: Vec<MeterId> = meters.into_iter().collect();
    if meters.is_empty() {
        return Ok(Market { trades, metered: BTreeMap::new() });
    }
    let sides = async { Ok::<_, Error>(storage::bills::resource_sides(pool, &meters).await?) };
    let (totals, sides) = tokio::try_join!(bills::energy(pool, site, month, &meters), sides)?;
    let energy = |(meter, (consumed, produced)): (MeterId, (f64, f64))| {
        let sells = sides.get(&meter) != Some(&Side::Consumer);
        let produced = if sells { month_kwh(produced) } else { month_kwh(0.0) };
        (meter, Energy { consumed: month_kwh(consumed), produced })
    };
    Ok(Market { trades, metered: totals.into_iter().map(energy).collect() })
}

/// The trades of a site's month, settled, in the order in which they count.
pub(crate) async fn of_month(
    pool: &PgPool,
    site: &Site,
    month: Month,
) -> Result<Vec<Settled>, Error> {
    let market = market(pool, site, month, &[]).await?;
    Ok(market.settled(&market.trades))
}

/// The trades by the meters that take part in them.
pub(crate) fn by_meter(settled: &[Settled]) -> HashMap<MeterId, Vec<Settled>> {
    let mut found: HashMap<MeterId, Vec<Settled>> = HashMap::new();
    for settled in settled {
        for meter in [settled.trade.buyer, settled.trade.seller] {
            found.entry(meter).or_default().push(settled.clone());
        }
    }
    found
}
