//! What of a month's trades counts, by what the meters counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::MeterId;
use domain::bill::{Month, Side, month_kwh};
use domain::settlement::{Energy, Settled, settle};
use domain::site::Site;
use sqlx::PgPool;

use crate::Error;

/// The trades of a site's month, settled, in the order in which they count.
pub(crate) async fn of_month(
    pool: &PgPool,
    site: &Site,
    month: Month,
) -> Result<Vec<Settled>, Error> {
    let days = month.days();
    let (from, to) = (site.day_start(days.start), site.day_start(days.end));
    let trades = storage::trades::between(pool, site.id, from, to).await?;
    let meters: BTreeSet<MeterId> =
        trades.iter().flat_map(|trade| [trade.buyer, trade.seller]).collect();
    let meters: Vec<MeterId> = meters.into_iter().collect();
    if meters.is_empty() {
        return Ok(Vec::new());
    }
    let totals = storage::bills::totals(pool, &meters, days.start, days.end).await?;
    let sides = storage::bills::resource_sides(pool, &meters).await?;
    let energy = |(meter, (import, export)): (MeterId, (f64, f64))| {
        let sells = sides.get(&meter) != Some(&Side::Consumer);
        let produced = if sells { month_kwh(export) } else { month_kwh(0.0) };
        (meter, Energy { consumed: month_kwh(import), produced })
    };
    let metered: BTreeMap<MeterId, Energy> = totals.into_iter().map(energy).collect();
    Ok(settle(&trades, &metered))
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
