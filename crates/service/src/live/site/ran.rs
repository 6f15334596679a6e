//! How long generators ran and what they burnt: by the stored figures up to a moment ago, and by the
//! trails since then.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::hierarchy::Tree;
use domain::meters::{Meter, SourceKind};
use domain::sites::Site;

use crate::carbon::{self, Directions, sources};
use crate::energy::window_energy::Span;
use crate::live::SiteLive;
use crate::window::stood_since;
use crate::{Core, Error, energy};

/// A generator from one instant to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ran {
    pub(crate) meter: MeterId,
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    /// Litres that it counted itself; none where it counts none.
    pub(crate) litres: Option<f64>,
    /// What it produced in the time that its litres do not cover; all of it where it counts none.
    pub(crate) rest_kwh: f64,
    /// Running hours.
    pub(crate) hours: f64,
}

impl Ran {
    /// Its litres, with the energy that they do not cover.
    pub(crate) fn fuel(&self) -> (f64, f64) {
        (self.litres.unwrap_or(0.0), self.rest_kwh)
    }
}

/// The generators of a site in a part of a day, by the stored figures; `tree` is how the meters hang now.
/// One of which nothing is known is absent.
pub(crate) async fn read(
    service: &Core,
    site: &Site,
    tree: &Arc<Tree>,
    window: Window,
) -> Result<Vec<Ran>, Error> {
    let stood = stood_since(service.pool(), site, tree, window).await?;
    if stood.iter().all(|(_, tree)| generators(tree).is_empty()) {
        return Ok(Vec::new());
    }
    let mut stretches = Vec::with_capacity(stood.len());
    for (stretch, tree) in stood {
        let counted = energy::counted(service, site, &generators(&tree), stretch).await?;
        stretches.push((stretch, tree, counted));
    }
    let spans = stretches.iter().map(|(window, tree, counted)| Span {
        window: *window,
        tree: tree.as_ref(),
        counted,
    });
    of(service, site, window, &spans.collect::<Vec<_>>()).await
}

fn generators(tree: &Tree) -> Vec<&Meter> {
    let of_diesel = |&(_, kind): &(&Meter, SourceKind)| kind == SourceKind::Diesel;
    sources(tree).into_iter().filter(of_diesel).map(|(meter, _)| meter).collect()
}

/// The same, by what they counted in the stretches in which nothing was moved.
pub(crate) async fn of(
    service: &Core,
    site: &Site,
    window: Window,
    spans: &[Span<'_>],
) -> Result<Vec<Ran>, Error> {
    let directions = Directions::load(service, site).await?;
    let mut found: Vec<Ran> = Vec::new();
    for span in spans {
        let generators = generators(span.tree);
        let asked = (&generators[..], &directions);
        let fuel = carbon::fuel(service, site, asked, span.window, span.counted).await?;
        for meter in generators {
            let both = span.counted.get(&meter.id).zip(fuel.get(&meter.id));
            let Some((counted, fuel)) = both else { continue };
            let known = counted.known.map(|known| known.energy);
            let source = (meter, SourceKind::Diesel);
            let kwh = known.map(|energy| directions.delivered(source, &energy).0);
            let rest = if fuel.metered.is_some() { Some(fuel.rest_kwh()) } else { kwh };
            let Some(rest_kwh) = rest else { continue };
            let (litres, hours) = (fuel.metered, counted.runtime_hours);
            let Window { from, to } = window;
            match found.iter_mut().find(|ran| ran.meter == meter.id) {
                Some(ran) => {
                    ran.litres = [ran.litres, litres].into_iter().flatten().reduce(|a, b| a + b);
                    ran.rest_kwh += rest_kwh;
                    ran.hours += hours;
                }
                None => found.push(Ran { meter: meter.id, from, to, litres, rest_kwh, hours }),
            }
        }
    }
    Ok(found)
}

impl SiteLive {
    /// A generator from one instant to another; none until that was read.
    pub(crate) fn ran(&self, meter: &Meter, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Ran> {
        let is_of = |ran: &&Ran| ran.meter == meter.id && ran.from == from && ran.to <= to;
        let last = *self.ran.iter().filter(is_of).max_by_key(|ran| ran.to)?;
        let is_generator = |now: &Meter| now.meter_type.source_kind() == SourceKind::Diesel;
        if last.to == to || !self.tree.get(meter.id).is_some_and(is_generator) {
            return Some(Ran { to, ..last });
        }
        let trail = self.trails.get(&meter.id)?;
        let since = trail.known(last.to, to);
        let source = (meter, SourceKind::Diesel);
        let since = since.map(|known| self.directions.delivered(source, &known.energy).0);
        Some(Ran {
            to,
            rest_kwh: last.rest_kwh + since.unwrap_or(0.0),
            hours: last.hours + trail.runtime_hours(last.to, to).unwrap_or(0.0),
            ..last
        })
    }
}
