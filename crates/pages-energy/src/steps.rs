//! The steps of a period as rows of a table and as columns of a picture.

use chrono::{DateTime, Utc};
use domain::period::Step;
use domain::view::PeriodContext;
use tables::{Column, Value};
use texts::language::{self, Text};
use texts::words::period::capital;
use ui::drawing::parts::Clock;

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

/// The name of a step below a column.
pub(crate) fn tick(shown: &PeriodContext, at: DateTime<Utc>) -> String {
    Clock(shown).tick(at, step(shown))
}
