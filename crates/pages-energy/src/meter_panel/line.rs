//! The last 24 hours: the loss of a node with its error band, or the power of a meter.

use chrono::{DateTime, Utc};
use domain::energy::QUARTER;
use domain::meters::view::selected::{LossLine, SelectedPage};
use markup::{Html, html};

use tables::{Column, Value};
use texts::figures::{about, fixed, places};
use texts::language::Text;
use texts::words::selected as words;
use ui::components::chart::path::{band, line};
use ui::components::chart::scale::Scale;
use ui::components::chart::slots::{gaps, runs};
use ui::drawing::files::Downloads;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, gap, hint, hours, paths, plot, remark};

/// Hours between the ticks.
const TICK_HOURS: u32 = 6;

pub(super) fn draw(page: &SelectedPage) -> Html {
    match &page.node {
        Some(node) => loss(page, &node.losses),
        None => power(page),
    }
}

fn loss(page: &SelectedPage, losses: &LossLine) -> Html {
    let steps = &losses.steps;
    let Some((&(first, _), &(last, _))) = steps.first().zip(steps.last()) else {
        return nothing(words::LOSS_LINE);
    };
    let kw: Vec<_> = steps.iter().map(|(_, loss)| loss.map(|(kw, _)| kw)).collect();
    if kw.iter().all(Option::is_none) {
        return nothing(words::LOSS_LINE);
    }
    let end = last + QUARTER;
    let axis = Axis::new(first, end);
    let known = steps.iter().filter_map(|(_, loss)| *loss);
    let scale = Scale::nice(known.flat_map(|(kw, error)| [kw - error, kw + error]), 3);
    let x = |i: usize| axis.percent(steps[i].0 + QUARTER / 2);
    let bands = runs(&kw, Option::is_some).into_iter().map(|run| {
        let edge = |i: usize| {
            let (kw, error) = steps[i].1.unwrap_or_default();
            (x(i), scale.below_top(kw + error), scale.below_top(kw - error))
        };
        band(&run.map(edge).collect::<Vec<_>>())
    });
    let bands: String = bands.collect();
    let drawn = line((0..kw.len()).map(|i| kw[i].map(|kw| (x(i), scale.below_top(kw)))));
    let hints = (0..steps.len()).filter_map(|i| {
        let (kw, error) = steps[i].1?;
        let text =
            format!("{} {} ± {} kW", minute(page, steps[i].0), fixed(kw, 1), fixed(error, 1));
        Some(hint(axis.percent(steps[i].0), axis.percent(steps[i].0 + QUARTER), text))
    });
    let step = losses.step.map(|step| {
        let place = axis.percent(step.at);
        let (anchor, shift) = if place > 50.0 { ("end", -8) } else { ("start", 8) };
        let text = words::step(&fixed(step.power_kw.abs(), 1), &minute(page, step.at));
        remark(place, 22.0, (shift, 0), anchor, "plot-remark", text)
    });
    let content = html! {
        {missing(axis, steps[0].0, &kw)}
        {paths(vec![("loss-band", bands), ("line-loss", drawn)])}
        {step}
        {hints.collect::<Html>()}
    };
    let rows = steps.iter().rev().filter_map(|(at, loss)| {
        let (kw, error) = (*loss)?;
        Some(vec![Value::Time(*at), Value::Number(kw, 1), Value::Number(error, 1)])
    });
    let heads = [words::TIME, words::LOSS_KW, words::ERROR_KW];
    let label = words::loss_label(&page.card.name);
    let plot = plot(label, scale, hours(&page.shown.site.zone, (first, end), TICK_HOURS), content);
    section(page, words::LOSS_LINE, (first, end), plot, (&heads, rows.collect()))
}

fn power(page: &SelectedPage) -> Html {
    let kw = &page.power;
    if kw.iter().all(Option::is_none) {
        return nothing(words::POWER_LINE);
    }
    let end = domain::energy::floor(page.shown.now, QUARTER).unwrap_or(page.shown.now);
    let first = end - QUARTER * i32::try_from(kw.len()).unwrap_or_default();
    let axis = Axis::new(first, end);
    let start = |i: usize| first + QUARTER * i32::try_from(i).unwrap_or_default();
    let scale = Scale::nice(kw.iter().flatten().copied(), 3);
    let x = |i: usize| axis.percent(start(i) + QUARTER / 2);
    let drawn = line((0..kw.len()).map(|i| kw[i].map(|kw| (x(i), scale.below_top(kw)))));
    let hints = (0..kw.len()).filter_map(|i| {
        let text = format!("{} {} kW", minute(page, start(i)), about(kw[i]?));
        Some(hint(axis.percent(start(i)), axis.percent(start(i) + QUARTER), text))
    });
    let content = html! {
        {missing(axis, first, kw)}
        {paths(vec![("line-today", drawn)])}
        {hints.collect::<Html>()}
    };
    let rows = (0..kw.len()).rev().filter_map(|i| {
        let kw = kw[i]?;
        Some(vec![Value::Time(start(i)), Value::Number(kw, places(kw))])
    });
    let heads = [words::TIME, words::POWER_KW];
    let label = words::power_label(&page.card.name);
    let plot = plot(label, scale, hours(&page.shown.site.zone, (first, end), TICK_HOURS), content);
    section(page, words::POWER_LINE, (first, end), plot, (&heads, rows.collect()))
}

/// Stretches that nobody knows, hatched.
fn missing(axis: Axis, first: DateTime<Utc>, points: &[Option<f64>]) -> Html {
    let at = |i: usize| axis.percent(first + QUARTER * i32::try_from(i).unwrap_or_default());
    let runs = gaps(points).into_iter().map(|run| gap(at(run.start), at(run.end)));
    runs.collect::<Html>()
}

fn minute(page: &SelectedPage, at: DateTime<Utc>) -> String {
    Clock(&page.shown).minute(at)
}

fn section(
    page: &SelectedPage,
    title: Text,
    window: (DateTime<Utc>, DateTime<Utc>),
    plot: Html,
    (heads, rows): (&[Text], Vec<Vec<Value>>),
) -> Html {
    let downloads = Downloads::of_window(&page.shown.site, window, page.shown.now);
    let columns = heads.iter().map(|head| Column::of_head(head)).collect();
    let table = downloads.table(&page.card.name, columns, rows);
    html! {
        <section class="detail-line">
            <h3 class="note">{title.get()}</h3>
            {downloads.plotted("selected", title.get(), plot, table)}
        </section>
    }
}

fn nothing(title: Text) -> Html {
    html! {
        <section class="detail-line">
            <h3 class="note">{title.get()}</h3>
            <p class="note">{words::NO_LINE.get()}</p>
        </section>
    }
}
