//! The last 24 hours: the loss of a node with its error band, or the power of a meter.

use crate::parts::note;
use domain::energy::{QUARTER, floor};
use domain::meters::view::selected::{LossStep, SelectedPage};
use markup::{Html, html};
use tables::{Column, Rows, Value};
use texts::figures::{about, fixed, places};
use texts::language::Text;
use texts::words::selected as words;
use ui::components::chart::path::{band, line};
use ui::components::chart::scale::Scale;
use ui::components::chart::slots::{gaps, runs};
use ui::drawing::files::Downloads;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, gap, hint, hours, paths, plot, remark};

const TICK_HOURS: u32 = 6;

pub(super) fn draw(page: &SelectedPage) -> Html {
    let (title, steps) = match &page.node {
        Some(node) => (words::LOSS_LINE, node.losses.steps.clone()),
        None => (words::POWER_LINE, power(page)),
    };
    let nothing = || note(words::NO_LINE.get());
    html! {
        <section class="detail-line">
            <h3 class="note">{title.get()}</h3>
            {chart(page, title, &steps).unwrap_or_else(nothing)}
        </section>
    }
}

/// Its power by quarter-hours, without an error.
fn power(page: &SelectedPage) -> Vec<LossStep> {
    let end = floor(page.shown.now, QUARTER).unwrap_or(page.shown.now);
    let first = end - QUARTER * i32::try_from(page.power.len()).unwrap_or_default();
    let starts = std::iter::successors(Some(first), |at| Some(*at + QUARTER));
    starts.zip(&page.power).map(|(at, kw)| (at, kw.map(|kw| (kw, 0.0)))).collect()
}

/// The line, and the table behind it; none where nothing is known.
fn chart(page: &SelectedPage, title: Text, steps: &[LossStep]) -> Option<Html> {
    let (clock, node) = (Clock(&page.shown), page.node.as_ref());
    let kw: Vec<_> = steps.iter().map(|(_, value)| value.map(|(kw, _)| kw)).collect();
    if kw.iter().all(Option::is_none) {
        return None;
    }
    let (first, end) = (steps.first()?.0, steps.last()?.0 + QUARTER);
    let axis = Axis::new(first, end);
    let known = steps.iter().filter_map(|(_, value)| *value);
    let scale = Scale::nice(known.flat_map(|(kw, error)| [kw - error, kw + error]), 3);
    let x = |i: usize| axis.percent(steps[i].0 + QUARTER / 2);
    let drawn = line((0..kw.len()).map(|i| kw[i].map(|kw| (x(i), scale.below_top(kw)))));
    let bands = runs(&kw, Option::is_some).into_iter().map(|run| {
        let edge = |i: usize| {
            let (kw, error) = steps[i].1.unwrap_or_default();
            (x(i), scale.below_top(kw + error), scale.below_top(kw - error))
        };
        band(&run.map(edge).collect::<Vec<_>>())
    });
    let lines = match node {
        Some(_) => vec![("loss-band", bands.collect()), ("line-loss", drawn)],
        None => vec![("line-today", drawn)],
    };
    let hints = steps.iter().filter_map(|(at, value)| {
        let ((kw, error), minute) = ((*value)?, clock.minute(*at));
        let text = match node {
            Some(_) => format!("{minute} {} ± {} kW", fixed(kw, 1), fixed(error, 1)),
            None => format!("{minute} {} kW", about(kw)),
        };
        Some(hint(axis.percent(*at), axis.percent(*at + QUARTER), text))
    });
    let step = node.and_then(|node| node.losses.step).map(|step| {
        let place = axis.percent(step.at);
        let (anchor, shift) = if place > 50.0 { ("end", -8) } else { ("start", 8) };
        let text = words::step(&fixed(step.power_kw.abs(), 1), &clock.minute(step.at));
        remark(place, 22.0, (shift, 0), anchor, "plot-remark", text)
    });
    let edge = |i: usize| axis.percent(first + QUARTER * i32::try_from(i).unwrap_or_default());
    let missing = gaps(&kw).into_iter().map(|run| gap(edge(run.start), edge(run.end)));
    let content = html! {
        {missing.collect::<Html>()}
        {paths(lines)}
        {step}
        {hints.collect::<Html>()}
    };
    let label = match node {
        Some(_) => words::loss_label(&page.card.name),
        None => words::power_label(&page.card.name),
    };
    let site = &page.shown.site;
    let plot = plot(label, scale, hours(&site.zone, (first, end), TICK_HOURS), content);
    let known = steps.iter().rev().filter_map(|(at, value)| Some((*at, (*value)?)));
    let rows = Rows::of(known).cell(Column::of_head(&words::TIME), |(at, _)| Value::Time(at));
    let rows = if node.is_some() {
        let rows = rows.figure(Column::of_head(&words::LOSS_KW), 1, |(_, (kw, _))| kw);
        rows.figure(Column::of_head(&words::ERROR_KW), 1, |(_, (_, error))| error)
    } else {
        let kw = |kw: f64| Value::Number(kw, places(kw));
        rows.cell(Column::of_head(&words::POWER_KW), |(_, (value, _))| kw(value))
    };
    let files = Downloads::of_window(site, (first, end), page.shown.now);
    Some(files.plotted("selected", title.get(), plot, files.rows(&page.card.name, rows)))
}
