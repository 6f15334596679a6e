//! How the loss of a node went over the period.

use domain::MeterId;
use domain::losses::view::TrendStep;
use domain::period::Step;
use domain::view::PeriodContext;
use storage::losses::summed::Loss;

use crate::energy::steps;
use crate::losses::power_loss;
use crate::{Core, Error, Principal};

/// By hour of a period of days, else by day, put together where the chart's steps are longer; nothing without a node.
/// A step that is not computed yet has no loss.
pub(super) async fn of(
    core: &Core,
    who: &Principal,
    shown: &PeriodContext,
    node: Option<MeterId>,
) -> Result<Vec<TrendStep>, Error> {
    let Some(node) = node else { return Ok(Vec::new()) };
    let step = shown.period.chart_step(shown.today());
    let by_day = matches!(step, Step::Day | Step::Month);
    let rows = power_loss::trend(core, who, node, shown.window, by_day).await?;
    if step == Step::Quarter {
        return Ok(rows.iter().map(|row| sum((row.start, row.end), &[row])).collect());
    }
    let bounds = steps::bounds(shown, shown.whole).into_iter();
    let of = |(from, to)| {
        let within: Vec<&Loss> =
            rows.iter().filter(|row| row.start >= from && row.start < to).collect();
        sum((from, to), &within)
    };
    Ok(bounds.map(of).collect())
}

fn sum((from, to): steps::Bounds, rows: &[&Loss]) -> TrendStep {
    let known = rows.iter().filter(|row| row.loss_kwh.is_some());
    let known: Vec<_> = known.collect();
    TrendStep {
        from,
        to,
        kwh: (!known.is_empty()).then(|| known.iter().filter_map(|row| row.loss_kwh).sum()),
        error_kwh: known.iter().map(|row| row.error_kwh.powi(2)).sum::<f64>().sqrt(),
        coverage: known.iter().map(|row| row.coverage).fold(1.0, f64::min),
    }
}
