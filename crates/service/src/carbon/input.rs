//! The consumption of a site: energy that came in through its sources, as reports and charts count it.

use domain::MeterId;

use super::{Directions, Source};
use crate::energy::window_energy::{Span, WindowEnergy};

/// Energy into a site over a window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Input {
    /// In kWh; none where a source is not known.
    pub(crate) kwh: Option<f64>,
    /// The sources that are not known.
    pub(crate) missing: Vec<MeterId>,
}

impl Input {
    /// Each source counts for the time in which it was one.
    pub(crate) fn of(energy: &WindowEnergy, directions: &Directions) -> Self {
        let is_read = |id: MeterId| energy.known(id).is_some();
        let spans = energy.spans_of_sources().flat_map(|span| span.tree.missing_sources(is_read));
        let mut missing: Vec<MeterId> = spans.collect();
        missing.sort_unstable();
        missing.dedup();
        let delivered = energy.spans_of_sources().filter_map(|span| delivered(span, directions));
        let kwh = delivered.reduce(|a, b| a + b).filter(|_| missing.is_empty());
        Self { kwh, missing }
    }
}

/// Energy through the sources of a stretch, as far as it is known.
fn delivered(span: Span<'_>, directions: &Directions) -> Option<f64> {
    let of = |source: Source<'_>| {
        let known = span.counted.get(&source.0.id)?.known?;
        Some(directions.delivered(source, &known.energy).0)
    };
    span.tree.sources().into_iter().filter_map(of).reduce(|a, b| a + b)
}
