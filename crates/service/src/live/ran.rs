//! How long generators ran and what they burnt: by the stored figures up to a moment ago, and by the
//! trails since then.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::hierarchy::Tree;
use domain::meter::Meter;
use domain::site::Site;
use domain::window::Window;

use super::SiteLive;
use crate::carbon::{self, Kind, produced, sources};
use crate::energy::{self, Counted};
use crate::{Error, Service};

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
    /// Its litres with the energy that they do not cover, where it counts any.
    pub(crate) fn fuel(&self) -> Option<(f64, f64)> {
        self.litres.map(|litres| (litres, self.rest_kwh))
    }
}

/// The generators of a tree in a window, by the stored figures. One of which nothing is known is absent.
pub(super) async fn read(
    service: &Service,
    site: &Site,
    tree: &Tree,
    window: Window,
) -> Result<Vec<Ran>, Error> {
    let generators = generators(tree);
    if generators.is_empty() {
        return Ok(Vec::new());
    }
    let counted = energy::counted(service, site, &generators, window).await?;
    of(service, site, tree, window, &counted).await
}

fn generators(tree: &Tree) -> Vec<&Meter> {
    let of_diesel = |&(_, kind): &(&Meter, Kind)| kind == Kind::Diesel;
    sources(tree).into_iter().filter(of_diesel).map(|(meter, _)| meter).collect()
}

/// The same, by what they counted.
pub(super) async fn of(
    service: &Service,
    site: &Site,
    tree: &Tree,
    window: Window,
    counted: &HashMap<MeterId, Counted>,
) -> Result<Vec<Ran>, Error> {
    let generators = generators(tree);
    let fuel = carbon::fuel(service, site, &generators, window, counted).await?;
    let ran = |meter: &&Meter| {
        let (counted, fuel) = (counted.get(&meter.id)?, fuel.get(&meter.id)?);
        let kwh = counted.known.map(|known| produced(meter, &known.energy));
        let rest_kwh = match fuel.metered {
            Some(_) => fuel.rest_kwh(),
            None => kwh?,
        };
        Some(Ran {
            meter: meter.id,
            from: window.from,
            to: window.to,
            litres: fuel.metered,
            rest_kwh,
            hours: counted.runtime_hours,
        })
    };
    Ok(generators.iter().filter_map(ran).collect())
}

impl SiteLive {
    /// A generator from one instant to another; none until that was read.
    pub(super) fn ran(&self, meter: &Meter, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Ran> {
        let is_of = |ran: &&Ran| ran.meter == meter.id && ran.from == from && ran.to <= to;
        let last = *self.ran.iter().filter(is_of).max_by_key(|ran| ran.to)?;
        if last.to == to {
            return Some(last);
        }
        let trail = self.trails.get(&meter.id)?;
        let since = trail.known(last.to, to).map(|known| produced(meter, &known.energy));
        Some(Ran {
            to,
            rest_kwh: last.rest_kwh + since.unwrap_or(0.0),
            hours: last.hours + trail.runtime_hours(last.to, to).unwrap_or(0.0),
            ..last
        })
    }
}
