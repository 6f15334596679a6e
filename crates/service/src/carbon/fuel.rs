//! Diesel of generators in a window: what their litres say, and for which time they say nothing.

use std::collections::HashMap;

use domain::MeterId;
use domain::energy::Energy;
use domain::energy::interval::Beside;
use domain::energy::window::Window;
use domain::meters::{Meter, SourceKind};
use domain::sites::Site;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use storage::energy::{FuelDay, FuelSpan};

use super::Source;
use super::direction::Directions;
use crate::energy::{self, Counted};
use crate::{Core, Error};

/// Gaps whose energy is asked for at once.
const AT_ONCE: usize = 4;

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
    service: &Core,
    site: &Site,
    (generators, directions): (&[&Meter], &Directions),
    window: Window,
    counted: &HashMap<MeterId, Counted>,
) -> Result<HashMap<MeterId, Fuel>, Error> {
    let mut found = HashMap::new();
    if generators.is_empty() {
        return Ok(found);
    }
    let ids: Vec<MeterId> = generators.iter().map(|meter| meter.id).collect();
    let days = (site.date_at(window.from), site.date_at(window.to));
    let litres = storage::energy::fuel_days(service.pool(), &ids, days).await?;
    for &meter in generators {
        let of_meter = litres.iter().filter(|day| day.meter == meter.id);
        let covered: Vec<Covered> = of_meter.map(|day| Covered::of(site, day)).collect();
        let is_read = covered.iter().any(|part| part.meets(window));
        let own = counted.get(&meter.id);
        let metered = own.and_then(|own| own.diesel_litres).or(is_read.then_some(0.0));
        let known = own.and_then(|own| own.known);
        let source = (meter, SourceKind::Diesel);
        let whole = known.map(|known| directions.delivered(source, &known.energy).0);
        let most = whole.filter(|whole| metered.is_some() && *whole > 0.0);
        let gaps = if most.is_some() { gaps(window, &covered) } else { Vec::new() };
        let of_gap = |gap| produced(service, site, (source, directions), gap, &covered);
        let of_gaps = stream::iter(gaps.clone()).map(of_gap).buffered(AT_ONCE);
        let of_gaps: Vec<Option<f64>> = of_gaps.try_collect().await?;
        let stretch = |(window, kwh): (Window, Option<f64>)| {
            // Of a window under way more may have been read since the whole was.
            Some(Stretch { window, kwh: kwh?.min(most?) })
        };
        let rest = gaps.into_iter().zip(of_gaps).filter_map(stretch).collect();
        found.insert(meter.id, Fuel { metered, rest });
    }
    Ok(found)
}

/// The time of a day that litres cover. An increment covers the time since the reading with litres before
/// it, the first of a day since midnight, so that a day is covered up to its last one, and one at midnight
/// covers the day that it ends. A counter covers the time between its readings.
struct Covered {
    time: Window,
    day: Window,
    span: Option<FuelSpan>,
}

impl Covered {
    fn of(site: &Site, FuelDay { day, span, .. }: &FuelDay) -> Self {
        let next = day.succ_opt().unwrap_or(*day);
        let day = Window { from: site.day_start(*day), to: site.day_start(next) };
        let since = span.and_then(|span| span.first.from).unwrap_or(day.from);
        let until = span.map_or(day.to, |span| span.last.to);
        Self { time: Window { from: since, to: until }, day, span: *span }
    }

    fn meets(&self, window: Window) -> bool {
        self.time.from < window.to && self.time.to > window.from
    }
}

/// What a generator produced in a gap between the parts that litres cover; none where it is not known.
async fn produced(
    service: &Core,
    site: &Site,
    (source, directions): (Source<'_>, &Directions),
    gap: Window,
    covered: &[Covered],
) -> Result<Option<f64>, Error> {
    let given = |energy: &Energy| directions.delivered(source, energy).0;
    let (noted, left) = noted(gap, covered);
    let noted = noted
        .into_iter()
        .map(|Beside { import, export }| given(&Energy::placed(import, export, 1.0)));
    let noted = noted.reduce(|a, b| a + b);
    let Some(left) = left else { return Ok(noted) };
    let counted = energy::counted(service, site, &[source.0], left).await?;
    let known = counted.get(&source.0.id).and_then(|counted| counted.known);
    let rest = known.map(|known| given(&known.energy));
    Ok([noted, rest].into_iter().flatten().reduce(|a, b| a + b))
}

/// What was noted of the energy in a gap, next to the time that litres cover, and the part of the gap of
/// which nothing was.
fn noted(gap: Window, covered: &[Covered]) -> (Vec<Beside>, Option<Window>) {
    let mut found = Vec::new();
    let mut left = gap;
    let spans = || covered.iter().filter_map(|part| Some((part.day, part.span?)));
    if let Some((day, span)) = spans().find(|(_, span)| span.last.to == gap.from) {
        if left.to >= span.ends() {
            found.push(span.last.after);
            left.from = span.ends();
        }
        if left.to >= day.to {
            found.push(span.rest);
            left.from = left.from.max(day.to);
        }
    }
    if let Some((day, span)) = spans().find(|(_, span)| span.first.from == Some(gap.to)) {
        if left.from <= span.begins() {
            found.push(span.first.before);
            left.to = span.begins();
        }
        if left.from <= day.from {
            found.push(span.head);
            left.to = left.to.min(day.from);
        }
    }
    (found, Some(left).filter(|left| left.from < left.to))
}

/// What of a window lies in none of its parts, which stand in order.
fn gaps(window: Window, covered: &[Covered]) -> Vec<Window> {
    let mut from = window.from;
    let mut found = Vec::new();
    for Covered { time: part, .. } in covered {
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
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn window(from: i64, to: i64) -> Window {
        let at = |hour| DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        Window { from: at(from), to: at(to) }
    }

    fn covered(from: i64, to: i64) -> Covered {
        Covered { time: window(from, to), day: window(0, 24), span: None }
    }

    #[test]
    fn what_is_not_covered_lies_between_the_parts() {
        let parts = [covered(0, 5), covered(8, 9), covered(20, 30)];
        assert_eq!(gaps(window(2, 24), &parts), [window(5, 8), window(9, 20)]);
        assert_eq!(gaps(window(6, 7), &parts), [window(6, 7)]);
        assert_eq!(gaps(window(1, 4), &parts), []);
        assert_eq!(gaps(window(31, 40), &parts), [window(31, 40)]);
        assert_eq!(gaps(window(0, 3), &[]), [window(0, 3)]);
    }
}
