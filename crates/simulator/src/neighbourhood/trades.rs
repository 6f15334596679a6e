//! Energy that neighbours sell to each other.

use domain::simulation::ResourceType;
use rust_decimal::Decimal;

use super::{Kind, Member, SEED};
use crate::plant::noise::Noise;

/// Trades of a month.
const A_MONTH: i64 = 36;
/// Days in which they are made: every month has them.
const DAYS: i64 = 28;
/// The smallest trade and what it may be larger, in tenths of a kWh.
const UNITS: (i64, i64) = (30, 150);
/// The lowest price and what it may be higher, in hundredths: more than the grid pays for what it is
/// given, less than it asks.
const PRICE: (i64, i64) = (430, 140);

/// What one neighbour sells to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trade {
    /// Number of the buyer's meter.
    pub buyer: String,
    /// Number of the seller's meter: a prosumer's.
    pub seller: String,
    /// kWh.
    pub units_kwh: Decimal,
    /// Price of a kWh in the site's currency.
    pub price_per_kwh: Decimal,
    /// Day of the month, from 0.
    pub day: u32,
    /// Minute of the day.
    pub minute: u32,
}

/// The trades of a month, in their order.
pub fn trades(members: &[Member], year: i32, month: u32) -> Vec<Trade> {
    let of = |wanted: ResourceType| -> Vec<&Member> {
        let is = |member: &&Member| {
            member.kind == Kind::Household
                && member.resource.as_ref().is_some_and(|resource| resource.kind == wanted)
        };
        members.iter().filter(is).collect()
    };
    let (sellers, buyers) = (of(ResourceType::Prosumer), of(ResourceType::Consumer));
    if sellers.is_empty() || buyers.is_empty() {
        return Vec::new();
    }
    let noise = Noise::new(SEED).stream(u64::from(year.unsigned_abs()) * 12 + u64::from(month));
    let mut trades: Vec<Trade> = (0..A_MONTH)
        .map(|i| {
            let noise = noise.stream(i.unsigned_abs());
            let pick = |stream: u64, count: usize| {
                let limit = i64::try_from(count).unwrap_or(1);
                usize::try_from(noise.stream(stream).below(limit)).unwrap_or(0)
            };
            let (buyer, seller) = (buyers[pick(1, buyers.len())], sellers[pick(2, sellers.len())]);
            let within = |stream: u64, (least, more): (i64, i64)| {
                least + noise.stream(stream).below(more + 1)
            };
            Trade {
                buyer: buyer.number.clone(),
                seller: seller.number.clone(),
                units_kwh: Decimal::new(within(3, UNITS), 1),
                price_per_kwh: Decimal::new(within(4, PRICE), 2),
                day: u32::try_from(within(5, (0, DAYS - 1))).unwrap_or(0),
                minute: u32::try_from(within(6, (7 * 60, 14 * 60))).unwrap_or(0),
            }
        })
        .collect();
    trades.sort_by_key(|trade| (trade.day, trade.minute));
    trades
}
