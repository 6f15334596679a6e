//! What losses cost: each kWh at the tariff of its time.

use std::collections::HashMap;

use domain::figures::unsigned_zero;
use domain::site::{Site, minor_digits};
use domain::tariff::decimal_kwh;
use domain::window::Window;
use domain::{Kwh, MeterId};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::explain::UsedTariff;
use crate::tariffs::PriceBook;
use crate::{Error, Service};

/// The prices of a window for the losses of nodes.
pub(crate) struct Costs {
    book: PriceBook,
    currency: String,
    window: Window,
    /// Of nodes whose price changes within the window: what the whole hours cost.
    by_hour: HashMap<MeterId, storage::energy::Cost>,
}

impl Costs {
    pub(crate) async fn load(
        service: &Service,
        site: &Site,
        nodes: &[MeterId],
        window: Window,
    ) -> Result<Self, Error> {
        let book = PriceBook::load(service.pool(), site).await?;
        let varies = |node: &&MeterId| !book.is_flat_over(Some(**node), window.from, window.to);
        let varying: Vec<MeterId> = nodes.iter().filter(varies).copied().collect();
        let by_hour = if varying.is_empty() {
            HashMap::new()
        } else {
            storage::energy::costs(service.pool(), &varying, window.from, window.to).await?
        };
        Ok(Self { book, currency: site.currency.clone(), window, by_hour })
    }

    /// What a loss of a node costs. Of a price that changes, the hours that are computed cost what
    /// they did; the rest is taken at the price of the window's end.
    pub(crate) fn of(&self, node: MeterId, loss: Kwh) -> Option<Decimal> {
        let hours = self.by_hour.get(&node);
        let rest = loss.0 - hours.map_or(0.0, |hours| hours.loss_kwh);
        let last = self.window.to - chrono::TimeDelta::microseconds(1);
        let sum = hours.map_or(Decimal::ZERO, |hours| hours.cost);
        let price = self.book.price_at(Some(node), last, 0.0);
        let amount = match price {
            Some(price) => sum.checked_add(decimal(rest)?.checked_mul(price)?)?,
            None => hours.map(|hours| hours.cost)?,
        };
        Some(rounded(amount, &self.currency))
    }

    /// The price that [`Costs::of`] takes.
    pub(super) fn explain(&self, node: MeterId) -> Option<UsedTariff> {
        let price = self.book.price_at(Some(node), self.window.from, 0.0);
        let flat = self.book.is_flat_over(Some(node), self.window.from, self.window.to);
        if price.is_none() && !self.by_hour.contains_key(&node) {
            return None;
        }
        let version = self.book.version_at(Some(node), self.window.from);
        Some(UsedTariff {
            name: version.map(|(name, _)| name.to_owned()),
            valid_from: version.map(|(_, from)| from),
            price: price.filter(|_| flat),
        })
    }
}

/// Half-even to the currency's minor unit.
fn rounded(amount: Decimal, currency: &str) -> Decimal {
    let places = minor_digits(currency);
    let mut rounded = amount.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(places);
    unsigned_zero(rounded)
}

/// A positive or negative amount; none beyond what a decimal holds.
fn decimal(kwh: f64) -> Option<Decimal> {
    decimal_kwh(kwh.abs()).map(|amount| if kwh < 0.0 { -amount } else { amount })
}
