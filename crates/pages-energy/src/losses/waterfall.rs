//! One node as a waterfall: what came in, what each meter took, and what is left over. Its rows are a
//! table, so that names have room on any screen and the figures are read beside the bars.

use super::change;
use super::headline::complete;
use super::ranking::plot_head;
use crate::parts::heading;
use crate::steps;
use domain::losses::balance::Verdict;
use domain::losses::view::{Chosen, Flow, Loss, LossesPage};
use domain::view::PeriodContext;
use markup::{Html, html};
use tables::{Column, Rows, Table};
use texts::words::flow::ENERGY;
use texts::words::losses as words;
use ui::components::chart::scale::Scale;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::whisker::{Fill, bar};
use ui::drawing::parts::{kwh, signed, verdict};
use ui::drawing::{Downloads, link};
use ui::kit;

/// More children than this are added up, but for the one that is named as the cause.
const MOST: usize = 8;

struct Step {
    name: String,
    href: Option<String>,
    kwh: Option<f64>,
    /// Where its bar begins and ends.
    ends: (f64, f64),
    fill: Fill,
}

pub(super) fn draw(page: &LossesPage, chosen: &Chosen) -> Html {
    let note = words::chosen_note(&steps::phrase(&page.shown));
    html! {
        <section class="waterfall" aria-labelledby="waterfall">
            {heading(Some("waterfall"), &chosen.name, note)}
            {table(&page.shown, chosen, page.chosen_before.as_ref())}
        </section>
    }
}

/// Every step of the node, then its loss, for files.
fn data(shown: &PeriodContext, chosen: &Chosen, chosen_before: Option<&Chosen>) -> Table {
    let loss = &chosen.loss;
    let all = steps_of(shown, chosen, usize::MAX);
    let all_before = chosen_before.map(|before| steps_of(shown, before, usize::MAX));
    let of_step =
        |step: &Step| (step.name.clone(), step.kwh, None, kwh_before(all_before.as_deref(), step));
    let left = (
        loss_row(loss),
        loss.kwh,
        loss.kwh.map(|_| loss.error_kwh),
        chosen_before.and_then(|before| before.loss.kwh),
    );
    let all: Vec<_> = all.iter().map(of_step).chain([left]).collect();
    let rows = Rows::of(&all)
        .text(words::STEP, |(name, ..)| name)
        .figure(Column::in_unit(ENERGY, "kWh"), 1, |(_, kwh, ..)| *kwh)
        .figure(Column::in_unit(words::ERROR, "± kWh"), 1, |(_, _, error, _)| *error);
    let rows = match steps::column_before(shown, ENERGY, "kWh") {
        Some(column) => rows.figure(column, 1, |(.., before)| *before),
        None => rows,
    };
    Downloads::of(shown).rows(&chosen.name, rows)
}

fn loss_row(loss: &Loss) -> String {
    words::loss_row(loss.verdict == Verdict::Loss, verdict(loss.verdict).1.get())
}

/// The energy of the same step in the period before.
fn kwh_before(before: Option<&[Step]>, step: &Step) -> Option<f64> {
    let same = |other: &&Step| other.name == step.name && other.href == step.href;
    before?.iter().find(same)?.kwh
}

/// The table of a node's waterfall and its files, for its own page too; beside the period before where that is
/// compared with.
pub(crate) fn table(shown: &PeriodContext, chosen: &Chosen, before: Option<&Chosen>) -> Html {
    let steps = steps_of(shown, chosen, MOST);
    let compares = shown.period.compares();
    let steps_before = before.map(|before| steps_of(shown, before, usize::MAX));
    let value = |kwh: Option<f64>| kwh.map_or_else(|| UNKNOWN.to_owned(), |kwh| signed(kwh, 1));
    let ends = steps.iter().flat_map(|step| [step.ends.0, step.ends.1]);
    let error = chosen.loss.error_kwh;
    let left = chosen.loss.kwh.into_iter().flat_map(|kwh| [kwh + error, kwh - error]);
    let scale = Scale::nice(ends.chain(left), 4);
    let name = |step: &Step| {
        if let Some(href) = &step.href {
            html! { <a href=href>{&step.name}</a> }
        } else {
            html! { {&step.name} }
        }
    };
    let rows = kit::Rows::of(&steps)
        .column(words::STEP, name)
        .column(kit::Column::of_figures(words::KWH), |step| {
            step.kwh.map_or_else(|| words::NOT_KNOWN.into(), |kwh| signed(kwh, 1))
        });
    let rows = if compares {
        rows.column(kit::Column::of_figures(change::label(shown)), |step| {
            value(kwh_before(steps_before.as_deref(), step))
        })
    } else {
        rows
    };
    let left = || value(before.and_then(|before| before.loss.kwh));
    let left = compares.then(|| html! { <td class="num">{left()}</td> });
    let rows = rows
        .column(plot_head(scale), |step| {
            step.kwh.map(|_| bar(scale, step.ends.0, step.ends.1, None, step.fill))
        })
        .foot(left_over(shown, scale, chosen, left));
    html! {
        {rows.table("steps")}
        {Downloads::of(shown).offer("waterfall", || data(shown, chosen, before))}
    }
}

