//! Declared load that no meter sees.

use std::collections::HashSet;

use domain::energy::window::{Known, Window};
use domain::losses::unmetered::Unmetered;
use domain::meters::hierarchy::Tree;
use domain::{Kwh, MeterId};

/// Declared load of a whole site in a window.
pub(crate) fn unmetered_of_site(loads: &[Unmetered], tree: &Tree, window: Window) -> Kwh {
    let nodes: HashSet<MeterId> = loads.iter().map(|load| load.meter_id).collect();
    let nodes = nodes.into_iter().filter(|node| tree.is_node(*node));
    nodes.map(|node| unmetered_kwh(loads, node, window, None)).sum()
}

/// Declared load of a node in a window, for the time that its own energy is known for: beyond it there
/// is nothing that the load could be part of. `loads` stand by node and time.
pub(crate) fn unmetered_kwh(
    loads: &[Unmetered],
    node: MeterId,
    window: Window,
    known: Option<Known>,
) -> Kwh {
    let window = known.map_or(window, |known| Window {
        from: window.from.max(known.from),
        to: window.to.min(known.to),
    });
    let own: Vec<&Unmetered> = loads.iter().filter(|load| load.meter_id == node).collect();
    let mut sum = Kwh::ZERO;
    for (i, load) in own.iter().enumerate() {
        let until = own.get(i + 1).map_or(window.to, |next| next.valid_from).min(window.to);
        let hours = (until - load.valid_from.max(window.from)).as_seconds_f64() / 3600.0;
        sum += Kwh(load.power_kw * hours.max(0.0));
    }
    sum
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour)
    }

    #[test]
    fn declared_load_counts_from_its_day_until_the_next() {
        let load = |hour, power_kw| Unmetered {
            meter_id: MeterId(1),
            valid_from: at(hour),
            power_kw,
            reason: String::new(),
        };
        let loads = [load(0, 2.0), load(10, 5.0), load(20, 0.0)];
        let kwh = |from, to| {
            unmetered_kwh(&loads, MeterId(1), Window { from: at(from), to: at(to) }, None).0
        };
        assert_eq!((kwh(-4, 0), kwh(-4, 4), kwh(8, 12), kwh(15, 30)), (0.0, 8.0, 14.0, 25.0));
    }
}
