//! What a meter reported of itself: errors and tamper alerts, the newest first.

use domain::alarms::Severity;
use domain::meters::view::meter::{MeterPeriod, ReportRow};
use domain::simulation::EventClass;
use markup::{Html, html};

use texts::messages::told;
use texts::words::meter as words;
use ui::components::mark::Shape;
use ui::drawing::parts::{mark, time};

/// Nothing for a meter that reports nothing.
pub(super) fn draw(page: &MeterPeriod) -> Option<Html> {
    if page.reported.is_empty() {
        return None;
    }
    let alone = page.shown.period.compares().then_some(texts::words::energy::ALONE);
    let lines = page.reported.iter().map(|row| line(page, row)).collect::<Html>();
    Some(html! {
        <section class="meter-reported" aria-labelledby="reported">
            <h2 id="reported">
                {words::REPORTED} " " <span class="note">{alone}</span>
            </h2>
            <ul class="lines">{lines}</ul>
        </section>
    })
}

fn line(page: &MeterPeriod, row: &ReportRow) -> Html {
    let (severity, class) = match row.kind.class() {
        EventClass::Tamper => (Severity::Critical, words::TAMPER),
        EventClass::Error => (Severity::Warning, words::ERROR),
    };
    html! {
        <li class="line">
            {mark(Shape::of_severity(severity))}
            <span class="line-name">{class}</span>
            <span class="line-text">{format!("{}: {}", row.number, told(&row.kind.told().into()))}</span>
            <span class="note">{time::day_minute(&page.shown.site, row.at)}</span>
        </li>
    }
}
