//! Where the energy came from, meter by meter and day by day, and when most of it was drawn.

use chrono::Datelike as _;
use domain::meters::SourceKind;
use domain::reports::view::ReportPage;
use domain::reports::{Day, Inflow, Report, SourceEnergy};
use markup::{Html, html};

use super::summary::delivered;
use super::{chart, downloads, section, table};
use crate::picture::{self, BATTERY, Bar, DIESEL, GRID, SOLAR};
use tables::{Column, Table, Value};
use texts::figures;
use texts::language::Text;
use texts::words::report as words;

/// Less than this is not worth a sentence, kWh and share.
const UNDATED: (f64, f64) = (0.5, 0.001);

pub(super) fn draw(page: &ReportPage) -> Html {
    html! {
        {section("sources", words::SOURCES, sources(page))}
        {section("days", words::DAYS, days(page))} {section("peaks", words::PEAKS, peaks(page))}
    }
}

const fn kind(kind: SourceKind) -> Text {
    match kind {
        SourceKind::Grid => words::GRID,
        SourceKind::Solar => words::SOLAR,
        SourceKind::Diesel => words::DIESEL,
        SourceKind::Battery => words::BATTERY,
        SourceKind::Load => words::LOAD,
    }
}

fn share(report: &Report, kwh: f64) -> Value {
    let whole = delivered(report);
    Value::number((whole > 0.0).then(|| kwh / whole * 100.0), 1)
}

pub(super) fn table_of_sources(page: &ReportPage) -> Table {
    let report = &page.report;
    let row = |source: &SourceEnergy| {
        vec![
            Value::text(&source.meter_name),
            Value::text(kind(source.kind)),
            Value::number(source.kwh, 1),
            source.kwh.map_or(Value::Unknown, |kwh| share(report, kwh)),
            Value::Number(source.returned_kwh, 1),
            Value::Number(source.estimated_kwh, 1),
            Value::percent(source.coverage),
        ]
    };
    let columns = vec![
        Column::new(words::SOURCE),
        Column::new(words::KIND),
        Column::in_unit(words::ENERGY_OF_SOURCE, words::KWH),
        Column::of_head(&words::SHARE),
        Column::of_head(&words::RETURNED),
        Column::of_head(&words::ESTIMATED),
        Column::of_head(&words::COVERAGE_PERCENT),
    ];
    let rows = report.sources.iter().map(row).collect();
    downloads(page).table(words::SOURCES, columns, rows)
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
        {is_told.then(|| html! { <p class="note">{words::undated(&figures::fixed(undated, 1))}</p> })}
    }
}

/// Energy by day, stacked by source.
pub(super) fn days_chart(report: &Report) -> Option<String> {
    let bar = |day: &Day| {
        let energy = day.energy.unwrap_or_default();
        Bar {
            name: day.date.day().to_string(),
            parts: vec![
                (energy.grid_kwh, GRID),
                (energy.solar_kwh, SOLAR),
                (energy.diesel_kwh, DIESEL),
                (energy.battery_kwh, BATTERY),
            ],
            error: None,
        }
    };
    let all = &report.total.energy;
    let kinds = [
        (words::GRID, GRID, all.grid_kwh),
        (words::SOLAR, SOLAR, all.solar_kwh),
        (words::DIESEL, DIESEL, all.diesel_kwh),
        (words::BATTERY, BATTERY, all.battery_kwh),
    ];
    let legend = kinds.into_iter().filter(|(_, _, kwh)| *kwh > 0.0);
    let legend: Vec<picture::Named> =
        legend.map(|(name, colour, _)| (name.into(), colour)).collect();
    let days: Vec<Bar> = report.days.iter().map(bar).collect();
    picture::columns(&words::DAYS_CHART, &legend, &days, None)
}

pub(super) fn table_of_days(page: &ReportPage) -> Table {
    let row = |day: &Day| {
        let energy = |of: fn(&Inflow) -> f64| Value::number(day.energy.as_ref().map(of), 1);
        vec![
            Value::Day(day.date),
            energy(|energy| energy.grid_kwh),
            energy(|energy| energy.solar_kwh),
            energy(|energy| energy.diesel_kwh),
            energy(|energy| energy.battery_kwh),
            energy(|energy| energy.estimated_kwh),
            Value::percent(day.coverage),
            Value::number(day.lost.map(|lost| lost.kwh), 1),
            Value::number(day.lost.map(|lost| lost.error_kwh), 1),
        ]
    };
    let heads = [
        words::DAY,
        words::GRID_KWH,
        words::SOLAR_KWH,
        words::DIESEL_KWH,
        words::BATTERY_KWH,
        words::ESTIMATED,
        words::COVERAGE_PERCENT,
        words::LOSS_KWH,
        words::ERROR_KWH,
    ];
    let columns = heads.iter().map(|head| Column::of_head(head)).collect();
    downloads(page).table(words::DAYS, columns, page.report.days.iter().map(row).collect())
}

fn days(page: &ReportPage) -> Html {
    let report = &page.report;
    html! {
        {chart(days_chart(report))}
        {downloads(page).behind("days", table_of_days(page), || days_chart(report))}
    }
}

pub(super) fn table_of_peaks(page: &ReportPage) -> Table {
    let row = |source: &SourceEnergy| {
        let peak = source.peak?;
        Some(vec![
            Value::text(&source.meter_name),
            Value::text(kind(source.kind)),
            Value::Number(peak.kw, 1),
            Value::Time(peak.at),
        ])
    };
    let columns = vec![
        Column::new(words::SOURCE),
        Column::new(words::KIND),
        Column::of_head(&words::PEAK_KW),
        Column::new(words::PEAK_AT),
    ];
    let rows = page.report.sources.iter().filter_map(row).collect();
    downloads(page).table(words::PEAKS, columns, rows)
}

fn peaks(page: &ReportPage) -> Html {
    table(page, "peaks", table_of_peaks(page), usize::MAX, None)
}
