//! How the loss of a node went, step by step, with its error.

use super::change;
use crate::parts::heading;
use crate::picture::{self, Bar};
use crate::steps;
use domain::losses::balance::Verdict;
use domain::losses::view::{Chosen, LossesPage, TrendStep};
use markup::{Html, html};
use tables::{Column, Table};
use texts::figures;
use texts::words::losses as words;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::drawing::files::Downloads;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, gap, hint, plot, ticks};

/// The part of a step's width that its bar takes.
const BAR: f64 = 0.76;

pub(super) fn draw(page: &LossesPage, chosen: &Chosen) -> Html {
    let shown = &page.shown;
    if page.trend.iter().all(|step| step.kwh.is_none()) {
        return html! {
            <p class="note trend">{words::NO_TREND}</p>
            {Downloads::of(shown).offer("loss-trend", || table(page, chosen))}
        };
    }
    let axis = Axis::new(shown.whole.from, shown.whole.to);
    let ends = page.trend.iter().filter_map(|step| {
        let kwh = step.kwh?;
        Some([kwh - step.error_kwh, kwh + step.error_kwh])
    });
    let before = page.trend_before.iter().filter_map(|step| step.kwh);
    let scale = Scale::nice(ends.flatten().chain(before), 4);
    let bounds: Vec<_> = page.trend.iter().map(|step| (step.from, step.to)).collect();
    let bars = page.trend.iter().map(|step| bar(page, axis, scale, step)).collect::<Html>();
    let label = words::trend_label(&chosen.name, &steps::label(shown));
    let said = page.before.as_ref().map(|_| words::trend_before(&steps::before_label(shown)));
    let content = html! { {bars} {change::trend_line(page, scale)} };
    html! {
        <section class="trend" aria-labelledby="trend">
            {heading(Some("trend"), words::TREND, html! { {words::trend_note(&chosen.name)} {said} })}
            {plot(label, scale, ticks(shown, axis, &bounds), content)}
            {Downloads::of(shown).behind("loss-trend", table(page, chosen), || picture(page, chosen))}
        </section>
    }
}

fn table(page: &LossesPage, chosen: &Chosen) -> Table {
    let shown = &page.shown;
    let both = (&page.trend[..], &page.trend_before[..]);
    let rows = steps::rows(shown, both, |step| step.from, |step| step.kwh)
        .figure(Column::in_unit(words::LOSS_HEAD, "kWh"), 1, |(step, _)| step?.kwh)
        .figure(Column::in_unit(words::ERROR, "± kWh"), 1, |(step, _)| {
            step?.kwh.and(step).map(|step| step.error_kwh)
        })
        .percent(Column::in_unit(words::COVERAGE, "%"), |(step, _)| step.map(|it| it.coverage));
    let head = (words::LOSS_HEAD, "kWh", 1);
    let rows = steps::beside_before(shown, rows, head, |step| step.kwh);
    Downloads::of(shown).rows(&chosen.name, rows)
}

fn picture(page: &LossesPage, chosen: &Chosen) -> Option<String> {
    let shown = &page.shown;
    let bar = |step: &TrendStep| {
        let colour = match Verdict::of(step.kwh, step.error_kwh) {
            Verdict::Loss | Verdict::Negative => picture::LOSS,
            Verdict::WithinError | Verdict::Incomplete => picture::QUIET,
        };
        Bar {
            name: steps::tick(shown, step.from),
            parts: vec![(step.kwh.unwrap_or_default(), colour)],
            error: step.kwh.map(|_| step.error_kwh),
        }
    };
    let label = words::trend_label(&chosen.name, &steps::label(shown));
    let line = steps::line_before(shown, change::trend_points(page));
    picture::columns(&format!("{label}, kWh"), &[], page.trend.iter().map(bar), line)
}

fn bar(page: &LossesPage, axis: Axis, scale: Scale, step: &TrendStep) -> Option<Html> {
    let (from, to) = (axis.percent(step.from), axis.percent(step.to));
    let has_come = step.from < page.shown.now;
    let Some(kwh) = step.kwh else {
        return has_come.then(|| gap(from, to));
    };
    let margin = (to - from) * (1.0 - BAR) / 2.0;
    let (zero, end) = (scale.below_top(0.0), scale.below_top(kwh));
    let class = match Verdict::of(Some(kwh), step.error_kwh) {
        Verdict::Loss => "fill-loss bar-part",
        Verdict::Negative => "bar-negative",
        Verdict::WithinError | Verdict::Incomplete => "fill-within bar-part",
    };
    let middle = percent(f64::midpoint(from, to));
    let text = words::trend_hint(
        &Clock(&page.shown).within(step.from),
        &figures::fixed(kwh, 1),
        &figures::fixed(step.error_kwh, 1),
    );
    Some(html! {
        <rect
            class=class
            x=percent(from + margin)
            width=percent((to - from) * BAR)
            y=percent(zero.min(end))
            height=percent((zero - end).abs())
        />
        <g class="whisker">
            <line
                x1=middle.clone()
                x2=middle
                y1=percent(scale.below_top(kwh - step.error_kwh))
                y2=percent(scale.below_top(kwh + step.error_kwh))
            />
        </g>
        {hint(from, to, text)}
    })
}
