//! Where the energy came from, meter by meter and day by day, and when most of it was drawn.

use chrono::Datelike as _;
use domain::meters::SourceKind;
use domain::reports::view::ReportPage;
use domain::reports::{Day, Report, SourceEnergy};
use markup::{Html, html};

use super::chart::{self, BATTERY, Bar, DIESEL, GRID, SOLAR};
use super::summary::delivered;
use super::{figures_head, picture, section, table, text_head};
use texts::figures;
use texts::language::Text;
use texts::words::report as words;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::plot::data_table;
use ui::drawing::parts::{kwh, percent, time};

/// Less than this is not worth a sentence, kWh and share.
const UNDATED: (f64, f64) = (0.5, 0.001);

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    html! {
        {section("sources", words::SOURCES, sources(report))}
        {section("days", words::DAYS, days(report))} {section("peaks", words::PEAKS, peaks(page))}
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

fn sources(report: &Report) -> Html {
    let whole = delivered(report);
    let share = |kwh: f64| {
        if whole > 0.0 { figures::fixed(kwh / whole * 100.0, 1) } else { UNKNOWN.to_owned() }
    };
    let row = |source: &SourceEnergy| {
        vec![
            source.meter_name.clone(),
            kind(source.kind).into(),
            source.kwh.map_or_else(|| UNKNOWN.to_owned(), kwh),
            source.kwh.map_or_else(|| UNKNOWN.to_owned(), share),
            kwh(source.returned_kwh),
            kwh(source.estimated_kwh),
            percent(source.coverage),
        ]
    };
    let sum = |of: fn(&SourceEnergy) -> f64| report.sources.iter().map(of).sum::<f64>();
    let total = vec![
        words::SUM.into(),
        String::new(),
        kwh(whole),
        share(whole),
        kwh(sum(|source| source.returned_kwh)),
        kwh(sum(|source| source.estimated_kwh)),
        percent(report.loss.coverage),
    ];
    let heads = [
        text_head(words::SOURCE),
        text_head(words::KIND),
        figures_head(words::KWH),
        figures_head(words::SHARE),
        figures_head(words::RETURNED),
        figures_head(words::ESTIMATED),
        figures_head(words::COVERAGE_PERCENT),
    ];
    let undated = report.undated_kwh;
    let is_told = undated.abs() > UNDATED.0 && undated.abs() > whole * UNDATED.1;
    html! {
        {table(&words::SOURCES, &heads, report.sources.iter().map(row).collect(), Some(total))}
        {is_told.then(|| html! { <p class="note">{words::undated(&kwh(undated))}</p> })}
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
    let legend: Vec<chart::Named> = legend.map(|(name, colour, _)| (name.into(), colour)).collect();
    let days: Vec<Bar> = report.days.iter().map(bar).collect();
    chart::columns(&words::DAYS_CHART, &legend, &days)
}

fn days(report: &Report) -> Html {
    let unknown = || UNKNOWN.to_owned();
    let row = |day: &Day| {
        let energy = |of: fn(&domain::reports::Inflow) -> f64| {
            day.energy.as_ref().map_or_else(unknown, |energy| kwh(of(energy)))
        };
        vec![
            time::short_day(day.date),
            energy(|energy| energy.grid_kwh),
            energy(|energy| energy.solar_kwh),
            energy(|energy| energy.diesel_kwh),
            energy(|energy| energy.battery_kwh),
            energy(|energy| energy.estimated_kwh),
            percent(day.coverage),
            day.lost.map_or_else(unknown, |lost| kwh(lost.kwh)),
            day.lost.map_or_else(unknown, |lost| kwh(lost.error_kwh)),
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
    html! {
        {picture(days_chart(report))}
        {data_table(heads.map(String::from).into(), report.days.iter().map(row))}
    }
}

fn peaks(page: &ReportPage) -> Html {
    let row = |source: &SourceEnergy| {
        let peak = source.peak?;
        Some(vec![
            source.meter_name.clone(),
            kind(source.kind).into(),
            figures::fixed(peak.kw, 1),
            time::weekday_minute(&page.site, peak.at),
        ])
    };
    let heads = [
        text_head(words::SOURCE),
        text_head(words::KIND),
        figures_head(words::PEAK_KW),
        figures_head(words::PEAK_AT),
    ];
    table(&words::PEAKS, &heads, page.report.sources.iter().filter_map(row).collect(), None)
}
