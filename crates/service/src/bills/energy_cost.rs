//! What the energy of meters cost in a period: each kWh at the price of its quarter-hour.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::QUARTER;
use domain::energy::window::Window;
use domain::sites::Site;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use storage::energy::PassedAtPrice;

use crate::prices::{PriceBook, placed, stretches};
use crate::{Core, Error};

/// A cost is not told where more of the energy than this stands in no quarter-hour.
const MOST_UNPLACED: f64 = 0.05;

/// The prices of a period, and what was drawn at each where they change within it.
pub(crate) struct Costs {
    book: Arc<PriceBook>,
    window: Window,
    drawn: HashMap<MeterId, Drawn>,
}

/// What a meter drew in the quarter-hours that are computed.
#[derive(Debug, Default, Clone, PartialEq)]
struct Drawn {
    kwh: f64,
    /// None where one of the prices is not known.
    cost: Option<f64>,
    /// Whether the quarter-hours begin and end with the period.
    is_whole: bool,
}

impl Costs {
    /// For the meters that are to be shown.
    pub(crate) async fn load(
        core: &Core,
        site: &Site,
        meters: &[MeterId],
        window: Window,
    ) -> Result<Self, Error> {
        let book = core.prices(site).await?;
        let varies = |id: &MeterId| !book.is_flat_over(Some(*id), window);
        let mut alike: HashMap<_, Vec<MeterId>> = HashMap::new();
        for id in meters.iter().copied().filter(varies) {
            alike.entry(book.assigned(id)).or_default().push(id);
        }
        let mut drawn = HashMap::new();
        for meters in alike.into_values() {
            drawn.extend(drawn_at_prices(core, &book, &meters, window).await?);
        }
        Ok(Self { book, window, drawn })
    }

    /// What a meter's energy cost; none where that is not known.
    pub(crate) fn of(&self, id: MeterId, kwh: f64) -> Option<f64> {
        let price = || self.book.price_now(Some(id), last_instant(self.window))?.to_f64();
        if self.book.is_flat_over(Some(id), self.window) {
            return Some(kwh * price()?);
        }
        let drawn = self.drawn.get(&id)?;
        let rest = kwh - drawn.kwh;
        let is_placed = drawn.is_whole || rest.abs() <= MOST_UNPLACED * kwh.abs();
        Some(drawn.cost.filter(|_| is_placed)? + rest * price()?)
    }
}

/// Of meters that all have the same prices.
async fn drawn_at_prices(
    core: &Core,
    book: &PriceBook,
    meters: &[MeterId],
    window: Window,
) -> Result<HashMap<MeterId, Drawn>, Error> {
    let meter = meters.first().copied();
    let until = |at| book.stay_until(meter, at);
    let stretches = stretches(window, until, |at| book.price_now(meter, at));
    let (prices, starts, places) = placed(&stretches);
    let (pool, last) = (core.pool(), last_instant(window));
    let rows = storage::energy::passed_at_prices(pool, meters, &starts, &places, last).await?;
    let mut of_meter: HashMap<MeterId, Vec<PassedAtPrice>> = HashMap::new();
    for row in rows {
        of_meter.entry(row.meter()).or_default().push(row);
    }
    Ok(of_meter.into_iter().map(|(id, rows)| (id, sum(&rows, &prices, window))).collect())
}

fn last_instant(window: Window) -> DateTime<Utc> {
    window.to - TimeDelta::microseconds(1)
}

fn sum(rows: &[PassedAtPrice], prices: &[Option<Decimal>], window: Window) -> Drawn {
    let cost = |row: &PassedAtPrice| {
        let price = prices.get(row.price()).copied().flatten()?.to_f64()?;
        Some(row.import_kwh * price)
    };
    let first = rows.iter().map(|row| row.first).min();
    let last = rows.iter().map(|row| row.last).max();
    Drawn {
        kwh: rows.iter().map(|row| row.import_kwh).sum(),
        cost: rows.iter().map(cost).sum(),
        is_whole: first.is_some_and(|first| first < window.from + QUARTER)
            && last.is_some_and(|last| last + QUARTER * 2 >= window.to),
    }
}
