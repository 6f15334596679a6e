//! Where the energy of a month comes from, meter by meter, and what that of the grid cost.

use std::collections::HashMap;

use domain::MeterId;
use domain::hierarchy::Tree;
use domain::meter::{Meter, SourceKind};
use domain::report::{Peak, SourceEnergy};
use domain::site::minor_digits;
use domain::tariff::decimal_kwh;
use domain::trail::QUARTER;
use domain::view::Shown;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::carbon::{Kind, sources};
use crate::figures::Figures;
use crate::series::{self, Resolution, Step};
use crate::tariffs::PriceBook;
use crate::{Error, Service};

/// Quarter-hours at most: a month of as many meters as a site has sources.
const MOST: u32 = 400_000;

/// The meters that energy comes in through: those that carbon is counted by, and the batteries.
pub(super) fn inputs(tree: &Tree) -> Vec<(&Meter, SourceKind)> {
    let is_battery = |meter: &&Meter| meter.meter_type.source_kind() == SourceKind::Battery;
    let top = |meter: &&Meter| !tree.ancestors(meter.id).any(|above| is_battery(&above));
    let counted = sources(tree).into_iter().map(|(meter, kind)| {
        let kind = match kind {
            Kind::Grid => SourceKind::Grid,
            Kind::Diesel => SourceKind::Diesel,
            Kind::Solar => SourceKind::Solar,
        };
        (meter, kind)
    });
    let batteries = tree.meters().iter().filter(is_battery).filter(top);
    counted.chain(batteries.map(|meter| (meter, SourceKind::Battery))).collect()
}

/// What a source delivered, and what went back into it, of what its registers counted.
pub(super) fn delivered(
    meter: &Meter,
    kind: SourceKind,
    (import, export): (f64, f64),
) -> (f64, f64) {
    match kind {
        SourceKind::Grid | SourceKind::Load => (import, export),
        _ if meter.feeds_parent => (import, export),
        // A battery that draws from its bus like a load gives back what it exports.
        SourceKind::Battery => (export, import),
        SourceKind::Solar | SourceKind::Diesel => (import.max(export), 0.0),
    }
}

/// The sources of a month, and what the energy from the grid cost.
pub(super) async fn of(
    service: &Service,
    shown: &Shown,
    figures: &Figures,
) -> Result<(Vec<SourceEnergy>, Option<Decimal>), Error> {
    let inputs = inputs(figures.tree());
    let ids: Vec<MeterId> = inputs.iter().map(|(meter, _)| meter.id).collect();
    let steps =
        series::load(service, &shown.site, &ids, shown.window, Resolution::Quarter, MOST).await?;
    let mut of_meter: HashMap<MeterId, Vec<&Step>> = HashMap::new();
    for step in &steps {
        of_meter.entry(step.meter).or_default().push(step);
    }
    let book = PriceBook::load(service.pool(), &shown.site).await?;
    let mut cost = Some(Decimal::ZERO);
    let mut found = Vec::with_capacity(inputs.len());
    for (meter, kind) in inputs {
        let steps = of_meter.remove(&meter.id).unwrap_or_default();
        if lacks_quarters(figures, meter, &steps) {
            cost = None;
        }
        if kind == SourceKind::Grid {
            cost = cost.zip(bought(&book, meter, &steps)).and_then(|(a, b)| a.checked_add(b));
        }
        found.push(source(figures, meter, kind, &steps));
    }
    let is_bought = found.iter().any(|source| source.kind == SourceKind::Grid);
    let places = minor_digits(&shown.site.currency);
    let rounded =
        |cost: Decimal| cost.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
    Ok((found, cost.filter(|_| is_bought).map(rounded)))
}

/// Whether quarter-hours of a meter are not kept any more whose energy the days still have: nobody knows
/// at what price it was drawn. The oldest are dropped first.
fn lacks_quarters(figures: &Figures, meter: &Meter, steps: &[&Step]) -> bool {
    let known = figures.counted(meter.id).and_then(|counted| counted.known);
    let Some(known) = known.filter(|known| known.energy.import.0 > 0.0) else { return false };
    let first = steps.iter().map(|step| step.start).min();
    first.is_none_or(|first| first > known.from + QUARTER)
}

fn source(figures: &Figures, meter: &Meter, kind: SourceKind, steps: &[&Step]) -> SourceEnergy {
    let counted = figures.counted(meter.id);
    let energy = counted.and_then(|counted| counted.known).map(|known| known.energy);
    let registers = energy.map(|energy| delivered(meter, kind, (energy.import.0, energy.export.0)));
    let quarter = |step: &&Step| {
        let (kwh, _) = delivered(meter, kind, (step.import_kwh, step.export_kwh));
        Peak { at: step.start, kw: kwh * 4.0 }
    };
    SourceEnergy {
        meter_id: meter.id,
        meter_number: meter.number.clone(),
        meter_name: meter.name.clone(),
        kind,
        kwh: registers.map(|(kwh, _)| kwh),
        returned_kwh: registers.map_or(0.0, |(_, returned)| returned),
        estimated_kwh: counted.map_or(0.0, |counted| counted.estimated.0),
        coverage: energy.map_or(0.0, |energy| energy.coverage),
        peak: steps.iter().map(quarter).reduce(|a, b| if b.kw > a.kw { b } else { a }),
    }
}

/// What a meter drew in each quarter-hour, at the price of that time; none where one has no price.
fn bought(book: &PriceBook, meter: &Meter, steps: &[&Step]) -> Option<Decimal> {
    let mut month_kwh = 0.0;
    let mut sum = Decimal::ZERO;
    for step in steps {
        let price = book.price_at(Some(meter.id), step.start, month_kwh)?;
        sum = sum.checked_add(price.checked_mul(decimal_kwh(step.import_kwh)?)?)?;
        month_kwh += step.import_kwh;
    }
    Some(sum)
}
