//! How the meters were read, the alarms, and what the report rests on.

use domain::reports::view::ReportPage;
use domain::reports::{AlarmLine, MeterQuality};
use markup::{Html, html};

use super::{figures_head, section, table, text_head};
use texts::figures;
use texts::messages::told;
use texts::words::report as words;
use ui::drawing::parts::{kwh, percent, time};

/// Meters in the table, and numbers in a sentence.
const LISTED: usize = 40;
const NAMED: usize = 20;

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    let all = report.quality.len();
    let heads = [
        text_head(words::METER),
        figures_head(words::COVERAGE_PERCENT),
        figures_head(words::GAP_HOURS),
        figures_head(words::ESTIMATED),
        figures_head(words::CORRECTIONS),
        figures_head(words::QUARANTINED),
        figures_head(words::OUTLIERS),
        figures_head(words::EVENTS),
    ];
    let row = |meter: &MeterQuality| {
        vec![
            meter.meter_name.clone(),
            percent(meter.coverage),
            figures::fixed(meter.gap_hours, 1),
            kwh(meter.estimated_kwh),
            meter.corrections.to_string(),
            meter.quarantined.to_string(),
            meter.outliers.to_string(),
            meter.register_events.to_string(),
        ]
    };
    let rows = report.quality.iter().take(LISTED).map(row).collect();
    let listed = (all > 0).then(|| table(&words::QUALITY, &heads, rows, None));
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

pub(super) fn alarms(page: &ReportPage) -> Html {
    let alarms = &page.report.alarms;
    let heads = [
        text_head(words::SEVERITY),
        text_head(words::METER),
        text_head(words::WHAT),
        figures_head(words::RAISED),
        figures_head(words::CLEARED),
    ];
    let row = |alarm: &AlarmLine| {
        let cleared = alarm.cleared_at.map(|at| time::day_minute(&page.site, at));
        vec![
            texts::words::alarms::severity(alarm.severity).into(),
            alarm.meter_name.clone(),
            told(&alarm.text.clone().into()),
            time::day_minute(&page.site, alarm.raised_at),
            cleared.unwrap_or_else(|| words::STILL_OPEN.into()),
        ]
    };
    let listed = (!alarms.listed.is_empty())
        .then(|| table(&words::ALARMS, &heads, alarms.listed.iter().map(row).collect(), None));
    let (shown, all) = (alarms.listed.len(), alarms.count);
    let cut = (all > shown).then(|| html! { <p class="note">{words::shortened(shown, all)}</p> });
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
