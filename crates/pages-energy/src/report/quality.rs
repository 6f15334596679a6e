//! How the meters were read, the alarms, and what the report rests on.

use domain::reports::view::ReportPage;
use domain::reports::{AlarmLine, MeterQuality};
use markup::{Html, html};

use super::{downloads, section, table};
use tables::{Column, Table, Value};
use texts::messages::told;
use texts::words::report as words;

/// Meters in the table, and numbers in a sentence.
const LISTED: usize = 40;
const NAMED: usize = 20;

pub(super) fn table_of_meters(page: &ReportPage) -> Table {
    let report = &page.report;
    let columns = vec![
        Column::new(words::METER),
        Column::of_head(&words::COVERAGE_PERCENT),
        Column::of_head(&words::GAP_HOURS),
        Column::of_head(&words::ESTIMATED),
        Column::new(words::CORRECTIONS),
        Column::new(words::QUARANTINED),
        Column::new(words::OUTLIERS),
        Column::new(words::EVENTS),
    ];
    let count = |count: u32| Value::Number(f64::from(count), 0);
    let row = |meter: &MeterQuality| {
        vec![
            Value::text(&meter.meter_name),
            Value::percent(meter.coverage),
            Value::Number(meter.gap_hours, 1),
            Value::Number(meter.estimated_kwh, 1),
            count(meter.corrections),
            count(meter.quarantined),
            count(meter.outliers),
            count(meter.register_events),
        ]
    };
    let rows = report.quality.iter().map(row).collect();
    let table = downloads(page).table(words::QUALITY, columns, rows);
    Table { empty: words::quality(report.meters, 0), ..table }
}

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    let all = report.quality.len();
    let listed = (all > 0).then(|| table(page, "quality", table_of_meters(page), LISTED, None));
    let cut = (all > LISTED).then(|| html! { <p class="note">{words::shortened(LISTED, all)}</p> });
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
    let columns = vec![
        Column::new(words::SEVERITY),
        Column::new(words::METER),
        Column::new(words::WHAT),
        Column::new(words::RAISED),
        Column::new(words::CLEARED),
    ];
    let row = |alarm: &AlarmLine| {
        vec![
            Value::text(texts::words::alarms::severity(alarm.severity)),
            Value::text(&alarm.meter_name),
            Value::text(told(&alarm.text.clone().into())),
            Value::Time(alarm.raised_at),
            alarm.cleared_at.map_or_else(|| Value::text(words::STILL_OPEN), Value::Time),
        ]
    };
    let rows = page.report.alarms.listed.iter().map(row).collect();
    let table = downloads(page).table(words::ALARMS, columns, rows);
    Table { empty: words::alarmed(0, 0), ..table }
}

/// That more alarms were open than are listed.
pub(super) fn shortened(page: &ReportPage) -> Option<String> {
    let (shown, all) = (page.report.alarms.listed.len(), page.report.alarms.count);
    (all > shown).then(|| words::shortened(shown, all))
}

pub(super) fn alarms(page: &ReportPage) -> Html {
    let alarms = &page.report.alarms;
    let listed = (!alarms.listed.is_empty())
        .then(|| table(page, "alarms", table_of_alarms(page), usize::MAX, None));
    let cut = shortened(page).map(|said| html! { <p class="note">{said}</p> });
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
