//! The register as it was read: its line, broken where it fell, and the readings that matter in words.

use super::outliers::{decide, encoded};
use crate::parts::{heading, note, ring, upright};
use chrono::{DateTime, Utc};
use domain::figures::places_of_step;
use domain::meters::view::meter::{Reading, RegisterPage, RegisterRow};
use markup::{Html, html};
use service::Action;
use service::energy::outliers::Decided;
use tables::{Column, Rows, Table, Value};
use texts::figures;
use texts::language::Text;
use texts::messages::told;
use texts::words::alarms::NOTE;
use texts::words::energy as words;
use ui::components::chart::path::line;
use ui::components::chart::scale::Scale;
use ui::drawing::parts::plot::{Axis, Tick, paths, plot_free, remark};
use ui::drawing::parts::{Clock, mark};
use ui::drawing::{Downloads, Shape, link, may};
use ui::kit;

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
            {heading(Some("registers"), words::REGISTER, words::register_note(&page.field))}
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
    let point = |i: usize, (at, kwh): &(DateTime<Utc>, f64)| (axis.percent(*at), y.of_run(i, *kwh));
    let lines = runs
        .iter()
        .enumerate()
        .map(|(i, run)| ("line-today", line(run.iter().map(|reading| Some(point(i, reading))))));
    let joins = runs.windows(2).enumerate().filter_map(|(i, pair)| {
        let ends = [point(i, pair[0].last()?), point(i + 1, pair[1].first()?)];
        Some(("line-join", line(ends.map(Some))))
    });
    let all: Vec<_> = lines.chain(joins).collect();
    let label_at = |i: usize, reading: &(DateTime<Utc>, f64), below: bool| {
        let (x, top) = point(i, reading);
        let (anchor, dx) = if x > 50.0 { ("end", -2) } else { ("start", 2) };
        let dy = if below || top < 10.0 { 14 } else { -6 };
        remark(x, top, (dx, dy), anchor, "plot-remark", full(reading.1))
    };
    let labels = runs.iter().enumerate().map(|(i, run)| {
        // A register rises: its line has room below its begin and above its end.
        let first = run.first().map(|reading| label_at(i, reading, true));
        let last = run.last().filter(|_| run.len() > 1);
        let last = last.map(|reading| label_at(i, reading, false));
        html! { {first} {last} }
    });
    let falls = page
        .rows
        .iter()
        .filter(|row| is_change(row.reading))
        .map(|row| upright("plot-event", axis.percent(row.at)));
    let out = page.rows.iter().filter(|row| row.reading.is_left_out()).map(|row| {
        let is_below =
            runs.iter().flat_map(|run| run.iter()).all(|(_, kwh)| row.register_kwh < *kwh);
        let y = if is_below { "97%" } else { "3%" };
        ring(axis.percent(row.at), y)
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
    let one_day = page.shown.whole.to - page.shown.whole.from <= chrono::TimeDelta::hours(25);
    let time = |at: DateTime<Utc>| {
        if one_day { clock.second(at) } else { format!("{} {}", clock.day(at), clock.second(at)) }
    };
    let reading = |row: &RegisterRow| {
        let (shape, word) = said(row.reading);
        let detail = (!row.detail.is_empty()).then(|| format!(" ({})", row.detail));
        html! { {mark(shape)} " " {word} {detail} }
    };
    let correct = |row: &RegisterRow| {
        may(Action::Operate).then(|| {
            let path = format!("/meters/{}/corrections?reading={}", page.id, encoded(row.at));
            let (timestamp, field) = (row.at, page.field.clone());
            let of = Decided { timestamp, field, value: row.register_kwh };
            let decide = decide(page.id, &of, row.reading);
            html! { <a href=link(&page.shown, &path)>{words::CORRECT_THIS}</a> {decide} }
        })
    };
    let (sum, count) = page.intervals;
    let difference = sum - page.counted_kwh;
    let is_equal = difference.abs() < 0.05 + page.counted_kwh.abs() * 0.002;
    let compared = match (is_equal, page.is_behind) {
        (true, _) => words::equals(count),
        (false, true) => words::still_counted(count, &full(sum)),
        (false, false) => words::differs(count, &full(sum), &full(difference)),
    };
    let sum = html! {
        <tr class="sum">
            <th scope="row">{words::SUM}</th>
            <td></td>
            <td></td>
            <td class="num">{full(page.counted_kwh)}</td>
            <td class="col-said">{compared}</td>
            <td></td>
        </tr>
    };
    let difference = kit::Column::of_figures(words::DIFFERENCE).cells("is-quiet");
    let counted = kit::Column::in_unit(words::COUNTED, "kWh").cells("total");
    let rows = kit::Rows::of(&page.rows)
        .column(words::TIME, |row| time(row.at))
        .column(kit::Column::in_unit(words::REGISTER_KWH, "kWh").cells("mono"), |row| {
            full(row.register_kwh)
        })
        .column(difference, |row| row.difference_kwh.map(full))
        .column(counted, |row| row.counted_kwh.map(full))
        .column(kit::Column::new(words::READING).cells("col-said"), reading)
        .column(kit::Column::unnamed(words::CORRECT).cells("col-act"), correct)
        .classes(|row| if is_change(row.reading) { "is-change" } else { "" })
        .foot(sum);
    html! {
        {rows.scrolled(words::REGISTER, "register-rows")}
        {(page.more_outliers > 0)
            .then(|| note(words::more_outliers(page.more_outliers)))}
    }
}

/// The readings as data, for files, with the decimal places of the register.
fn rows(page: &RegisterPage) -> Table {
    let places = places_of_step(page.step_kwh);
    let rows = Rows::of(&page.rows)
        .cell(words::TIME, |row| Value::Time(row.at))
        .figure(Column::in_unit(words::REGISTER_KWH, "kWh"), places, |row| row.register_kwh)
        .figure(Column::in_unit(words::DIFFERENCE, "kWh"), places, |row| row.difference_kwh)
        .figure(Column::in_unit(words::COUNTED, "kWh"), places, |row| row.counted_kwh)
        .text(words::READING, |row| said(row.reading).1)
        .text(NOTE, |row| &row.detail);
    Downloads::of(&page.shown).rows(&page.name, rows)
}

fn why(page: &RegisterPage) -> Option<Html> {
    let (question, answer) = page.why.clone()?;
    let button = |place: &str, text: Text| {
        let href = link(&page.shown, &format!("/meters/{}/corrections#{place}", page.id));
        html! { <a class="button" href=href>{text}</a> }
    };
    let enter = may(Action::Operate).then(|| {
        html! {
            <p class="actions">
                {button("exchange", words::ENTER_EXCHANGE)} {button("correct", words::CORRECT)}
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
