//! What the overview says: the state of a site, and what goes in and out. The words are the reader's.

pub mod comparison;
pub mod portfolio;
pub mod start;
pub mod view;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::MeterId;
use crate::figures::currency_sign;
use crate::live::{NodeLive, SiteCard, Snapshot};
use crate::losses::balance::Verdict;
use crate::meters::SourceKind;

/// The state of a site, to be said in one line.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    NoMeters,
    /// No meter hangs below another, so there is no loss to tell.
    NoNodes {
        /// Mean power in, kW.
        in_kw: f64,
    },
    /// Too little has been read for a balance.
    Waiting,
    /// A meter that is needed is silent.
    Silent {
        /// Its name.
        name: String,
        /// How many others are.
        others: usize,
        /// Since when; none where it was never read.
        since: Option<DateTime<Utc>>,
    },
    /// The loss is within the measuring error.
    Balanced {
        /// The loss, kW.
        kw: f64,
        /// Half the error band, kW.
        error_kw: f64,
    },
    /// More comes out than goes in.
    Negative {
        /// By how much, kW.
        kw: f64,
    },
    /// More goes in than comes out.
    Losing {
        /// The loss, kW.
        kw: f64,
        /// The same as a percentage of the input.
        percent: Option<f64>,
        /// The node that loses most, and its percentage of the loss; none where the losses of nodes are
        /// partly taken back by negative ones, so that no share can be told.
        most: Option<(String, f64)>,
    },
}

/// What stands behind the state.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Cost of the loss per hour, as far as it is probably real, and what a kWh costs; where a price is
    /// known and there is such a loss.
    pub cost: Option<(Decimal, Decimal)>,
    /// The loss of the nodes where a meter probably reads wrong, kW; none without such a node.
    pub metering_kw: Option<f64>,
    /// The window of the balance; none before the first.
    pub window: Option<Balanced>,
    /// Today's loss; none where it cannot be known.
    pub today: Option<Today>,
}

/// The window of a balance and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balanced {
    /// Its end.
    pub until: DateTime<Utc>,
    /// Half the error band, kW.
    pub error_kw: f64,
    /// Least coverage, 0 to 1.
    pub coverage: f64,
}

/// What was lost since midnight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Today {
    /// kWh.
    pub kwh: f64,
    pub cost: Option<Decimal>,
    /// Least coverage, 0 to 1.
    pub coverage: f64,
}

/// A site's time of day at an instant, such as 14:45.
pub fn clock(site: &SiteCard, at: DateTime<Utc>) -> String {
    let minutes = at.timestamp().div_euclid(60) + i64::from(site.utc_offset_minutes);
    let of_day = minutes.rem_euclid(24 * 60);
    format!("{:02}:{:02}", of_day / 60, of_day % 60)
}

/// An amount of money with its currency's sign: whole units from 100 up, else two places.
pub fn money(amount: Decimal, currency: &str) -> String {
    let digits = if amount.abs() >= Decimal::ONE_HUNDRED { 0 } else { 2 };
    let rounded = amount.round_dp(digits).abs();
    let text = rounded.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let grouped: Vec<_> = whole.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    let sign = if amount.is_sign_negative() && !rounded.is_zero() { "\u{2212}" } else { "" };
    let point = if digits == 0 { String::new() } else { format!(".{fraction:0<2}") };
    format!("{sign}{}{}{point}", currency_sign(currency), grouped.join(","))
}

/// The state of a site.
pub fn state(snapshot: &Snapshot) -> State {
    let whole = &snapshot.whole;
    if snapshot.meters.is_empty() {
        return State::NoMeters;
    }
    if !snapshot.meters.iter().any(|card| card.parent.is_some()) {
        return State::NoNodes { in_kw: whole.in_kw };
    }
    match (whole.verdict, whole.loss_kw) {
        (Verdict::Incomplete, _) | (_, None) => silence(snapshot),
        (Verdict::WithinError, Some(kw)) => State::Balanced { kw, error_kw: whole.error_kw },
        (Verdict::Negative, Some(kw)) => State::Negative { kw: kw.abs() },
        (Verdict::Loss, Some(kw)) => {
            State::Losing { kw, percent: whole.loss_percent, most: largest(snapshot) }
        }
    }
}

/// The node that loses most, with its share of the loss.
fn largest(snapshot: &Snapshot) -> Option<(String, f64)> {
    let lossy = snapshot.hotspots.iter().filter_map(|&id| snapshot.node(id));
    let kw = |node: &NodeLive| node.balance.loss_kw.unwrap_or(0.0);
    let top = lossy.max_by(|a, b| kw(a).total_cmp(&kw(b)))?;
    let name = snapshot.card(top.id)?.name.clone();
    let share = kw(top) / snapshot.whole.loss_kw? * 100.0;
    (share <= 100.0).then_some((name, share))
}

