use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Energy, Settled, Trade, settle};
use crate::MeterId;

fn start() -> DateTime<Utc> {
    "2025-05-10T12:00:00Z".parse().unwrap()
}

fn trade(id: &str, minutes: i64, (seller, buyer): (i64, i64), units: i64) -> Trade {
    Trade {
        id: id.to_owned(),
        at: start() + TimeDelta::minutes(minutes),
        buyer: MeterId(buyer),
        seller: MeterId(seller),
        units: units.into(),
        price: Decimal::from(5),
    }
}

fn metered(meters: &[(i64, i64, i64)]) -> BTreeMap<MeterId, Energy> {
    let energy = |(meter, consumed, produced): &(i64, i64, i64)| {
        let energy = Energy { consumed: (*consumed).into(), produced: (*produced).into() };
        (MeterId(*meter), energy)
    };
    meters.iter().map(energy).collect()
}

fn counted(settled: &[Settled]) -> Vec<(&str, i64)> {
    let one = |settled: &Settled| i64::try_from(settled.settled).unwrap();
    settled.iter().map(|settled| (settled.trade.id.as_str(), one(settled))).collect()
}

#[test]
fn a_trade_that_both_can_keep_counts_in_full() {
    let settled = settle(&[trade("a", 0, (1, 2), 30)], &metered(&[(1, 0, 120), (2, 150, 0)]));
    assert_eq!(counted(&settled), [("a", 30)]);
    assert_eq!(settled[0].unsettled(), Decimal::ZERO);
}

#[test]
fn who_agreed_first_is_served_first_and_of_one_time_the_lower_id() {
    let meters = metered(&[(1, 0, 50), (2, 100, 0), (3, 100, 0)]);
    let trades =
        [trade("late", 9, (1, 2), 40), trade("b", 0, (1, 2), 20), trade("a", 0, (1, 3), 25)];
    let settled = settle(&trades, &meters);
    assert_eq!(counted(&settled), [("a", 25), ("b", 20), ("late", 5)]);
    assert_eq!(settled[2].unsettled(), Decimal::from(35));
}

#[test]
fn nobody_buys_more_than_they_consumed_or_sells_what_they_have_not() {
    let meters = metered(&[(1, 0, 500), (2, 10, 0), (4, 90, 0)]);
    let trades = [
        trade("a", 0, (1, 2), 30),
        trade("b", 1, (1, 2), 30),
        trade("unknown seller", 2, (3, 4), 30),
    ];
    let settled = settle(&trades, &meters);
    assert_eq!(counted(&settled), [("a", 10), ("b", 0), ("unknown seller", 0)]);
}

/// Trades among five meters, with times and ids drawn by chance.
fn market() -> impl Strategy<Value = (Vec<Trade>, BTreeMap<MeterId, Energy>)> {
    let one = (0..5_i64, 0..5_i64, 1..80_i64, 0..10_i64, 0..1000_u32);
    let trades = proptest::collection::vec(one, 0..30);
    let energy = proptest::collection::vec((0..150_i64, 0..150_i64), 4);
    (trades, energy).prop_map(|(trades, energy)| {
        let trades = trades.into_iter().filter(|(seller, buyer, ..)| seller != buyer);
        let made = trades.map(|(seller, buyer, units, minutes, id)| {
            trade(&format!("{id:04}"), minutes, (seller, buyer), units)
        });
        let meters: Vec<_> = (0..).zip(energy).map(|(meter, (c, p))| (meter, c, p)).collect();
        (made.collect(), metered(&meters))
    })
}

proptest! {
    #[test]
    fn nothing_is_sold_twice_and_nothing_is_bought_twice((trades, meters) in market()) {
        let settled = settle(&trades, &meters);
        prop_assert_eq!(settled.len(), trades.len());
        for meter in (0..5).map(MeterId) {
            let energy = meters.get(&meter).copied().unwrap_or_default();
            let sum = |of: fn(&Trade) -> MeterId| -> Decimal {
                settled.iter().filter(|s| of(&s.trade) == meter).map(|s| s.settled).sum()
            };
            prop_assert!(sum(|trade| trade.seller) <= energy.produced);
            prop_assert!(sum(|trade| trade.buyer) <= energy.consumed);
        }
        for one in &settled {
            prop_assert!(one.settled >= Decimal::ZERO && one.settled <= one.trade.units);
        }
    }

    #[test]
    fn what_is_unsettled_could_not_have_been_served((trades, meters) in market()) {
        let mut left = meters.clone();
        for one in settle(&trades, &meters) {
            let to_sell = left.get(&one.trade.seller).map_or(Decimal::ZERO, |e| e.produced);
            let to_buy = left.get(&one.trade.buyer).map_or(Decimal::ZERO, |e| e.consumed);
            prop_assert!(one.unsettled().is_zero() || one.settled == to_sell.min(to_buy));
            if let Some(energy) = left.get_mut(&one.trade.seller) { energy.produced -= one.settled; }
            if let Some(energy) = left.get_mut(&one.trade.buyer) { energy.consumed -= one.settled; }
        }
    }

    #[test]
    fn the_order_in_which_trades_are_given_is_of_no_matter((trades, meters) in market()) {
        let mut distinct = trades;
        distinct.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        distinct.dedup_by(|a, b| (a.at, &a.id) == (b.at, &b.id));
        let mut turned = distinct.clone();
        turned.reverse();
        prop_assert_eq!(settle(&distinct, &meters), settle(&turned, &meters));
    }
}
