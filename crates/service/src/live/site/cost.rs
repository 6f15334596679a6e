//! What losses cost now, and today.

use chrono::{DateTime, Utc};
use domain::energy::QUARTER;
use domain::energy::register_history::GRAIN;
use domain::energy::window::Window;
use domain::figures::unsigned_zero;
use domain::losses::balance::Balance;
use domain::sites::minor_digits;
use domain::{Kwh, MeterId};
use rust_decimal::prelude::FromPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::energy::window_energy::WindowEnergy;
use crate::live::SiteLive;
use crate::losses::power_loss::meters_of;

impl SiteLive {
    /// What a kWh costs that is lost at a node, or on the site, in the quarter-hour that ends at an instant
    /// or is under way then: what export earns if the payer exported over the 15 minutes up to it. None
    /// where that is not known.
    pub(crate) fn price(&self, node: Option<MeterId>, until: DateTime<Utc>) -> Option<Decimal> {
        let at = until - GRAIN;
        let book = self.prices.as_ref()?;
        let payer = node.and_then(|node| book.payer(&self.tree, node, self.site.date_at(at)));
        let exports = match payer {
            Some(meter) => self.net([meter], until) < 0.0,
            None => *self
                .exported
                .lock()
                .entry(until)
                .or_insert_with(|| self.net(meters_of(None, &self.tree), until) < 0.0),
        };
        Some(self.drawn.price((&self.site, book), payer, at, exports)?.per_kwh)
    }

    /// The energy of meters over the quarter-hour up to an instant, import less export, as far as it is known.
    fn net(&self, meters: impl IntoIterator<Item = MeterId>, until: DateTime<Utc>) -> f64 {
        let net = |id| Some(self.trails.get(&id)?.told(until - QUARTER, until)?.net().0);
        meters.into_iter().filter_map(net).sum()
    }

    /// What the loss of a day cost: up to a quarter-hour as it is stored, and since then at the price of
    /// now. Of the site it is what its nodes lost, or its boundary where one of them is not complete; else
    /// what the complete nodes lost.
    pub(crate) fn loss_cost(&self, day: &WindowEnergy) -> Option<Decimal> {
        let nodes: Vec<(MeterId, Balance)> = day
            .nodes()
            .into_iter()
            .filter_map(|node| Some((node.id, day.balance(node.id)?.balance)))
            .collect();
        if nodes.iter().any(|(_, balance)| balance.loss.is_none())
            && let Some(loss) = day.boundary().loss
        {
            return self.cost_of(None, loss, day.window);
        }
        let complete = nodes.iter().filter_map(|(node, balance)| Some((*node, balance.loss?)));
        let costs = complete.map(|(node, loss)| self.cost_of(Some(node), loss, day.window));
        costs.reduce(|a, b| a?.checked_add(b?)).flatten()
    }

    /// What the loss of a node, or of the boundary, cost.
    fn cost_of(&self, node: Option<MeterId>, loss: Kwh, window: Window) -> Option<Decimal> {
        let (before, paid) = match self.stored_in(window) {
            Some(today) => *today.lost.get(&node)?,
            None => (Kwh::ZERO, Decimal::ZERO),
        };
        let price = self.price(node, window.to)?;
        let since = Decimal::from_f64((loss - before).0)?.checked_mul(price)?;
        Some(self.rounded(paid.checked_add(since)?))
    }

    /// What an amount of energy costs.
    pub(crate) fn cost(&self, kwh: f64, price: Decimal) -> Option<Decimal> {
        Decimal::from_f64(kwh)?.checked_mul(price).map(|amount| self.rounded(amount))
    }

    /// Half-even to the currency's minor unit.
    pub(super) fn rounded(&self, amount: Decimal) -> Decimal {
        let even = RoundingStrategy::MidpointNearestEven;
        unsigned_zero(amount.round_dp_with_strategy(minor_digits(&self.site.currency), even))
    }
}
