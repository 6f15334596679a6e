//! A series as lines and bands, in per cent of the plot.

use domain::history::reduce::Column;
use domain::history::view::{Counted, HistoryPage, Line, Series, Side};
use ui::components::chart::path::{band, line};
use ui::components::chart::scale::Scale;
use ui::components::chart::short;
use ui::drawing::parts::plot::Axis;

/// Ticks of a value axis, about.
pub(super) const TICKS: u32 = 5;

#[derive(Default)]
pub(super) struct Strokes {
    pub(super) bands: Vec<String>,
    pub(super) line: String,
    /// What is placed by estimate, or not over yet.
    pub(super) soft: String,
    pub(super) end: Option<(f64, f64)>,
}

/// The scale of an axis; none where nothing stands on it.
pub(super) fn scale(page: &HistoryPage, side: Side) -> Option<Scale> {
    let of_side: Vec<&Series> = page.series.iter().filter(|s| s.side == side).collect();
    let from_zero = of_side.first()?.channel.from_zero();
    let lines = of_side.iter().flat_map(|series| [Some(&series.line), series.before.as_ref()]);
    let ends = lines.flatten().filter_map(Line::extremes).flat_map(|(low, high)| [low, high]);
    Some(if from_zero { Scale::nice(ends, TICKS) } else { Scale::around(ends, TICKS) })
}

pub(super) fn strokes(of: &Line, axis: Axis, scale: Scale) -> Strokes {
    match of {
        Line::Instant { reduced, .. } => {
            let x = |column: &Column| axis.percent(column.held.middle());
            let spread =
                |c: &Column| (x(c), scale.below_top(c.held.min), scale.below_top(c.held.max));
            let has_spread = |run: &&Vec<Column>| run.iter().any(|c| c.held.min < c.held.max);
            let bands = reduced.runs.iter().filter(has_spread);
            let points = reduced.runs.iter().flat_map(|run| {
                let mean = |c: &Column| Some((x(c), scale.below_top(c.held.mean)));
                run.iter().map(mean).chain([None])
            });
            let last = reduced.columns().last();
            Strokes {
                bands: bands.map(|run| band(&run.iter().map(spread).collect::<Vec<_>>())).collect(),
                line: line(points),
                soft: String::new(),
                end: last.map(|last| (x(last), scale.below_top(last.held.mean))),
            }
        }
        Line::Counted(steps) => {
            let is_soft = |step: &&Counted| step.is_gap() || step.is_under_way;
            let firm = |step: &&Counted| !is_soft(step);
            let last = steps.iter().rfind(|step| step.value.is_some());
            let end = last
                .and_then(|last| Some((axis.percent(last.step.to), scale.below_top(last.value?))));
            Strokes {
                bands: Vec::new(),
                line: stairs(steps.iter().filter(firm), axis, scale),
                soft: stairs(steps.iter().filter(is_soft), axis, scale),
                end,
            }
        }
    }
}

/// A value holds over the whole of its step; steps that follow each other are joined.
fn stairs<'a>(steps: impl Iterator<Item = &'a Counted>, axis: Axis, scale: Scale) -> String {
    let mut ended = None;
    let stair = |step: &Counted| {
        let y = short(scale.below_top(step.value?));
        let (from, to) = (short(axis.percent(step.step.from)), short(axis.percent(step.step.to)));
        let command = if ended.replace(step.step.to) == Some(step.step.from) { 'L' } else { 'M' };
        Some(format!("{command}{from} {y}H{to}"))
    };
    steps.filter_map(stair).collect()
}
