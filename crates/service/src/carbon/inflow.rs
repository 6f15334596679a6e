//! Energy that came in through the sources of a site, step by step.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::hierarchy::Tree;
use domain::meters::{Meter, SourceKind};
use domain::reports::Inflow;
use domain::sites::Site;

use super::Directions;
use crate::energy::series::{self, Resolution};
use crate::{Core, Error};

/// Rows at most: five years of days of as many meters as a site has sources.
const MOST: u32 = 400_000;

/// Energy through a source in a step, or in a part of it.
struct SourceStep {
    kind: SourceKind,
    kwh: f64,
    piece: series::Piece,
}

/// The energy through the sources of a site over a window.
pub(crate) struct Inflows {
    /// The sources of the site, with the stretches in which they were that.
    stretches: Vec<(Window, Vec<MeterId>)>,
    /// In order of time.
    steps: Vec<SourceStep>,
}

impl Inflows {
    /// Loads each source over the time in which it was one.
    pub(crate) async fn load(
        core: &Core,
        site: &Site,
        stood: &[(Window, Tree)],
        by: Resolution,
    ) -> Result<Self, Error> {
        let directions = Directions::load(core, site).await?;
        let (mut stretches, mut steps) = (Vec::with_capacity(stood.len()), Vec::new());
        for (stretch, tree) in stood {
            let inputs = tree.sources();
            stretches.push((*stretch, inputs.iter().map(|(meter, _)| meter.id).collect()));
            let meters: Vec<&Meter> = inputs.iter().map(|(meter, _)| *meter).collect();
            for piece in series::pieces(core, site, &meters, *stretch, by, MOST).await? {
                let of = inputs.iter().find(|(meter, _)| meter.id == piece.meter);
                let Some(&(meter, kind)) = of else { continue };
                let (kwh, _) = directions.delivered((meter, kind), &piece.energy());
                steps.push(SourceStep { kind, kwh, piece });
            }
        }
        steps.sort_by_key(|step| step.piece.start);
        Ok(Self { stretches, steps })
    }

    /// The energy that came in within a window, and the least share of it for which a source is known.
    pub(crate) fn within(&self, window: Window) -> (Option<Inflow>, f64) {
        let begins = |at: DateTime<Utc>| self.steps.partition_point(|step| step.piece.start < at);
        let steps = &self.steps[begins(window.from)..begins(window.to)];
        let mut energy: Option<Inflow> = None;
        for SourceStep { kind, kwh, piece } in steps {
            let sum = energy.get_or_insert_default();
            sum.add(*kind, *kwh);
            sum.estimated_kwh += piece.estimated_kwh;
        }
        let mut time: HashMap<MeterId, f64> = HashMap::new();
        for (stretch, sources) in &self.stretches {
            let inside = stretch.to.min(window.to) - stretch.from.max(window.from);
            for meter in sources.iter().filter(|_| inside > TimeDelta::zero()) {
                *time.entry(*meter).or_default() += inside.as_seconds_f64();
            }
        }
        let covered = |(id, seconds): (MeterId, f64)| {
            let of_meter = steps.iter().map(|it| &it.piece).filter(|piece| piece.meter == id);
            let covered: f64 = of_meter.map(|piece| piece.coverage * piece.seconds()).sum();
            (covered / seconds).clamp(0.0, 1.0)
        };
        (energy, time.into_iter().map(covered).reduce(f64::min).unwrap_or(0.0))
    }
}
