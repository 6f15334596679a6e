//! What of the energy of a month passed between the meter and the grid.

use rust_decimal::Decimal;

use super::{Inputs, Point, Side};
use crate::MeterId;
use crate::bills::settlement::Settled;
use crate::bills::tariff::{Quarter, decimal_kwh, spread};

/// Digits after the point of a month's energy: a milliwatt-hour. Sums of floats agree this far,
/// whatever they were summed in.
const KWH_DIGITS: u32 = 6;

/// Energy of a month as it is billed, from the sum of its intervals.
pub fn month_kwh(sum: f64) -> Decimal {
    decimal_kwh(sum.max(0.0)).unwrap_or_default().round_dp(KWH_DIGITS).normalize()
}

/// The energy of a month, and what of it the grid charges and credits.
pub(super) struct Grid {
    pub(super) consumed: Decimal,
    pub(super) produced: Decimal,
    pub(super) bought: Decimal,
    pub(super) sold: Decimal,
    pub(super) used: Decimal,
    pub(super) exported: Decimal,
    /// What the grid charges and credits of each interval.
    pub(super) quarters: Vec<Quarter>,
}

impl Grid {
    pub(super) fn of(inputs: &Inputs) -> Self {
        let sum = |of: fn(&Point) -> f64| month_kwh(inputs.series.iter().map(of).sum());
        let consumed = sum(|point| point.import);
        let produced = match inputs.side {
            Side::Consumer => Decimal::ZERO,
            Side::Prosumer => sum(|point| point.export),
        };
        let traded = |side: fn(&Settled) -> MeterId| -> Decimal {
            let mine = inputs.trades.iter().filter(|settled| side(settled) == inputs.meter);
            mine.map(|settled| settled.settled).sum::<Decimal>().normalize()
        };
        let bought = traded(|settled| settled.trade.buyer);
        let sold = traded(|settled| settled.trade.seller);
        let left = |all: Decimal, gone: Decimal| (all - gone).max(Decimal::ZERO).normalize();
        let (used, exported) = (left(consumed, bought), left(produced, sold));
        let metered: Vec<Quarter> = inputs.series.iter().filter_map(quarter).collect();
        Self {
            quarters: spread(&metered, used, exported),
            consumed,
            produced,
            bought,
            sold,
            used,
            exported,
        }
    }
}

fn quarter(point: &Point) -> Option<Quarter> {
    Quarter::metered(point.start, point.import.max(0.0), point.export.max(0.0), point.coverage)
}
