//! What the energy of meters cost in a period: each kWh at the price of its quarter-hour.

use std::collections::HashMap;

use domain::MeterId;
use domain::energy::QUARTER;
use domain::energy::window::Window;
use domain::sites::Site;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use storage::energy::AtPrice;

use crate::prices::PriceBook;
use crate::{Core, Error};

/// A cost is not told where more of the energy than this stands in no quarter-hour.
const MOST_UNPLACED: f64 = 0.05;

/// The prices of a period, and what was drawn at each where they change within it.
pub(crate) struct Costs {
    book: PriceBook,
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
        let book = PriceBook::load(core.pool(), site).await?;
        let varies = |id: &MeterId| !book.is_flat_over(Some(*id), window.from, window.to);
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
        let last = self.window.to - chrono::TimeDelta::microseconds(1);
        let price = || self.book.price_now(Some(id), last)?.to_f64();
        let Window { from, to } = self.window;
        if self.book.is_flat_over(Some(id), from, to) {
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
    let stretches = book.stretches(meters.first().copied(), window);
    let mut prices: Vec<Option<Decimal>> = Vec::new();
    let mut at = Vec::with_capacity(stretches.len());
    for (_, price) in &stretches {
        let known = prices.iter().position(|known| known == price);
        at.push(known.unwrap_or(prices.len()));
        if known.is_none() {
            prices.push(*price);
        }
    }
    let at: Vec<i32> = at.into_iter().filter_map(|at| i32::try_from(at).ok()).collect();
    let starts: Vec<_> = stretches.iter().map(|(stretch, _)| stretch.from).collect();
    let pool = core.pool();
    let rows = storage::energy::at_prices(pool, meters, &starts, &at, window.to).await?;
    let mut of_meter: HashMap<MeterId, Vec<AtPrice>> = HashMap::new();
    for row in rows {
        of_meter.entry(row.meter()).or_default().push(row);
    }
    Ok(of_meter.into_iter().map(|(id, rows)| (id, sum(&rows, &prices, window))).collect())
}

fn sum(rows: &[AtPrice], prices: &[Option<Decimal>], window: Window) -> Drawn {
    let cost = |row: &AtPrice| {
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