fn silence(snapshot: &Snapshot) -> State {
    let missing = &snapshot.whole.missing;
    let Some(card) = missing.first().and_then(|&id| snapshot.card(id)) else {
        return State::Waiting;
    };
    State::Silent {
        name: card.name.clone(),
        others: missing.len() - 1,
        since: snapshot.value(card.id).and_then(|value| value.at),
    }
}

/// Cause and cost behind the state. Only what is probably lost costs something: not the difference of a
/// node of `metering`, where a meter probably reads wrong.
pub fn facts(snapshot: &Snapshot, metering: &[MeterId]) -> Facts {
    let (whole, gauges) = (&snapshot.whole, &snapshot.gauges);
    let losing = || snapshot.nodes.iter().filter(|node| node.balance.verdict == Verdict::Loss);
    let (wrong, real): (Vec<&NodeLive>, Vec<&NodeLive>) =
        losing().partition(|node| metering.contains(&node.id));
    let hourly = if wrong.is_empty() {
        whole.cost_per_hour
    } else {
        let costs = real.iter().map(|node| node.balance.cost_per_hour);
        costs.reduce(|a, b| a?.checked_add(b?)).flatten()
    };
    let hourly = hourly.filter(|_| whole.verdict == Verdict::Loss);
    let of_metering = |node: &&NodeLive| node.balance.loss_kw;
    let window = whole.until.map(|until| Balanced {
        until,
        error_kw: whole.error_kw,
        coverage: whole.coverage,
    });
    Facts {
        cost: hourly.zip(snapshot.site.price_per_kwh),
        today: gauges.loss_kwh.filter(|_| window.is_some()).map(|kwh| Today {
            kwh,
            cost: gauges.loss_cost.filter(|_| metering.is_empty()),
            coverage: gauges.coverage,
        }),
        metering_kw: wrong.iter().filter_map(of_metering).reduce(|a, b| a + b),
        window,
    }
}

/// What goes into a site and where it comes out, in kW: the two bars of the balance. Each meter stands
/// with what it drew and with what it returned, as in the balance, not with the difference.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Segments {
    /// Meters that let energy in.
    pub sources: Vec<(MeterId, SourceKind, f64)>,
    /// What the meters of loads returned: how many did, and how much.
    pub fed_back: Option<(usize, f64)>,
    /// Groups of loads, each under the name of a meter.
    pub loads: Vec<(MeterId, f64)>,
    /// What went out through meters that let energy in.
    pub returned: Vec<(MeterId, f64)>,
}

