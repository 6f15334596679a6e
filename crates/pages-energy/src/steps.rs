//! The steps of a period as rows of a table and as columns of a picture.

use chrono::{DateTime, Utc};
use domain::period::Step;
use domain::view::PeriodContext;
use tables::{Column, Value};
use texts::language::{self, Text};
use texts::words::period::capital;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::Axis;

use crate::picture::{Line, Points};

fn step(shown: &PeriodContext) -> Step {
    shown.period.chart_step(shown.today())
}

/// The column of the begin of each step.
pub(crate) fn column(shown: &PeriodContext) -> Column {
    Column::new(capital(step(shown).name(language::now())))
}

/// The column of a figure in the period before; none where that is not compared with.
pub(crate) fn column_before(shown: &PeriodContext, name: Text, unit: &str) -> Option<Column> {
    let before = shown.period.before_label(shown.today(), language::now());
    shown.period.compares().then(|| Column::in_unit(format!("{name}, {before}"), unit))
}

/// The begin of a step: an instant, or the first day of it.
pub(crate) fn start(shown: &PeriodContext, at: DateTime<Utc>) -> Value {
    match step(shown) {
        Step::Quarter | Step::Hour => Value::Time(at),
        Step::Day | Step::Month => Value::Day(shown.site.date_at(at)),
    }
}

/// The rows of steps of the period before that stand beside none: so many empty cells, then the figure. While the
/// period lasts, those up to the same time.
pub(crate) fn rows_before<T>(
    shown: &PeriodContext,
    rest: &[&T],
    empty: usize,
    of: impl Fn(&T) -> (DateTime<Utc>, Value),
) -> Vec<Vec<Value>> {
    let row = |&step: &&T| {
        let (from, figure) = of(step);
        (from < shown.before.to).then(|| {
            let mut row = vec![start(shown, from)];
            row.extend((0..empty).map(|_| Value::Unknown));
            row.push(figure);
            row
        })
    };
    rest.iter().filter_map(row).collect()
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

/// Such figures as the line of a picture; none where there are none.
pub(crate) fn line_before(shown: &PeriodContext, points: Points) -> Option<Line> {
    let name = capital(&shown.period.before_label(shown.today(), language::now()));
    points.iter().any(Option::is_some).then_some(Line { name, points })
}

/// The name of a step below a column.
pub(crate) fn tick(shown: &PeriodContext, at: DateTime<Utc>) -> String {
    Clock(shown).tick(at, step(shown))
}
