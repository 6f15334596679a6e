//! How the loss of a node went over the period.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::losses::view::TrendStep;
use domain::period::Step;
use domain::view::PeriodContext;
use storage::losses::summed::Loss;

use crate::energy::steps;
use crate::losses::power_loss;
use crate::{Core, Error};

/// By hour of a period of days, else by day, put together where the chart's steps are longer; nothing without a node.
/// A step that is not computed yet has no loss.
pub(super) async fn of(
    core: &Core,
    shown: &PeriodContext,
    node: Option<MeterId>,
) -> Result<Vec<TrendStep>, Error> {
    let Some(node) = node else { return Ok(Vec::new()) };
    let step = shown.period.chart_step(shown.today());
    let by_day = matches!(step, Step::Day | Step::Month);
    let rows = power_loss::trend_of(core, node, shown.window, by_day).await?;
    if step == Step::Quarter {
        let of = |row: &Loss| sum((row.start, row.end), std::slice::from_ref(row));
        return Ok(rows.iter().map(of).collect());
    }
    let begins = |at: DateTime<Utc>| rows.partition_point(|row| row.start < at);
    let of = |(from, to): steps::Bounds| sum((from, to), &rows[begins(from)..begins(to)]);
    Ok(steps::bounds(shown, shown.whole).into_iter().map(of).collect())
}

fn sum((from, to): steps::Bounds, rows: &[Loss]) -> TrendStep {
    let known: Vec<_> = rows.iter().filter(|row| row.loss_kwh.is_some()).collect();
    TrendStep {
        from,
        to,
        kwh: (!known.is_empty()).then(|| known.iter().filter_map(|row| row.loss_kwh).sum()),
        error_kwh: known.iter().map(|row| row.error_kwh.powi(2)).sum::<f64>().sqrt(),
        coverage: known.iter().map(|row| row.coverage).fold(1.0, f64::min),
    }
}
