//! Where the energy of a month comes from, meter by meter, and what that of the grid cost.

use domain::bills::tariff::decimal_kwh;
use domain::energy::QUARTER;
use domain::meters::{Meter, SourceKind};
use domain::reports::{Inflow, Peak, SourceEnergy};
use domain::sites::{Site, minor_digits};
use domain::view::PeriodContext;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::carbon::{Directions, Ledger, Source};
use crate::energy::series::{self, Resolution};
use crate::energy::window_energy::{Span, WindowEnergy};
use crate::losses::power_loss::Drawn;
use crate::prices::PriceBook;
use crate::{Core, Error};

/// Quarter-hours at most: a month of as many meters as a site has sources.
const MOST: u32 = 400_000;

/// The sources of a month, each by the time in which it was one, and what the energy from the grid cost.
pub(super) async fn of(
    core: &Core,
    shown: &PeriodContext,
    (figures, ledger): (&WindowEnergy, &Ledger),
) -> Result<(Vec<SourceEnergy>, Option<Decimal>), Error> {
    let mut found = found(figures);
    let mut meters: Vec<&Meter> = found.iter().map(|found| found.meter).collect();
    meters.sort_unstable_by_key(|meter| meter.id);
    meters.dedup_by_key(|meter| meter.id);
    for span in figures.spans_of_sources() {
        let (by, window) = (Resolution::Quarter, span.window);
        let pieces = series::pieces(core, &shown.site, &meters, window, by, MOST).await?;
        let inputs = span.tree.sources();
        for found in &mut found {
            let is_it =
                |(meter, kind): &Source<'_>| (meter.id, *kind) == (found.meter.id, found.kind);
            let counts = inputs.iter().any(is_it);
            let steps = pieces.iter().filter(|piece| piece.meter == found.meter.id);
            found.steps.extend(steps.map(|piece| (*piece, counts)));
        }
    }
    let book = core.prices(&shown.site).await?;
    let (mut cost, mut drawn) = (Some(Decimal::ZERO), Drawn::default());
    for found in found.iter().filter(|found| found.kind == SourceKind::Grid) {
        let payer = Some(found.meter.id);
        drawn.read(core.pool(), (&shown.site, &book), payer, figures.window).await?;
        let bought =
            found.bought(&shown.site, &book, &drawn).filter(|_| !found.lacks_quarters(figures));
        cost = cost.zip(bought).and_then(|(a, b)| a.checked_add(b));
    }
    let is_bought = found.iter().any(|found| found.kind == SourceKind::Grid);
    let places = minor_digits(&shown.site.currency);
    let rounded =
        |cost: Decimal| cost.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
    let sources = found.iter().map(|found| found.source(figures, ledger)).collect();
    Ok((sources, cost.filter(|_| is_bought).map(rounded)))
}

/// Energy that the sources of a window delivered, by kind.
pub(super) fn inflow(figures: &WindowEnergy, ledger: &Ledger) -> Inflow {
    let mut all = Inflow::default();
    for found in found(figures) {
        let counted = found.counted(ledger);
        all.add(found.kind, counted.kwh.unwrap_or(0.0));
        all.estimated_kwh += counted.estimated_kwh;
    }
    all
}

/// The meters that were sources at some time of a window, without what they counted step by step.
fn found(figures: &WindowEnergy) -> Vec<LoadedSources<'_>> {
    let mut found: Vec<LoadedSources<'_>> = Vec::new();
    for span in figures.spans_of_sources() {
        for (meter, kind) in span.tree.sources() {
            let is_same =
                |found: &&mut LoadedSources<'_>| (found.meter.id, found.kind) == (meter.id, kind);
            match found.iter_mut().find(is_same) {
                Some(found) => found.spans.push(span),
                None => found.push(LoadedSources { meter, kind, spans: vec![span], steps: vec![] }),
            }
        }
    }
    found
}

/// A meter that was a source in the month.
struct LoadedSources<'a> {
    meter: &'a Meter,
    kind: SourceKind,
    /// When it was one.
    spans: Vec<Span<'a>>,
    /// All that it counted, each step with whether it was a source then.
    steps: Vec<(series::Piece, bool)>,
}

