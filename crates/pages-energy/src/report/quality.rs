//! How the meters were read, the alarms, and what the report rests on.

use super::{downloads, section, table};
use crate::parts::note;
use domain::reports::AlarmLine;
use domain::reports::view::ReportPage;
use markup::{Html, html};
use tables::{Column, Rows, Table, Value};
use texts::messages::told;
use texts::words::report as words;

/// Meters in the table, and numbers in a sentence.
const LISTED: usize = 40;
const NAMED: usize = 20;

pub(super) fn table_of_meters(page: &ReportPage) -> Table {
    let report = &page.report;
    let rows = Rows::of(&report.quality)
        .text(words::METER, |meter| &meter.meter_name)
        .percent(Column::of_head(&words::COVERAGE_PERCENT), |meter| meter.coverage)
        .figure(Column::of_head(&words::GAP_HOURS), 1, |meter| meter.gap_hours)
        .figure(Column::of_head(&words::ESTIMATED), 1, |meter| meter.estimated_kwh)
        .figure(words::CORRECTIONS, 0, |meter| f64::from(meter.corrections))
        .figure(words::QUARANTINED, 0, |meter| f64::from(meter.quarantined))
        .figure(words::OUTLIERS, 0, |meter| f64::from(meter.outliers))
        .figure(words::EVENTS, 0, |meter| f64::from(meter.register_events));
    let table = downloads(page).rows(words::QUALITY, rows);
    Table { empty: words::quality(report.meters, 0), ..table }
}

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    let all = report.quality.len();
    // Its file can be had from a page that was drawn before the last of them was read in full.
    let listed = table(page, "quality", table_of_meters(page), LISTED, None);
    let listed = (all > 0).then_some(listed);
    let cut = (all > LISTED).then(|| note(words::shortened(LISTED, all)));
    let unread = (!report.unread.is_empty()).then(|| {
        let mut numbers = report.unread.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if report.unread.len() > NAMED {
            numbers.push_str(", …");
        }
        html! { <p>{words::unread(report.unread.len(), &numbers)}</p> }
    });
    let content = html! {
        <p>{words::quality(report.meters, all)}</p>
        {unread}
        {listed}
        {cut}
    };
    section("quality", words::QUALITY, content)
}

pub(super) fn table_of_alarms(page: &ReportPage) -> Table {
    let cleared = |alarm: &AlarmLine| {
        alarm.cleared_at.map_or_else(|| Value::text(words::STILL_OPEN), Value::Time)
    };
    let rows = Rows::of(&page.report.alarms.listed)
        .text(words::SEVERITY, |alarm| texts::words::alarms::severity(alarm.severity))
        .text(words::METER, |alarm| &alarm.meter_name)
        .text(words::WHAT, |alarm| told(&alarm.text.clone().into()))
        .cell(words::RAISED, |alarm| Value::Time(alarm.raised_at))
        .cell(words::CLEARED, cleared);
    let table = downloads(page).rows(words::ALARMS, rows);
    Table { empty: words::alarmed(0, 0), ..table }
}

/// That more alarms were open than are listed.
pub(super) fn shortened(page: &ReportPage) -> Option<String> {
    let (shown, all) = (page.report.alarms.listed.len(), page.report.alarms.count);
    (all > shown).then(|| words::shortened(shown, all))
}

pub(super) fn alarms(page: &ReportPage) -> Html {
    let alarms = &page.report.alarms;
    let listed = table(page, "alarms", table_of_alarms(page), usize::MAX, None);
    let listed = (!alarms.listed.is_empty()).then_some(listed);
    let cut = shortened(page).map(note);
    let content = html! {
        <p>{words::alarmed(alarms.count, alarms.critical)}</p>
        {listed}
        {cut}
    };
    section("alarms", words::ALARMS, content)
}

pub(super) fn basis() -> Html {
    let content = html! {
        <p class="note">{words::BASIS_MONTH}</p>
        <p class="note">{words::BASIS_READ}</p>
        <p class="note">{words::BASIS_ERROR}</p>
    };
    section("basis", words::BASIS, content)
}
