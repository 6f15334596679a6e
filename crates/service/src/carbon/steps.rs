//! Carbon step by step: by quarter-hour, hour, day or month of the site's clock.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::balance::Energy;
use domain::window::Window;
use domain::{Kwh, MeterId};

use super::ledger::{self, Kind};
use crate::series::{self, Resolution};
use crate::{Error, Principal, Role, Service, factors, sites, window};

/// Carbon of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarbonStep {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Energy from the grid, kWh.
    pub grid_kwh: f64,
    /// Its carbon, kg.
    pub grid_kg: f64,
    /// Diesel, litres.
    pub diesel_litres: f64,
    /// Its carbon, kg.
    pub diesel_kg: f64,
    /// Energy of generators, kWh.
    pub diesel_kwh: f64,
    /// Solar energy, kWh.
    pub solar_kwh: f64,
    /// Carbon it avoided, kg.
    pub offset_kg: f64,
    /// The part of the energy whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Share backed by readings, 0 to 1: the least of the meters counted.
    pub coverage: f64,
}

/// Carbon of a site by step, each day at the factors in force on it (of a month at those of its first
/// day). Steps of which nothing is known are absent.
pub async fn by_step(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    window: Window,
    by: Resolution,
) -> Result<Vec<CarbonStep>, Error> {
    who.require(Role::Viewer)?;
    let site = sites::named(service, site).await?;
    let book = factors::book(service.pool(), &site).await?;
    let tree = window::tree(service, &site, window).await?;
    let sources = ledger::sources(&tree);
    let ids: Vec<_> = sources.iter().map(|(meter, _)| meter.id).collect();
    let found = series::load(service, &site, &ids, window, by, u32::MAX).await?;
    // A generator with a fuel counter burns what that says, in steps without a reading nothing.
    let metered: HashSet<MeterId> =
        found.iter().filter(|step| step.diesel_l.is_some()).map(|step| step.meter).collect();
    let mut steps: Vec<CarbonStep> = Vec::new();
    for step in found {
        let Some((meter, kind)) = sources.iter().find(|(meter, _)| meter.id == step.meter) else {
            continue;
        };
        if steps.last().is_none_or(|last| last.from != step.start) {
            steps.push(empty(step.start, step.end));
        }
        let Some(sum) = steps.last_mut() else { continue };
        let energy = Energy {
            import: Kwh(step.import_kwh),
            export: Kwh(step.export_kwh),
            uncertain: Kwh::ZERO,
            coverage: step.coverage,
        };
        let own = metered.contains(&step.meter).then(|| step.diesel_l.unwrap_or(0.0));
        let date = site.date_at(step.start);
        let entry = ledger::of_step(meter, *kind, energy, own, &book, date);
        let (kwh, kg) = (entry.kwh.unwrap_or(0.0), entry.kg.unwrap_or(0.0));
        match kind {
            Kind::Grid => (sum.grid_kwh, sum.grid_kg) = (sum.grid_kwh + kwh, sum.grid_kg + kg),
            Kind::Solar => {
                (sum.solar_kwh, sum.offset_kg) = (sum.solar_kwh + kwh, sum.offset_kg + kg);
            }
            Kind::Diesel => {
                sum.diesel_kwh += kwh;
                sum.diesel_litres += entry.litres.unwrap_or(0.0);
                sum.diesel_kg += kg;
            }
        }
        sum.estimated_kwh += step.estimated_kwh;
        sum.coverage = sum.coverage.min(step.coverage);
    }
    Ok(steps)
}

fn empty(from: DateTime<Utc>, to: DateTime<Utc>) -> CarbonStep {
    CarbonStep {
        from,
        to,
        grid_kwh: 0.0,
        grid_kg: 0.0,
        diesel_litres: 0.0,
        diesel_kg: 0.0,
        diesel_kwh: 0.0,
        solar_kwh: 0.0,
        offset_kg: 0.0,
        estimated_kwh: 0.0,
        coverage: 1.0,
    }
}