/// What a source delivered.
struct Sum {
    kwh: Option<f64>,
    returned_kwh: f64,
    estimated_kwh: f64,
    coverage: f64,
}

impl LoadedSources<'_> {
    /// Whether quarter-hours are not kept any more whose energy the days still have: nobody knows at what
    /// price it was drawn. The oldest are dropped first.
    fn lacks_quarters(&self, figures: &WindowEnergy) -> bool {
        let known = figures.known(self.meter.id);
        let Some(known) = known.filter(|known| known.energy.import.0 > 0.0) else { return false };
        let first = self.steps.iter().map(|(step, _)| step.start).min();
        first.is_none_or(|first| first > known.from + QUARTER)
    }

    fn source(&self, figures: &WindowEnergy, ledger: &Ledger) -> SourceEnergy {
        let meter = figures.meter(self.meter.id).unwrap_or(self.meter);
        let Sum { kwh, returned_kwh, estimated_kwh, coverage } = self.counted(ledger);
        SourceEnergy {
            meter_id: meter.id,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            kind: self.kind,
            kwh,
            returned_kwh,
            estimated_kwh,
            coverage,
            peak: self.peak(&ledger.directions),
        }
    }

    fn counted(&self, ledger: &Ledger) -> Sum {
        match ledger.of(self.kind).find(|entry| entry.meter == self.meter.id) {
            Some(entry) => Sum {
                kwh: entry.kwh,
                returned_kwh: entry.returned_kwh,
                estimated_kwh: entry.misplaced_kwh,
                coverage: entry.coverage,
            },
            None => self.sum(&ledger.directions),
        }
    }

    /// What a battery delivered.
    fn sum(&self, directions: &Directions) -> Sum {
        let mut sum = Sum { kwh: None, returned_kwh: 0.0, estimated_kwh: 0.0, coverage: 0.0 };
        let mut seconds = 0.0;
        for span in &self.spans {
            let length = (span.window.to - span.window.from).as_seconds_f64();
            seconds += length;
            let counted = span.counted.get(&self.meter.id);
            let known = counted.and_then(|counted| counted.known);
            let Some((known, meter)) = known.zip(span.tree.get(self.meter.id)) else { continue };
            let (kwh, returned) = directions.delivered((meter, self.kind), &known.energy);
            *sum.kwh.get_or_insert(0.0) += kwh;
            sum.returned_kwh += returned;
            sum.estimated_kwh += counted.map_or(0.0, |counted| counted.estimated.0);
            sum.coverage += known.energy.coverage * length;
        }
        Sum { coverage: if seconds > 0.0 { sum.coverage / seconds } else { 0.0 }, ..sum }
    }

    /// Its highest quarter-hour.
    fn peak(&self, directions: &Directions) -> Option<Peak> {
        let whole = |step: &&(series::Piece, bool)| step.1 && step.0.end - step.0.start == QUARTER;
        let quarter = |(step, _): &(series::Piece, bool)| {
            let span = self.spans.iter().find(|span| span.window.to > step.start);
            let meter = span.and_then(|span| span.tree.get(self.meter.id)).unwrap_or(self.meter);
            let (kwh, _) = directions.delivered((meter, self.kind), &step.energy());
            Peak { at: step.start, kw: kwh * 4.0 }
        };
        let quarters = self.steps.iter().filter(whole).map(quarter);
        quarters.reduce(|a, b| if b.kw > a.kw { b } else { a })
    }

    /// What it drew as a source in each quarter-hour, at the price of that time; none where one has no
    /// price. Its month counts all that passed it.
    fn bought(&self, site: &Site, book: &PriceBook, drawn: &Drawn) -> Option<Decimal> {
        let meter = Some(self.meter.id);
        let mut counted = self.steps.iter().filter(|(_, counts)| *counts);
        counted.try_fold(Decimal::ZERO, |sum, (step, _)| {
            let price = drawn.price((site, book), meter, step.start, false)?.per_kwh;
            sum.checked_add(price.checked_mul(decimal_kwh(step.import_kwh)?)?)
        })
    }
}