/// The two bars. A load is counted under the meter above it, so that a machine hall is one piece; a
/// load that hangs beside distribution nodes is a piece of its own.
pub fn segments(snapshot: &Snapshot) -> Segments {
    let parents: HashSet<_> = snapshot.meters.iter().filter_map(|card| card.parent).collect();
    let known: HashSet<_> = snapshot.meters.iter().map(|card| card.id).collect();
    let over_nodes: HashSet<_> = snapshot
        .meters
        .iter()
        .filter(|card| parents.contains(&card.id))
        .filter_map(|card| card.parent)
        .collect();
    let flows: HashMap<_, _> = snapshot
        .values
        .iter()
        .filter_map(|value| Some((value.id, (value.mean_kw?, value.returned_kw.unwrap_or(0.0)))))
        .collect();
    let mut bars = Segments::default();
    for card in snapshot.meters.iter().filter(|card| !card.is_aside) {
        let Some(&(net, returned)) = flows.get(&card.id) else { continue };
        let drawn = net + returned;
        let parent = card.parent.filter(|parent| known.contains(parent));
        let is_node = parents.contains(&card.id);
        let lets_in = parent.is_none() || card.feeds_parent;
        // What stands by itself is used behind its own meter, as the balance has it.
        let is_alone = parent.is_none() && !is_node;
        if lets_in {
            bars.sources.push((card.id, card.kind, drawn));
            if is_alone {
                bars.loads.push((card.id, drawn));
            } else if returned > 0.0 {
                bars.returned.push((card.id, returned));
            }
        } else if !is_node {
            let group = parent.filter(|parent| !over_nodes.contains(parent)).unwrap_or(card.id);
            match bars.loads.iter_mut().find(|(id, _)| *id == group) {
                Some((_, sum)) => *sum += drawn,
                None => bars.loads.push((group, drawn)),
            }
            if returned > 0.0 {
                let (count, sum) = bars.fed_back.unwrap_or_default();
                bars.fed_back = Some((count + 1, sum + returned));
            }
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quality;
    use crate::live::{BalanceLive, Counts, Gauges, MeterCard, MeterLive, Status};

    fn card(id: i64, parent: Option<i64>) -> MeterCard {
        MeterCard {
            id: MeterId(id),
            number: format!("M-{id}"),
            name: format!("Meter {id}"),
            meter_type: "Household".to_owned(),
            kind: SourceKind::Load,
            level: 1,
            parent: parent.map(MeterId),
            feeds_parent: false,
            area: None,
            is_aside: false,
        }
    }

    fn value(id: i64, drawn: f64, returned: f64) -> MeterLive {
        MeterLive {
            id: MeterId(id),
            power_kw: None,
            mean_kw: Some(drawn - returned),
            returned_kw: Some(returned).filter(|kw| *kw > 0.0),
            today_kwh: None,
            today_returned_kwh: None,
            at: None,
            status: Status::Online,
            reason: None,
            quality: Quality::Good,
        }
    }

    fn balance(loss_kw: f64, verdict: Verdict) -> BalanceLive {
        BalanceLive {
            until: None,
            in_kw: 100.0,
            out_kw: 100.0 - loss_kw,
            unmetered_kw: 0.0,
            loss_kw: Some(loss_kw),
            error_kw: 1.0,
            loss_percent: Some(loss_kw),
            verdict,
            cost_per_hour: None,
            trend_kw: None,
            coverage: 1.0,
            missing: Vec::new(),
            left_out: Vec::new(),
        }
    }

    fn snapshot(meters: Vec<MeterCard>, values: Vec<MeterLive>) -> Snapshot {
        let at: DateTime<Utc> = "2026-11-19T09:15:00Z".parse().unwrap();
        Snapshot {
            id: 1,
            at,
            site: SiteCard {
                slug: "plant".to_owned(),
                name: "Plant".to_owned(),
                time_zone: "UTC".to_owned(),
                utc_offset_minutes: 0,
                currency: "EUR".to_owned(),
                price_per_kwh: None,
                today_start: at,
                simulated: None,
            },
            counts: Counts::of(&values),
            meters,
            values,
            nodes: Vec::new(),
            whole: balance(0.0, Verdict::WithinError),
            hotspots: Vec::new(),
            gauges: Gauges::default(),
        }
    }

    #[test]
    fn what_loads_return_stands_beside_what_is_drawn() {
        let meters = vec![card(1, None), card(2, Some(1)), card(3, Some(1))];
        let values = vec![value(1, 3.0, 1.0), value(2, 5.0, 0.0), value(3, 1.0, 4.0)];
        let bars = segments(&snapshot(meters, values));
        assert_eq!(bars.sources, [(MeterId(1), SourceKind::Load, 3.0)]);
        assert_eq!(bars.fed_back, Some((1, 4.0)));
        assert_eq!(bars.loads, [(MeterId(1), 6.0)]);
        assert_eq!(bars.returned, [(MeterId(1), 1.0)]);
    }

    #[test]
    fn a_load_that_stands_by_itself_is_used_behind_its_meter() {
        let bars = segments(&snapshot(vec![card(1, None)], vec![value(1, 3.0, 0.0)]));
        assert_eq!((bars.sources.len(), bars.loads.len()), (1, 1));
    }

    #[test]
    fn the_state_names_the_node_that_loses_most_unless_its_share_cannot_be_told() {
        let meters = vec![card(1, None), card(2, Some(1))];
        let mut all = snapshot(meters, Vec::new());
        all.whole = balance(10.0, Verdict::Loss);
        all.hotspots = vec![MeterId(1)];
        let node = |loss| NodeLive {
            id: MeterId(1),
            balance: balance(loss, Verdict::Loss),
            today_loss_kwh: None,
            today_loss_percent: None,
            today_verdict: Verdict::Loss,
        };
        all.nodes = vec![node(6.0)];
        let most = Some(("Meter 1".to_owned(), 60.0));
        assert_eq!(state(&all), State::Losing { kw: 10.0, percent: Some(10.0), most });
        all.nodes = vec![node(12.0)];
        assert_eq!(state(&all), State::Losing { kw: 10.0, percent: Some(10.0), most: None });
    }

    #[test]
    fn a_site_without_meters_has_no_loss_to_tell() {
        assert_eq!(state(&snapshot(Vec::new(), Vec::new())), State::NoMeters);
        let alone = state(&snapshot(vec![card(1, None)], Vec::new()));
        assert_eq!(alone, State::NoNodes { in_kw: 100.0 });
    }

    #[test]
    fn money_has_its_sign_and_groups() {
        assert_eq!(money("1927.4".parse().unwrap(), "INR"), "₹1,927");
        assert_eq!(money("8.4".parse().unwrap(), "INR"), "₹8.40");
        assert_eq!(money("-18.456".parse().unwrap(), "EUR"), "\u{2212}€18.46");
    }
}
