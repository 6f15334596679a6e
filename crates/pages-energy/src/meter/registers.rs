//! The register as it was read: its line, broken where it fell, and the readings that matter in words.

use chrono::{DateTime, Utc};
use domain::figures::places_of_step;
use domain::meters::view::meter::{Reading, RegisterPage, RegisterRow};
use markup::{Html, html};
use service::Action;
use tables::{Column, Table, Value};
use texts::figures;
use texts::language::Text;

use texts::messages::told;
use texts::words::alarms::NOTE;
use texts::words::energy as words;
use ui::components::chart::path::line;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::mark::Shape;
use ui::drawing::files::Downloads;
use ui::drawing::link;
use ui::drawing::parts::plot::{Axis, Tick, paths, plot_free, remark};
use ui::drawing::parts::{Clock, mark};
use ui::drawing::rights::may;

use super::outliers::{Decidable, decide, encoded, ring};

pub(super) fn draw(page: &RegisterPage) -> Html {
    let body = if page.rows.is_empty() {
        html! {
            <p class="sheet-empty">{words::NO_REGISTER}</p>
            <p class="note">{words::NOTHING_HELP}</p>
        }
    } else {
        let (chart, files) = (chart(page), Downloads::of(&page.shown));
        let title = format!("{}: {}, kWh", page.name, words::REGISTER);
        let picture = || files.picture(&title, &chart);
        let files = files.offer_chart("registers", || rows(page), picture);
        html! {
            {chart}
            {table(page)}
            {files}
            {why(page)}
        }
    };
    html! {
        <section class="registers" aria-labelledby="registers">
            <h2 id="registers">
                {words::REGISTER} " "
                <span class="note">{words::register_note(&page.field)}</span>
            </h2>
            {body}
        </section>
    }
}

fn full(kwh: f64) -> String {
    figures::fixed(kwh, 1)
}

/// Each run has a band of the plot to itself, its scale its own: a meter's register is high, and what
/// it counted in a day is not.
fn chart(page: &RegisterPage) -> Html {
    let shown = &page.shown;
    let axis = Axis::new(shown.window.from, shown.window.to);
    let clock = Clock(shown);
    let runs: Vec<_> = page.runs.iter().filter(|run| !run.is_empty()).collect();
    let y = Bands::of(&runs);
    let lines = runs.iter().enumerate().map(|(i, run)| {
        (
            "line-today",
            line(run.iter().map(|(at, kwh)| Some((axis.percent(*at), y.of_run(i, *kwh))))),
        )
    });
    let joins = runs.windows(2).enumerate().filter_map(|(i, pair)| {
        let (a, b) = (pair[0].last()?, pair[1].first()?);
        let ends = [
            Some((axis.percent(a.0), y.of_run(i, a.1))),
            Some((axis.percent(b.0), y.of_run(i + 1, b.1))),
        ];
        Some(("line-join", line(ends)))
    });
    let all: Vec<_> = lines.chain(joins).collect();
    let label_at = |at: DateTime<Utc>, top: f64, kwh: f64, below: bool| {
        let x = axis.percent(at);
        let (anchor, dx) = if x > 50.0 { ("end", -2) } else { ("start", 2) };
        let dy = if below || top < 10.0 { 14 } else { -6 };
        remark(x, top, (dx, dy), anchor, "plot-remark", full(kwh))
    };
    let labels = runs.iter().enumerate().map(|(i, run)| {
        // A register rises: its line has room below its begin and above its end.
        let first = run.first().map(|(at, kwh)| label_at(*at, y.of_run(i, *kwh), *kwh, true));
        let last = run.last().filter(|_| run.len() > 1);
        let last = last.map(|(at, kwh)| label_at(*at, y.of_run(i, *kwh), *kwh, false));
        html! { {first} {last} }
    });
    let falls = page.rows.iter().filter(|row| is_change(row.reading)).map(|row| {
        let x = percent(axis.percent(row.at));
        html! { <line class="plot-event" x1=x.clone() x2=x y1="0" y2="100%" /> }
    });
    let out = page.rows.iter().filter(|row| row.reading.is_left_out()).map(|row| {
        let is_below =
            runs.iter().flat_map(|run| run.iter()).all(|(_, kwh)| row.register_kwh < *kwh);
        let y = if is_below { "97%" } else { "3%" };
        ring(percent(axis.percent(row.at)), y)
    });
    let span = shown.window.to - shown.window.from;
    let ticks = (0..=4).map(|i| {
        let at = shown.window.from + span / 4 * i;
        Tick { x: axis.percent(at), text: clock.within(at), minor: i % 2 == 1 }
    });
    let ends = page.rows.first().zip(page.rows.last());
    let label = ends.map_or_else(String::new, |(first, last)| {
        words::register_label(&page.name, &full(first.register_kwh), &full(last.register_kwh))
    });
    let content = html! { {falls.collect::<Html>()} {paths(all)} {labels.collect::<Html>()} {out.collect::<Html>()} };
    plot_free(label, ticks.collect(), content)
}