/// The steps of a node; of more children than `most` the smaller ones as one.
fn steps_of(shown: &PeriodContext, chosen: &Chosen, most: usize) -> Vec<Step> {
    let mut level = 0.0;
    let mut steps = Vec::new();
    let mut add = |name: String, href: Option<String>, kwh: Option<f64>, sign: f64, fill: Fill| {
        let from = level;
        level += sign * kwh.unwrap_or(0.0);
        steps.push(Step { name, href, kwh: kwh.map(|kwh| sign * kwh), ends: (from, level), fill });
    };
    let href = |flow: &Flow| Some(link(shown, &format!("/meters/{}", flow.id)));
    let own = chosen.own_kwh;
    add(words::OWN.into(), None, own, 1.0, Fill::Class("fill-load"));
    for feeder in &chosen.feeders {
        add(feeder.name.clone(), href(feeder), feeder.kwh, 1.0, Fill::Class("fill-load"));
    }
    let sum = |flows: &[Flow]| flows.iter().filter_map(|flow| flow.kwh).sum::<f64>();
    let named = own.unwrap_or(0.0) + sum(&chosen.feeders) - sum(&chosen.children);
    // What loads returned and generators drew, where it is worth a line.
    let returned = chosen.loss.kwh.map(|kwh| kwh - (named - chosen.unmetered_kwh));
    if returned.is_some_and(|kwh| kwh.abs() >= 0.05) {
        add(words::RETURNED.into(), None, returned, 1.0, Fill::Class("fill-load"));
    }
    let is_few = chosen.children.len() <= most.saturating_add(1);
    let accused = chosen.cause.as_ref().and_then(|card| card.accused);
    let (mut own_rows, mut small) = (Vec::new(), Vec::new());
    for (place, child) in chosen.children.iter().enumerate() {
        let has_row = is_few || place < most || accused == Some(child.id);
        if has_row { own_rows.push(child) } else { small.push(child) }
    }
    for child in own_rows {
        add(child.name.clone(), href(child), child.kwh, -1.0, Fill::Class("fill-load1"));
    }
    if !small.is_empty() {
        let sum = small.iter().map(|flow| flow.kwh).sum::<Option<f64>>();
        add(words::others(small.len()), None, sum, -1.0, Fill::Class("fill-load1"));
    }
    if chosen.unmetered_kwh > 0.0 {
        let kwh = Some(chosen.unmetered_kwh);
        add(words::UNMETERED.into(), None, kwh, -1.0, Fill::Class("fill-load1"));
    }
    steps
}

fn left_over(shown: &PeriodContext, scale: Scale, chosen: &Chosen, before: Option<Html>) -> Html {
    let loss = &chosen.loss;
    let Some(left) = loss.kwh else {
        let complete = complete(shown, loss);
        let said = loss.missing.iter().cloned().chain(complete).collect::<Vec<_>>();
        return html! {
            <tr class="sum">
                <th scope="row">{loss_row(loss)}</th>
                <td class="num">{UNKNOWN}</td>
                {before}
                <td class="col-plot remark">{said.join(", ")}</td>
            </tr>
        };
    };
    let class = match loss.verdict {
        Verdict::Loss => "num is-loss",
        Verdict::Negative => "num is-negative",
        Verdict::WithinError | Verdict::Incomplete => "num",
    };
    let fill = Fill::of_loss(loss.verdict);
    html! {
        <tr class="sum">
            <th scope="row">{loss_row(loss)}</th>
            <td class=class>{words::left_over(&kwh(left), &kwh(loss.error_kwh))}</td>
            {before}
            <td class="col-plot">{bar(scale, 0.0, left, Some(loss.error_kwh), fill)}</td>
        </tr>
    }
}
