//! How the loss of a node went, step by step, with its error.

use domain::losses::balance::Verdict;
use domain::losses::view::{Chosen, LossesPage, TrendStep};
use markup::{Html, html};
use texts::{figures, language};

use super::change;
use texts::words::losses as words;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::figure::fixed;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, data_table, gap, hint, plot, ticks};

/// The part of a step's width that its bar takes.
const BAR: f64 = 0.76;

pub(super) fn draw(page: &LossesPage, chosen: &Chosen) -> Html {
    let shown = &page.shown;
    if page.trend.iter().all(|step| step.kwh.is_none()) {
        return html! { <p class="note trend">{words::NO_TREND}</p> };
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
    let label =
        words::trend_label(&chosen.name, &shown.period.label(shown.today(), language::now()));
    let earlier = page.before.as_ref().map(|_| change::label(shown));
    let rows = page.trend.iter().enumerate().filter_map(|(i, step)| {
        let own = [
            Clock(shown).within(step.from),
            figures::fixed(step.kwh?, 1),
            figures::fixed(step.error_kwh, 1),
            figures::fixed(step.coverage * 100.0, 1),
        ];
        let before = earlier.as_ref().map(|_| fixed(change::step_before(page, i, step), 1));
        Some(own.into_iter().chain(before).collect())
    });
    let heads = [words::TIME, words::LOSS_KWH, words::ERROR_KWH, words::COVERAGE].map(String::from);
    let heads = heads.into_iter().chain(earlier.as_ref().map(|before| format!("{before} kWh")));
    let said = earlier.as_ref().map(|_| words::trend_before(&change::name(shown)));
    let content = html! { {bars} {change::trend_line(page, scale)} };
    html! {
        <section class="trend" aria-labelledby="trend">
            <h2 id="trend">
                {words::TREND} " "
                <span class="note">{words::trend_note(&chosen.name)} {said}</span>
            </h2>
            {plot(label, scale, ticks(shown, axis, &bounds), content)}
            {data_table(heads.collect(), rows)}
        </section>
    }
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
