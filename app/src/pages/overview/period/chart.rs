//! Energy into the site over a period, step by step, with the period before as a line.

use domain::overview::comparison::{Figure, InputStep, PeriodOverview};
use domain::view::GridMeter;
use markup::{Html, html};

use super::{files, name, name_before};
use texts::words::overview as words;
use texts::{figures, language};
use ui::components::chart::path::line;
use ui::components::chart::scale::Scale;
use ui::components::figure;
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::{Axis, column, gap, hint, paths, plot, ticks};
use ui::drawing::parts::{Clock, noted};
use ui::drawing::{alert_of_demand, link};

/// A step that is read to less than this is hatched.
const HATCHED: f64 = 0.5;

pub(super) fn draw(page: &PeriodOverview, grid: Option<&GridMeter>) -> Html {
    let step = page.shown.period.chart_step(page.shown.today()).name(language::now());
    let line = page.before.as_ref().map(|_| name_before(page));
    let is_empty = page.steps.iter().chain(&page.steps_before).all(|step| step.kwh.is_none());
    let note = words::steps_note(step, &name(page), line.as_deref());
    let downloads = Downloads::of(&page.shown);
    let body = if is_empty {
        html! {
            <p class="note">{texts::words::energy::NOTHING}</p>
            {downloads.offer("input", || files::steps(page))}
        }
    } else {
        html! {
            {downloads.plotted("input", &note, bars(page, step), files::steps(page))}
            {alert_of_demand(|path| link(&page.shown, path), grid)}
        }
    };
    html! {
        <section class="site-input">
            <h2>{noted(words::INPUT, note)}</h2>
            {body}
        </section>
    }
}

fn bars(page: &PeriodOverview, step: &str) -> Html {
    let shown = &page.shown;
    let axis = Axis::new(shown.whole.from, shown.whole.to);
    let all = page.steps.iter().chain(&page.steps_before);
    let scale = Scale::nice(all.filter_map(|step| step.kwh), 4);
    let bounds: Vec<_> = page.steps.iter().map(|step| (step.from, step.to)).collect();
    let pairs = page.pairs();
    let before = pairs.beside.iter().map(|before| before.and_then(|before| before.kwh));
    let steps: Vec<(&InputStep, Option<f64>)> = page.steps.iter().zip(before).collect();
    let before = steps.iter().map(|(step, before)| {
        let middle = f64::midpoint(axis.percent(step.from), axis.percent(step.to));
        before.map(|kwh| (middle, scale.below_top(kwh)))
    });
    let before = paths(vec![("line-before", line(before))]);
    let steps = steps.into_iter().map(|step| bar(page, (axis, scale), step)).collect::<Html>();
    let kwh = figure::about(page.compare(Figure::Input).value);
    let content = html! { {steps} {before} };
    plot(words::steps_label(&name(page), step, &kwh), scale, ticks(shown, axis, &bounds), content)
}

/// A step, with the energy of the one beside it in the period before.
fn bar(
    page: &PeriodOverview,
    (axis, scale): (Axis, Scale),
    (step, before): (&InputStep, Option<f64>),
) -> Html {
    let (from, to) = (axis.percent(step.from), axis.percent(step.to));
    let has_come = step.to <= page.shown.now;
    let silent = (has_come && step.coverage < HATCHED).then(|| gap(from, to));
    let rect = step.kwh.and_then(|kwh| column(scale, (from, to), "bar-energy", (0.0, kwh)));
    let before = before.map(figures::about);
    let text = words::step_hint(
        &Clock(&page.shown).within(step.from),
        &figure::about(step.kwh),
        before.as_deref(),
    );
    html! { {silent} {rect} {hint(from, to, text)} }
}
