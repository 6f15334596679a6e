//! Losses, demand and cost, as they are now.

use rust_decimal::Decimal;

use super::*;
use crate::live::BalanceLive;
use crate::losses::balance::Verdict;

fn above(kind: Kind, raise: f64, clear: f64) -> Terms {
    let limits = Some(Limits { direction: Direction::Above, raise, clear });
    Terms { limits, ..kind.usual() }
}

/// A node into which 200 kW flow.
fn losing(loss_kw: Option<f64>, error_kw: f64, verdict: Verdict) -> BalanceLive {
    BalanceLive {
        in_kw: 200.0,
        loss_kw,
        error_kw,
        loss_percent: loss_kw.map(|kw| kw / 2.0),
        cost_per_hour: loss_kw.map(|_| Decimal::new(25, 1)),
        verdict,
        ..BalanceLive::nothing()
    }
}

#[test]
fn a_loss_is_an_alarm_beyond_its_limit_and_its_error_band() {
    use Position::{Between, Beyond, Unknown, Within};
    let meter = meter();
    let kw = above(Kind::Loss, 10.0, 8.0);
    let percent = above(Kind::LossPercent, 5.0, 4.0);
    let cost = above(Kind::LossCost, 50.0, 50.0);
    let idle = BalanceLive { in_kw: 0.0, ..losing(Some(0.0), 0.0, Verdict::WithinError) };
    let unpriced = BalanceLive { cost_per_hour: None, ..losing(Some(12.0), 1.0, Verdict::Loss) };
    let silent = || losing(None, 0.0, Verdict::Incomplete);
    for (terms, balance, position, text) in [
        (&kw, losing(Some(12.4), 1.0, Verdict::Loss), Beyond, "12.4 kW is lost, above 10 kW"),
        (&kw, losing(Some(12.4), 15.0, Verdict::WithinError), Between, ""),
        (&kw, losing(Some(9.0), 1.0, Verdict::Loss), Between, ""),
        (&kw, losing(Some(2.0), 15.0, Verdict::WithinError), Within, ""),
        (&kw, losing(Some(-30.0), 1.0, Verdict::Negative), Within, ""),
        (&kw, silent(), Unknown, ""),
        (
            &percent,
            losing(Some(12.4), 1.0, Verdict::Loss),
            Beyond,
            "6.2 % of what flows in is lost, above 5 %",
        ),
        (&percent, idle, Within, ""),
        (
            &cost,
            losing(Some(12.4), 1.0, Verdict::Loss),
            Beyond,
            "The loss costs 60 EUR/d, above 50 EUR/d",
        ),
        (&cost, unpriced, Unknown, ""),
        (&cost, silent(), Unknown, ""),
    ] {
        let seen = Seen { balance: Some(&balance), ..Seen::nothing(&meter) };
        let measured = measure(&rule(terms.clone()), &seen);
        assert_eq!(measured.position, position, "{balance:?}");
        if position == Beyond {
            assert_eq!(said(terms, &measured), text);
        }
    }
    let leaf = measure(&rule(kw), &Seen::nothing(&meter));
    assert_eq!(leaf.position, Unknown, "what is no node has no loss");
}

#[test]
fn a_rule_covers_a_loss_of_its_nodes_with_a_limit_that_the_loss_reaches() {
    let node = meter().id;
    let balance = losing(Some(12.4), 1.0, Verdict::Loss);
    let unpriced = BalanceLive { cost_per_hour: None, ..balance.clone() };
    let covers = |terms: &Terms| rule(terms.clone()).covers(node, &balance);
    for (kind, at_most, too_high) in
        [(Kind::Loss, 13.0, 13.5), (Kind::LossPercent, 6.2, 6.5), (Kind::LossCost, 60.0, 61.0)]
    {
        assert!(covers(&above(kind, 1.0, 1.0)) && covers(&above(kind, at_most, 1.0)), "{kind:?}");
        assert!(!covers(&above(kind, too_high, 1.0)), "{kind:?}");
    }
    assert!(!covers(&above(Kind::Demand, 1.0, 1.0)), "a demand is no loss");
    let kw = above(Kind::Loss, 10.0, 10.0);
    assert!(!covers(&Terms { enabled: false, ..kw.clone() }));
    let of = |meter| Rule { meter: Some(meter), ..rule(kw.clone()) };
    assert!(of(node).covers(node, &balance));
    assert!(!of(MeterId(node.0 + 1)).covers(node, &balance), "it is of another node");
    assert!(!rule(above(Kind::LossCost, 1.0, 1.0)).covers(node, &unpriced));
}

#[test]
fn demand_and_cost_are_held_against_their_limits() {
    let meter = meter();
    let terms = above(Kind::Demand, 100.0, 95.0);
    let heading = |demand| measure(&rule(terms.clone()), &Seen { demand, ..Seen::nothing(&meter) });
    let demand = heading(Some(Demand { projected_kw: 104.0, minutes: 30 }));
    assert_eq!(demand.position, Position::Beyond);
    let text = "The demand of these 30 min is heading for 104 kW, above 100 kW";
    assert_eq!(said(&terms, &demand), text);
    assert_eq!(heading(None).position, Position::Unknown);

    let terms = above(Kind::Cost, 20.0, 20.0);
    let cost = |amount| {
        let cost = Some(CostToday { amount, usual: 110.0 });
        measure(&rule(terms.clone()), &Seen { cost, ..Seen::nothing(&meter) })
    };
    let text = "Today cost 25 EUR more than the usual 110 EUR by this time, above 20 EUR";
    assert_eq!(said(&terms, &cost(135.0)), text);
    let positions = [135.0, 130.0, 90.0].map(|amount| cost(amount).position);
    assert_eq!(positions, [Position::Beyond, Position::Within, Position::Within]);
    assert_eq!(title(&terms, "EUR").message, "Cost above normal above 20 EUR");
}

#[test]
fn limits_of_what_is_lost_are_above_it_and_shares_are_no_more_than_all() {
    let fault = |terms: Terms| terms.check().unwrap_err().field;
    assert_eq!(fault(above(Kind::LossPercent, 120.0, 90.0)), "raise");
    assert_eq!(fault(above(Kind::Loss, -1.0, -2.0)), "raise");
    assert_eq!(fault(Kind::Loss.usual()), "raise", "no limit is usual");
    let below = Some(Limits { direction: Direction::Below, raise: 1.0, clear: 2.0 });
    assert_eq!(fault(Terms { limits: below, ..Kind::Demand.usual() }), "direction");
}

#[test]
fn a_suggested_limit_is_just_above_the_present_figure() {
    for (present, limit) in [
        (21.4, Some(22.0)),
        (20.0, Some(20.0)),
        (0.348, Some(0.35)),
        (99.5, Some(100.0)),
        (1_234.0, Some(1_300.0)),
        (0.0, None),
        (-3.0, None),
        (f64::NAN, None),
    ] {
        assert_eq!(suggested_limit(present), limit, "{present}");
    }
}
