//! The steps of a period as rows of a table and as columns of a picture.

use crate::picture::{Line, Points};
use chrono::{DateTime, Utc};
use domain::period::Step;
use domain::view::PeriodContext;
use markup::Html;
use tables::{Column, Rows, Value};
use texts::language::{self, Text};
use texts::words::period::capital;
use ui::components::chart::path::line;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, paths};

fn step(shown: &PeriodContext) -> Step {
    shown.period.chart_step(shown.today())
}

pub(crate) fn label(shown: &PeriodContext) -> String {
    shown.period.label(shown.today(), language::now())
}

/// The period in words, within a sentence.
pub(crate) fn phrase(shown: &PeriodContext) -> String {
    shown.period.phrase(shown.today(), language::now())
}

pub(crate) fn before_label(shown: &PeriodContext) -> String {
    shown.period.before_label(shown.today(), language::now())
}

/// The column of a figure in the period before; none where that is not compared with.
pub(crate) fn column_before(shown: &PeriodContext, name: Text, unit: &str) -> Option<Column> {
    let head = || Column::in_unit(format!("{name}, {}", before_label(shown)), unit);
    shown.period.compares().then(head)
}

/// A step of the period, and the one of the period before that it stands beside; none where either has no such step.
pub(crate) type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

/// The steps as rows, each with its begin: an instant, or the first day of it. While a period lasts, those up to now;
/// of the period before, those up to the same time. There are none where the `figure` of no step is known.
pub(crate) fn rows<'a, T>(
    shown: &PeriodContext,
    (steps, before): (&'a [T], &'a [T]),
    from: fn(&T) -> DateTime<Utc>,
    figure: fn(&T) -> Option<f64>,
) -> Rows<Pair<'a, T>> {
    let has_any = steps.iter().any(|step| figure(step).is_some());
    let pairs = shown.pair(steps, before, from);
    let come = steps.iter().zip(pairs.beside).filter(|(step, _)| from(step) < shown.now);
    let come = come.map(|(step, before)| (Some(step), before));
    let rest = pairs.rest.into_iter().filter(|step| from(step) < shown.before.to);
    let rest = rest.map(|step| (None, Some(step)));
    let kind = step(shown);
    let start = |(step, before): Pair<'a, T>| {
        let start = |at| match kind {
            Step::Quarter | Step::Hour => Value::Time(at),
            Step::Day | Step::Month => Value::Day(shown.site.date_at(at)),
        };
        step.or(before).map(from).map_or(Value::Unknown, start)
    };
    let rows = Rows::of(come.chain(rest).filter(|_| has_any));
    rows.cell(Column::new(capital(kind.name(language::now()))), start)
}

/// The same with the `figure` in the period before, where that is compared with.
pub(crate) fn beside_before<'a, T>(
    shown: &PeriodContext,
    rows: Rows<Pair<'a, T>>,
    (name, unit, places): (Text, &str, usize),
    figure: fn(&T) -> Option<f64>,
) -> Rows<Pair<'a, T>> {
    match column_before(shown, name, unit) {
        Some(column) => rows.figure(column, places, |(_, before)| before.and_then(figure)),
        None => rows,
    }
}

/// The figures of the steps of the period before, on its own axis.
pub(crate) fn points_before<T>(
    shown: &PeriodContext,
    steps: &[T],
    of: impl Fn(&T) -> (DateTime<Utc>, DateTime<Utc>, Option<f64>),
) -> Points {
    let whole = shown.previous().whole;
    let axis = Axis::new(whole.from, whole.to);
    let point = |step: &T| {
        let (from, to, value) = of(step);
        value.map(|value| (f64::midpoint(axis.percent(from), axis.percent(to)), value))
    };
    steps.iter().map(point).collect()
}

/// Such figures as the line of a plot.
pub(crate) fn path_before(points: &Points, y: impl Fn(f64) -> f64) -> Html {
    let points = points.iter().map(|point| point.map(|(x, value)| (x, y(value))));
    paths(vec![("line-before", line(points))])
}

/// Such figures as the line of a picture; none where there are none.
pub(crate) fn line_before(shown: &PeriodContext, points: Points) -> Option<Line> {
    let name = capital(&before_label(shown));
    points.iter().any(Option::is_some).then_some((name, points))
}

pub(crate) fn tick(shown: &PeriodContext, at: DateTime<Utc>) -> String {
    Clock(shown).tick(at, step(shown))
}
