//! What a new version of a tariff would change.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::bills::tariff::{Version, Versions, decimal_kwh};
use domain::energy::QUARTER;
use domain::energy::window::Window;
use domain::sites::Site;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::NewTariff;
use super::change::prepared;
use crate::losses::power_loss::{Drawn, meters_of};
use crate::operation::clock;
use crate::people::audit::Change;
use crate::prices::{LostPrice, PriceBook};
use crate::{Action, Core, Error, Principal};

/// Over how long losses are priced with the old and the new prices.
const OVER: TimeDelta = TimeDelta::days(30);

/// What would change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TariffPreview {
    /// The version as it would be.
    pub version: Version,
    /// The version that would end with it.
    pub ends: Option<Version>,
    /// Balances of the past whose costs would be computed again.
    pub balances: i64,
    /// What was lost of late where the version would hold, at the prices now and then.
    pub lost: Repriced,
}

/// Losses by hour, priced twice.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repriced {
    /// Since when.
    pub from: DateTime<Utc>,
    /// What was lost, kWh.
    pub loss_kwh: f64,
    /// What that cost, as a decimal string; null where some of it has no price.
    pub cost_before: Option<Decimal>,
    /// What it would have cost with the new version.
    pub cost_after: Option<Decimal>,
    /// ISO 4217 code of both.
    pub currency: String,
}

/// Says what a version would change; it is stored, looked at, and taken back.
pub async fn preview(core: &Core, who: &Principal, new: NewTariff) -> Result<TariffPreview, Error> {
    let (site, prepared) = prepared(core, who, Action::Administer, new).await?;
    let book = PriceBook::load(core.pool(), &site).await?;
    let given = storage::bills::tariffs::of(core.pool(), site.id).await?.assignments;
    let mut change = Change::begin(core, who).await?;
    let (stored, ended) = prepared.store(&mut change).await?;
    let since = site.day_start(stored.valid_from);
    let balances = storage::recount::zones::balances(&mut *change.db, site.id, Some(since)).await?;
    let versions = storage::bills::tariffs::list(&mut *change.db, site.id).await?;
    change.db.rollback().await.map_err(storage::Error::from)?;
    let then = Versions { versions, assignments: given };
    Ok(TariffPreview {
        lost: repriced(core, &site, &book, &then, &stored).await?,
        version: stored,
        ends: ended.map(|(_, ended)| ended),
        balances,
    })
}

async fn repriced(
    core: &Core,
    site: &Site,
    book: &PriceBook,
    then: &Versions,
    version: &Version,
) -> Result<Repriced, Error> {
    let from = clock::now(core, site) - OVER;
    let (mut before, mut after) = (Some(Decimal::ZERO), Some(Decimal::ZERO));
    let (mut kwh, mut exporting) = (0.0, HashMap::new());
    let (mut drawn_before, mut drawn_after) = (Drawn::default(), Drawn::default());
    let new_book = PriceBook::always(site, version);
    let to = clock::now(core, site);
    let tree = core.trees(site).await?.at_end(Window { from, to });
    for (node, hour, lost) in storage::recount::zones::lost(core.pool(), site.id, from).await? {
        let payer = book.payer(&tree, node, site.date_at(hour));
        if then.at(payer, version.valid_from).is_none_or(|priced| priced.id != version.id) {
            continue;
        }
        kwh += lost;
        let exporting: &HashSet<_> = match exporting.entry(payer) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(unread) => {
                let (old, new, window) = ((site, book), (site, &new_book), Window { from, to });
                drawn_before.read(core.pool(), old, payer, window).await?;
                drawn_after.read(core.pool(), new, payer, window).await?;
                let meters = meters_of(payer, &tree);
                let quarters = storage::energy::exporting(core.pool(), &meters, from, to).await?;
                unread.insert(quarters.into_iter().collect())
            }
        };
        for quarter in (0..4).map(|quarter| hour + QUARTER * quarter) {
            let exports = exporting.contains(&quarter);
            let cost =
                |price: Option<LostPrice>| price?.per_kwh.checked_mul(decimal_kwh(lost / 4.0)?);
            let was = cost(drawn_before.price((site, book), payer, quarter, exports));
            let new = cost(drawn_after.price((site, &new_book), payer, quarter, exports));
            before = before.zip(was).map(|(sum, it)| sum + it);
            after = after.zip(new).map(|(sum, it)| sum + it);
        }
    }
    let rounded = |cost: Option<Decimal>| {
        cost.map(|cost| cost.round_dp(domain::sites::minor_digits(&site.currency)))
    };
    Ok(Repriced {
        from,
        loss_kwh: kwh,
        cost_before: rounded(before),
        cost_after: rounded(after),
        currency: site.currency.clone(),
    })
}
