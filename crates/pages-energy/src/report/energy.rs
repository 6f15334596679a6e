//! Where the energy came from, meter by meter and day by day, and when most of it was drawn.

use super::summary::delivered;
use super::{chart, downloads, section, table};
use crate::parts::note;
use crate::picture::{self, BATTERY, Bar, DIESEL, GRID, SOLAR};
use chrono::Datelike as _;
use domain::meters::SourceKind;
use domain::reports::view::ReportPage;
use domain::reports::{Day, Inflow, Report, SourceEnergy};
use markup::{Html, html};
use plotters::style::RGBColor;
use tables::{Column, Rows, Table, Value};
use texts::figures;
use texts::language::Text;
use texts::words::report as words;

/// Less than this is not worth a sentence, kWh and share.
const UNDATED: (f64, f64) = (0.5, 0.001);

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    let days = html! {
        {chart(days_chart(report))}
        {downloads(page).behind("days", table_of_days(page), || days_chart(report))}
    };
    let peaks = table(page, "peaks", table_of_peaks(page), usize::MAX, None);
    html! {
        {section("sources", words::SOURCES, sources(page))}
        {section("days", words::DAYS, days)}
        {section("peaks", words::PEAKS, peaks)}
    }
}

/// A load that is a source supplies.
const fn kind(kind: SourceKind) -> Text {
    match kind {
        SourceKind::Load => words::LOAD,
        other => crate::meters::kind(other),
    }
}

fn share(report: &Report, kwh: f64) -> Value {
    let whole = delivered(report);
    Value::number((whole > 0.0).then(|| kwh / whole * 100.0), 1)
}

pub(super) fn table_of_sources(page: &ReportPage) -> Table {
    let report = &page.report;
    let rows = Rows::of(&report.sources)
        .text(words::SOURCE, |source| &source.meter_name)
        .text(words::KIND, |source| kind(source.kind))
        .figure(Column::in_unit(words::ENERGY_OF_SOURCE, words::KWH), 1, |source| source.kwh)
        .cell(Column::of_head(&words::SHARE), |source| {
            source.kwh.map_or(Value::Unknown, |kwh| share(report, kwh))
        })
        .figure(Column::of_head(&words::RETURNED), 1, |source| source.returned_kwh)
        .figure(Column::of_head(&words::ESTIMATED), 1, |source| source.estimated_kwh)
        .percent(Column::of_head(&words::COVERAGE_PERCENT), |source| source.coverage);
    downloads(page).rows(words::SOURCES, rows)
}

fn sources(page: &ReportPage) -> Html {
    let report = &page.report;
    let whole = delivered(report);
    let kwh = |value: f64| Value::Number(value, 1);
    let sum = |of: fn(&SourceEnergy) -> f64| report.sources.iter().map(of).sum::<f64>();
    let total = vec![
        Value::text(words::SUM),
        Value::text(""),
        kwh(whole),
        share(report, whole),
        kwh(sum(|source| source.returned_kwh)),
        kwh(sum(|source| source.estimated_kwh)),
        Value::percent(report.loss.coverage),
    ];
    let undated = report.undated_kwh;
    let is_told = undated.abs() > UNDATED.0 && undated.abs() > whole * UNDATED.1;
    html! {
        {table(page, "sources", table_of_sources(page), usize::MAX, Some(total))}
        {is_told.then(|| note(words::undated(&figures::fixed(undated, 1))))}
    }
}

/// A kind of source: its name, the head of its column, its colour, and its energy.
type Kind = (Text, Text, RGBColor, fn(&Inflow) -> f64);

const KINDS: [Kind; 4] = [
    (words::GRID, words::GRID_KWH, GRID, |energy| energy.grid_kwh),
    (words::SOLAR, words::SOLAR_KWH, SOLAR, |energy| energy.solar_kwh),
    (words::DIESEL, words::DIESEL_KWH, DIESEL, |energy| energy.diesel_kwh),
    (words::BATTERY, words::BATTERY_KWH, BATTERY, |energy| energy.battery_kwh),
];

pub(super) fn days_chart(report: &Report) -> Option<String> {
    let bar = |day: &Day| {
        let energy = day.energy.unwrap_or_default();
        Bar {
            name: day.date.day().to_string(),
            parts: KINDS.map(|(_, _, colour, of)| (of(&energy), colour)).into(),
            error: None,
        }
    };
    let used = KINDS.into_iter().filter(|(.., of)| of(&report.total.energy) > 0.0);
    let legend: Vec<picture::Named> =
        used.map(|(name, _, colour, _)| (name.into(), colour)).collect();
    picture::columns(&words::DAYS_CHART, &legend, report.days.iter().map(bar), None)
}

pub(super) fn table_of_days(page: &ReportPage) -> Table {
    let days =
        Rows::of(&page.report.days).cell(Column::of_head(&words::DAY), |day| Value::Day(day.date));
    let rows = KINDS.into_iter().fold(days, |rows, (_, head, _, of)| {
        rows.figure(Column::of_head(&head), 1, |day| day.energy.as_ref().map(of))
    });
    let rows = rows
        .figure(Column::of_head(&words::ESTIMATED), 1, |day| Some(day.energy?.estimated_kwh))
        .percent(Column::of_head(&words::COVERAGE_PERCENT), |day| day.coverage)
        .figure(Column::of_head(&words::LOSS_KWH), 1, |day| day.lost.map(|lost| lost.kwh))
        .figure(Column::of_head(&words::ERROR_KWH), 1, |day| day.lost.map(|lost| lost.error_kwh));
    downloads(page).rows(words::DAYS, rows)
}

pub(super) fn table_of_peaks(page: &ReportPage) -> Table {
    let peaks = page.report.sources.iter().filter_map(|source| Some((source, source.peak?)));
    let rows = Rows::of(peaks)
        .text(words::SOURCE, |(source, _)| &source.meter_name)
        .text(words::KIND, |(source, _)| kind(source.kind))
        .figure(Column::of_head(&words::PEAK_KW), 1, |(_, peak)| peak.kw)
        .cell(words::PEAK_AT, |(_, peak)| Value::Time(peak.at));
    downloads(page).rows(words::PEAKS, rows)
}
