//! A prosumer's own page: today, the month so far, and what was traded.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::bills::view::trades::{Party, TradeRow};
use crate::energy::window::Window;
use crate::month::Month;
use crate::sites::Site;

/// A prosumer's own page.
#[derive(Debug, Clone, PartialEq)]
pub struct MyEnergyPage {
    pub site: Site,
    /// Its time when the page was made.
    pub now: DateTime<Utc>,
    /// Meters to choose from, prosumers first.
    pub parties: Vec<Party>,
    /// The chosen meter; none where there is none to choose.
    pub mine: Option<Mine>,
}

/// What a meter's household sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Mine {
    /// The meter.
    pub party: Party,
    /// Whether it also makes energy.
    pub makes: bool,
    /// Today, whole.
    pub day: Window,
    /// Today, quarter-hour by quarter-hour.
    pub curve: Vec<CurvePoint>,
    /// kWh used and made today.
    pub today: (f64, f64),
    /// kWh sold and bought in trades agreed today.
    pub traded_today: (Decimal, Decimal),
    /// None where the meter is theirs for a part of it: neither side sees the bill then.
    pub month: Option<MonthSoFar>,
    /// Its trades of the month, the newest first.
    pub trades: Vec<TradeRow>,
    /// With whom it may trade.
    pub neighbours: Vec<Party>,
    /// Its issued bills, the newest first: month, number and amount.
    pub bills: Vec<(Month, String, Decimal)>,
}

/// A quarter-hour of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Mean kW used.
    pub use_kw: f64,
    /// Mean kW made.
    pub make_kw: f64,
}

/// A month so far, as the draft of its bill has it.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthSoFar {
    pub month: Month,
    /// What the address calls the draft.
    pub bill: String,
    /// kWh used.
    pub consumed: Decimal,
    /// kWh made.
    pub produced: Decimal,
    /// kWh bought from neighbours that count.
    pub bought: Decimal,
    /// kWh sold to neighbours that count.
    pub sold: Decimal,
    /// To be paid as it stands; a refund where negative.
    pub amount: Decimal,
    /// The same for the whole month, if it goes on as so far; none in its first day.
    pub expected: Option<Decimal>,
}