/// Where runs stand: those whose registers are near each other share a scale.
struct Bands {
    scales: Vec<(Scale, f64, f64)>,
    of: Vec<usize>,
}

impl Bands {
    fn of(runs: &[&Vec<(DateTime<Utc>, f64)>]) -> Self {
        let ends = |run: &[(DateTime<Utc>, f64)]| {
            let low = run.iter().map(|(_, kwh)| *kwh).fold(f64::INFINITY, f64::min);
            let high = run.iter().map(|(_, kwh)| *kwh).fold(f64::NEG_INFINITY, f64::max);
            (low, high)
        };
        let mut groups: Vec<(f64, f64)> = Vec::new();
        let mut of = Vec::new();
        for run in runs {
            let (low, high) = ends(run);
            let near = groups.iter().position(|(l, h)| {
                let span = (h.max(high) - l.min(low)).max(1e-9);
                (high - low) + (h - l) >= 0.2 * span
            });
            of.push(near.unwrap_or(groups.len()));
            match near.and_then(|at| groups.get_mut(at)) {
                Some(group) => *group = (group.0.min(low), group.1.max(high)),
                None => groups.push((low, high)),
            }
        }
        // The highest registers stand at the top.
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by(|a, b| groups[*b].0.total_cmp(&groups[*a].0));
        let height = 100.0 / groups.len().max(1) as f64;
        let mut scales = vec![(Scale::new(0.0, 1.0), 0.0, 100.0); groups.len()];
        for (place, group) in order.into_iter().enumerate() {
            let (low, high) = groups[group];
            let top = place as f64 * height + height * 0.15;
            scales[group] = (Scale::new(low, high), top, height * 0.7);
        }
        Self { scales, of }
    }

    fn of_run(&self, run: usize, kwh: f64) -> f64 {
        let (scale, top, height) = self.scales[self.of[run]];
        top + scale.below_top(kwh) / 100.0 * height
    }
}

const fn is_change(reading: Reading) -> bool {
    matches!(reading, Reading::Reset | Reading::Rollover | Reading::Exchange | Reading::Quarantined)
}

pub(super) const fn said(reading: Reading) -> (Shape, Text) {
    match reading {
        Reading::Start => (Shape::Good, words::START),
        Reading::BeforeGap => (Shape::Good, words::BEFORE_GAP),
        Reading::AfterGap => (Shape::Ring, words::AFTER_GAP),
        Reading::BeforeFall => (Shape::Good, words::BEFORE_FALL),
        Reading::Reset => (Shape::Warn, words::RESET),
        Reading::Rollover => (Shape::Ring, words::ROLLOVER),
        Reading::Exchange => (Shape::Ring, words::EXCHANGE),
        Reading::Outlier => (Shape::Ring, words::OUTLIER),
        Reading::Rejected => (Shape::Ring, words::LEFT_OUT_BY_PERSON),
        Reading::Accepted => (Shape::Good, words::COUNTED_ALL_THE_SAME),
        Reading::Quarantined => (Shape::Alarm, words::QUARANTINED),
        Reading::Corrected => (Shape::Ring, words::CORRECTED),
        Reading::End => (Shape::Good, words::END),
    }
}

