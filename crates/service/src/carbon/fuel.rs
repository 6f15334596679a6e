//! Diesel of generators in a window: what their litres say, and for which time they say nothing.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::meter::{DieselRegister, Meter};
use domain::site::Site;
use domain::window::{Known, Window};
use storage::energy::FuelDay;

use super::direction::Directions;
use crate::energy::{self, Counted};
use crate::{Error, Service};

/// Diesel of a generator in a window.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fuel {
    /// Its own litres; none where none bear on the window.
    pub(crate) metered: Option<f64>,
    /// The time that no litres cover.
    pub(crate) rest: Vec<Stretch>,
}

/// A part of a window with what a generator produced in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) window: Window,
    pub(crate) kwh: f64,
}

impl Fuel {
    /// What it produced while no litres covered the time.
    pub(crate) fn rest_kwh(&self) -> f64 {
        self.rest.iter().map(|stretch| stretch.kwh).sum()
    }
}

/// Diesel of generators, by what they counted in the window.
pub(crate) async fn load(
    service: &Service,
    site: &Site,
    (generators, directions): (&[&Meter], &Directions),
    window: Window,
    counted: &HashMap<MeterId, Counted>,
) -> Result<HashMap<MeterId, Fuel>, Error> {
    let mut found = HashMap::new();
    if generators.is_empty() {
        return Ok(found);
    }
    let given =
        |meter: &Meter, known: Known| directions.produced(meter, &known.energy, window.from);
    let ids: Vec<MeterId> = generators.iter().map(|meter| meter.id).collect();
    let read = storage::energy::fuel_days(service.pool(), &ids, &days(site, window)).await?;
    for &meter in generators {
        let read: Vec<&FuelDay> = read.iter().filter(|day| day.meter() == meter.id).collect();
        let covered = covered(site, meter, &read);
        let is_read = covered.iter().any(|part| part.from < window.to && part.to > window.from);
        let own = counted.get(&meter.id);
        let metered = own.and_then(|own| own.diesel_litres).or(is_read.then_some(0.0));
        let whole = own.and_then(|own| own.known).map(|known| given(meter, known));
        let mut rest = Vec::new();
        for gap in gaps(window, &covered) {
            let Some(most) = whole.filter(|whole| metered.is_some() && *whole > 0.0) else { break };
            let counted = energy::counted(service, site, &[meter], gap).await?;
            let known = counted.get(&meter.id).and_then(|counted| counted.known);
            let kwh = known.map(|known| given(meter, known));
            // Of a window under way more may have been read since the whole was.
            rest.extend(kwh.map(|kwh| Stretch { window: gap, kwh: kwh.min(most) }));
        }
        found.insert(meter.id, Fuel { metered, rest });
    }
    Ok(found)
}

/// The days of a window with those around it, whose readings may bear on it.
fn days(site: &Site, window: Window) -> Vec<(NaiveDate, DateTime<Utc>, DateTime<Utc>)> {
    let next = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    let first = site.date_at(window.from);
    let first = first.pred_opt().unwrap_or(first);
    let last = next(site.date_at(window.to));
    first
        .iter_days()
        .take_while(|day| *day <= last)
        .map(|day| (day, site.day_start(day), site.day_start(next(day))))
        .collect()
}

/// The time that litres cover, in order. An increment covers the time since the reading with litres
/// before it, the first of a day since midnight, so that a day is covered up to its last one, and one at
/// midnight covers the day that it ends. A counter
/// covers the time between its readings.
fn covered(site: &Site, meter: &Meter, read: &[&FuelDay]) -> Vec<Window> {
    match meter.diesel_register {
        DieselRegister::Increment => read
            .iter()
            .map(|day| Window { from: site.day_start(day.day), to: day.last_at })
            .collect(),
        DieselRegister::Cumulative => {
            let ends = read.iter().map(|day| day.first_at).min().zip(read.last());
            ends.map(|(from, last)| Window { from, to: last.last_at }).into_iter().collect()
        }
    }
}

/// What of a window lies in none of its parts, which stand in order.
fn gaps(window: Window, covered: &[Window]) -> Vec<Window> {
    let mut from = window.from;
    let mut found = Vec::new();
    for part in covered {
        if part.from > from {
            found.push(Window { from, to: part.from.min(window.to) });
        }
        from = from.max(part.to);
    }
    found.push(Window { from, to: window.to });
    found.retain(|gap| gap.from < gap.to);
    found
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn window(from: i64, to: i64) -> Window {
        let at = |hour| DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        Window { from: at(from), to: at(to) }
    }

    #[test]
    fn what_is_not_covered_lies_between_the_parts() {
        let covered = [window(0, 5), window(8, 9), window(20, 30)];
        assert_eq!(gaps(window(2, 24), &covered), [window(5, 8), window(9, 20)]);
        assert_eq!(gaps(window(6, 7), &covered), [window(6, 7)]);
        assert_eq!(gaps(window(1, 4), &covered), []);
        assert_eq!(gaps(window(31, 40), &covered), [window(31, 40)]);
        assert_eq!(gaps(window(0, 3), &[]), [window(0, 3)]);
    }
}
