//! What the month was, in words, and its figures.

use super::{downloads, section};
use domain::losses::balance::Verdict;
use domain::reports::Report;
use domain::reports::view::ReportPage;
use domain::view::COMPARABLE;
use markup::{Html, html};
use tables::{Column, Table, Value};
use texts::figures;
use texts::words::overview::FIGURE;
use texts::words::{carbon, losses, report as words};
use ui::components::figure::{UNKNOWN, change_percent};
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{kwh, percent, time};

/// A month that was read to less than this is said to be read in part.
const PARTLY: f64 = 0.995;

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    let content = html! {
        {state(page).into_iter().map(|said| html! { <p class="report-state">{said}</p> }).collect::<Html>()}
        <p class="report-summary">{sentences(report).join(" ")}</p>
        <dl class="bill-figures">{figures_of(page)}</dl>
    };
    section("summary", words::SUMMARY, content)
}

/// What is to be known before anything is read.
pub(super) fn state(page: &ReportPage) -> Vec<String> {
    let report = &page.report;
    let until = page.site.date_at(report.to);
    let until = format!("{} {}", time::short_day(until), time::minute(&page.site, report.to));
    let running = (!report.is_over).then(|| words::under_way(&until));
    let coverage = report.loss.coverage;
    let partly = (coverage < PARTLY).then(|| words::partly(&percent(coverage)));
    running.into_iter().chain(partly).collect()
}

/// The same sentences stand in a mail.
pub(super) fn sentences(report: &Report) -> Vec<String> {
    let before = report.before().filter(|_| report.is_over).map(|month| &month.total);
    let before = before.filter(|total| total.coverage >= COMPARABLE);
    let into = delivered(report);
    let change = before.and_then(|total| change_percent(Some(into), Some(total.energy.kwh())));
    let mut said = vec![words::energy_in(&kwh(into), change.as_deref())];
    said.extend(loss(report));
    said.extend(report.loss.saving.map(|saving| {
        let cost = saving.cost.map(|cost| with_sign(cost, &report.currency));
        let carbon = saving.co2_kg.map(figures::about);
        losses::real_loss(&losses::saving(cost.as_deref(), carbon.as_deref(), &kwh(saving.kwh)))
    }));
    if let Some(share) = report.solar.percent.filter(|share| *share > 0.0) {
        let offset = figures::about(report.carbon.offset_kg);
        said.push(words::solar(&figures::fixed(share, 1), &offset));
    }
    said.push(words::carbon(&figures::about(report.carbon.net_kg())));
    said.push(words::alarmed(report.alarms.count, report.alarms.critical));
    said
}

/// Energy that the sources delivered, kWh.
pub(super) fn delivered(report: &Report) -> f64 {
    report.sources.iter().filter_map(|source| source.kwh).sum()
}

fn loss(report: &Report) -> Vec<String> {
    let loss = &report.loss;
    let Some(lost) = loss.kwh else { return vec![words::blind(&loss.missing.join(", "))] };
    let left_out = (!loss.left_out.is_empty()).then(|| losses::left_out(&loss.left_out.join(", ")));
    let mut said = match loss.verdict {
        Verdict::WithinError | Verdict::Incomplete => {
            vec![words::balanced(&kwh(lost), &kwh(loss.error_kwh))]
        }
        Verdict::Negative => vec![words::negative(&kwh(-lost))],
        Verdict::Loss => {
            let share = loss.percent.map(|percent| figures::fixed(percent, 1));
            let whole = words::lost(&kwh(lost), &kwh(loss.error_kwh), share.as_deref());
            let worst = report.nodes.first().filter(|node| node.loss.verdict == Verdict::Loss);
            let mostly =
                worst.and_then(|node| Some(words::mostly(&node.name, &kwh(node.loss.kwh?))));
            std::iter::once(whole).chain(mostly).collect()
        }
    };
    said.extend(left_out);
    said
}

/// The figures below and the error of the loss, for the workbook.
pub(super) fn table_of_figures(page: &ReportPage) -> Table {
    let (report, loss) = (&page.report, &page.report.loss);
    let sign = figures::currency_sign(&report.currency);
    let (net, cost) = (report.carbon.net_kg(), loss.saving.and_then(|saving| saving.cost));
    let rows = [
        (Column::in_unit(words::ENERGY, "kWh"), Value::Number(delivered(report), 1)),
        (Column::in_unit(words::LOSS, "kWh"), Value::number(loss.kwh, 1)),
        (Column::of_head(&words::ERROR_KWH), Value::number(loss.kwh.map(|_| loss.error_kwh), 1)),
        (Column::in_unit(words::LOSS, "%"), Value::number(loss.percent, 1)),
        (Column::in_unit(losses::SAVING, sign), Value::from(cost)),
        (Column::in_unit(words::NET, "kg CO₂"), Value::Number(net, figures::places(net))),
        (Column::of_head(&words::COVERAGE_PERCENT), Value::percent(loss.coverage)),
    ];
    let rows = rows.into_iter().map(|(name, value)| vec![Value::text(name.head()), value]);
    let columns = vec![Column::new(FIGURE), Column::new(carbon::VALUE)];
    downloads(page).table(words::SUMMARY, columns, rows.collect())
}

fn figures_of(page: &ReportPage) -> Html {
    let report = &page.report;
    let shared = SharedFigures::of_month(&page.site, report.month);
    let loss = &report.loss;
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| UNKNOWN.to_owned());
    let item = |name: String, value: Html, unit: &'static str| {
        html! {
            <div class="bill-figure">
                <dt>{name}</dt>
                <dd>
                    {value} <span class="unit">{unit}</span>
                </dd>
            </div>
        }
    };
    let percent_lost = loss.percent.map(|share| figures::fixed(share, 1));
    let cost = loss.saving.and_then(|saving| saving.cost);
    let cost = cost.map(|cost| with_sign(cost, &report.currency));
    html! {
        {item(words::ENERGY.into(), shared.mark("energy.in", kwh(delivered(report))), "kWh")}
        {item(words::LOSS.into(), shared.mark("loss.kwh", or_unknown(loss.kwh.map(kwh))), "kWh")}
        {item(words::LOSS.into(), shared.mark("loss.percent", or_unknown(percent_lost)), "%")}
        {item(losses::SAVING.into(), shared.mark("loss.saving", or_unknown(cost)), "")}
        {item(words::NET.into(), shared.mark("carbon.net.kg", figures::about(report.carbon.net_kg())), "kg CO₂")}
        {item(words::COVERAGE.into(), shared.mark("coverage", percent(loss.coverage)), "%")}
    }
}