fn table(page: &RegisterPage) -> Html {
    let clock = Clock(&page.shown);
    let one_day = page.shown.window.to - page.shown.window.from <= chrono::TimeDelta::hours(25);
    let time = |at: DateTime<Utc>| {
        if one_day { clock.second(at) } else { format!("{} {}", clock.day(at), clock.second(at)) }
    };
    let row = |row: &RegisterRow| {
        let (shape, word) = said(row.reading);
        let detail =
            if row.detail.is_empty() { String::new() } else { format!(" ({})", row.detail) };
        let correct = may(Action::Operate).then(|| {
            let path = format!("/meters/{}/corrections?reading={}", page.id, encoded(row.at));
            let of = Decidable { at: row.at, field: &page.field, value: row.register_kwh };
            let decide = decide(page.id, &of, row.reading);
            html! { <a href=link(&page.shown, &path)>{words::CORRECT_THIS}</a> {decide} }
        });
        html! {
            <tr class=if is_change(row.reading) { "is-change" } else { "" }>
                <th scope="row">{time(row.at)}</th>
                <td class="num mono">{full(row.register_kwh)}</td>
                <td class="num is-quiet">{row.difference_kwh.map(full)}</td>
                <td class="num total">{row.counted_kwh.map(full)}</td>
                <td class="col-said">
                    {mark(shape)} " " {word} {detail}
                </td>
                <td class="col-act">{correct}</td>
            </tr>
        }
    };
    let (sum, count) = page.intervals;
    let difference = sum - page.counted_kwh;
    let is_equal = difference.abs() < 0.05 + page.counted_kwh.abs() * 0.002;
    let compared = match (is_equal, page.is_behind) {
        (true, _) => words::equals(count),
        (false, true) => words::still_counted(count, &full(sum)),
        (false, false) => words::differs(count, &full(sum), &full(difference)),
    };
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::REGISTER>
            <table class="table register-rows">
                <thead>
                    <tr>
                        <th scope="col">{words::TIME}</th>
                        <th scope="col" class="num">
                            {words::REGISTER_KWH}
                            <span class="unit">"kWh"</span>
                        </th>
                        <th scope="col" class="num">
                            {words::DIFFERENCE}
                        </th>
                        <th scope="col" class="num">
                            {words::COUNTED}
                            <span class="unit">"kWh"</span>
                        </th>
                        <th scope="col">{words::READING}</th>
                        <th scope="col">
                            <span class="sr">{words::CORRECT}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{page.rows.iter().map(row).collect::<Html>()}</tbody>
                <tfoot>
                    <tr class="sum">
                        <th scope="row">{words::SUM}</th>
                        <td></td>
                        <td></td>
                        <td class="num">{full(page.counted_kwh)}</td>
                        <td class="col-said">{compared}</td>
                        <td></td>
                    </tr>
                </tfoot>
            </table>
        </div>
        {(page.more_outliers > 0)
            .then(|| html! { <p class="note">{words::more_outliers(page.more_outliers)}</p> })}
    }
}

/// The readings as data, for files, with the decimal places of the register.
fn rows(page: &RegisterPage) -> Table {
    let columns = vec![
        Column::new(words::TIME),
        Column::in_unit(words::REGISTER_KWH, "kWh"),
        Column::in_unit(words::DIFFERENCE, "kWh"),
        Column::in_unit(words::COUNTED, "kWh"),
        Column::new(words::READING),
        Column::new(NOTE),
    ];
    let places = places_of_step(page.step_kwh);
    let row = |row: &RegisterRow| {
        vec![
            Value::Time(row.at),
            Value::Number(row.register_kwh, places),
            Value::number(row.difference_kwh, places),
            Value::number(row.counted_kwh, places),
            Value::text(said(row.reading).1),
            Value::text(&row.detail),
        ]
    };
    let rows = page.rows.iter().map(row).collect();
    Downloads::of(&page.shown).table(&page.name, columns, rows)
}

fn why(page: &RegisterPage) -> Option<Html> {
    let (question, answer) = page.why.clone()?;
    let enter = may(Action::Operate).then(|| {
        html! {
            <p class="actions">
                <a
                    class="button"
                    href=link(&page.shown, &format!("/meters/{}/corrections#exchange", page.id))
                >
                    {words::ENTER_EXCHANGE}
                </a>
                <a
                    class="button"
                    href=link(&page.shown, &format!("/meters/{}/corrections#correct", page.id))
                >
                    {words::CORRECT}
                </a>
            </p>
        }
    });
    Some(html! {
        <aside class="why">
            <p>
                <strong>{told(&question.into())}</strong>
                " "
                {told(&answer.into())}
            </p>
            {enter}
        </aside>
    })
}
