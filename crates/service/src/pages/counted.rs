//! What the tree of meters shows of a period.

use domain::balance::Verdict;
use domain::carbon::{FactorKind, Factors};
use domain::meter::{Meter, SourceKind};
use domain::view::Shown;
use domain::view::meters::{Counted, CountedLoss};

use super::losses::Losses;
use crate::{Error, Service, factors};

/// A node that lost at least this part of all losses is set off from the others.
const MAJOR_SHARE: f64 = 0.25;

/// What each meter counted in a period.
pub(super) async fn counted(service: &Service, shown: &Shown) -> Result<Vec<Counted>, Error> {
    let losses = Losses::load(service, shown, shown.window).await?;
    let book = factors::book(service.pool(), &shown.site).await?;
    let all = losses.figures.whole().loss.0;
    let meters = losses.figures.tree().meters().iter();
    Ok(meters.map(|meter| of_meter(shown, &losses, &book, all, meter)).collect())
}

fn of_meter(shown: &Shown, losses: &Losses, book: &Factors, all: f64, meter: &Meter) -> Counted {
    let counted = losses.figures.counted(meter.id);
    let energy = counted.and_then(|counted| counted.known).map(|known| known.energy);
    let kwh = energy.map(|energy| energy.import.0);
    let day = shown.site.date_at(shown.window.to);
    let times = |value: Option<f64>, kind: FactorKind| {
        value.map(|value| value * book.at(kind, Some(meter.id), day).value)
    };
    let kind = meter.meter_type.source_kind();
    let litres = counted.and_then(|counted| counted.diesel_litres);
    let litres =
        litres.or_else(|| times(kwh, FactorKind::Sfc)).filter(|_| kind == SourceKind::Diesel);
    let carbon_kg = match kind {
        SourceKind::Grid => times(kwh, FactorKind::Grid),
        SourceKind::Solar => times(kwh, FactorKind::Solar).map(|kg| -kg),
        SourceKind::Diesel => times(litres, FactorKind::Diesel),
        SourceKind::Battery | SourceKind::Load => None,
    };
    Counted {
        meter: meter.id,
        kwh,
        litres,
        carbon_kg,
        coverage: energy.map_or(0.0, |energy| energy.coverage),
        loss: loss(losses, all, meter),
    }
}

fn loss(losses: &Losses, all: f64, meter: &Meter) -> Option<CountedLoss> {
    let view = losses.views.iter().find(|view| view.parent_id == meter.id)?;
    let known = view.verdict != Verdict::Incomplete;
    Some(CountedLoss {
        kwh: known.then_some(view.loss_kwh),
        percent: view.loss_percent.filter(|_| known),
        verdict: view.verdict,
        is_major: all > 0.0 && view.loss_kwh >= MAJOR_SHARE * all,
    })
}
