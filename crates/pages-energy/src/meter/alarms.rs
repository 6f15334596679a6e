//! The alarms of a meter: the open ones, then the last ones that are over; links to new rules on it; and errors and
//! tamper alerts that it reported of itself, the newest first.

use crate::parts::{heading, note};
use domain::alarms::view::AlarmRow;
use domain::alarms::{Kind, Severity, Watch};
use domain::meters::view::meter::{MeterPage, MeterPeriod, ReportRow};
use domain::simulation::EventClass;
use markup::{Html, html};
use texts::messages::told;
use texts::words::{alarms as words, meter};
use ui::drawing::{Shape, Wording, alert, held, link, mark, time};

pub(super) fn draw(meter: &MeterPage, page: &MeterPeriod) -> Html {
    let lines = page.alarms.iter().map(|row| line(page, row)).collect::<Html>();
    let none = page.alarms.is_empty().then(|| note(words::NONE_OF_METER));
    html! {
        <section class="meter-alarms">
            {heading(None, words::TITLE, words::OF_METER_NOTE)}
            <ul class="lines">{lines}</ul>
            {none}
            {alerts(meter)}
            <p class="note">
                <a href=link(&page.shown, &format!("/alarms?meter={}", page.id))>{words::ALL_OF_METER}</a>
            </p>
        </section>
    }
}

fn alerts(page: &MeterPage) -> Html {
    let link = |kind: Kind, present: Option<f64>| {
        let watch = Watch::kind(kind);
        let address = |path: &str| link(&page.shown, path);
        let link = alert(address, (page.meter.id, watch), present, Wording::Sentence)?;
        let name = watch.figure().into();
        Some(html! { <li>{told(&name)} ": " {link}</li> })
    };
    let loss = page.is_node.then(|| link(Kind::Loss, page.loss_kw)).flatten();
    html! {
        <ul class="alert-links note">
            {loss} {link(Kind::Demand, page.demand_kw)} {link(Kind::Stale, None)}
        </ul>
    }
}

fn line(page: &MeterPeriod, row: &AlarmRow) -> Html {
    let alarm = &row.alarm;
    let time = |at| time::day_minute(&page.shown.site, at);
    let (shape, when) = match alarm.cleared_at {
        None => (Shape::of_severity(alarm.severity), words::since(&time(alarm.raised_at))),
        Some(cleared) => (Shape::Ring, words::over(&time(alarm.raised_at), &time(cleared))),
    };
    html! {
        <li class=if alarm.cleared_at.is_some() { "line is-quiet" } else { "line" }>
            {mark(shape)}
            <span class="line-name">{words::severity(alarm.severity)}</span>
            <div class="line-text">
                {told(&alarm.about)}
                {held(&page.shown.site, row)}
            </div>
            <span class="line-age">{when}</span>
        </li>
    }
}

/// Nothing for a meter that reports nothing.
pub(super) fn reported(page: &MeterPeriod) -> Option<Html> {
    if page.reported.is_empty() {
        return None;
    }
    let alone = page.shown.period.compares().then_some(texts::words::energy::ALONE);
    let lines = page.reported.iter().map(|row| reported_line(page, row)).collect::<Html>();
    Some(html! {
        <section class="meter-reported" aria-labelledby="reported">
            {heading(Some("reported"), meter::REPORTED, alone)}
            <ul class="lines">{lines}</ul>
        </section>
    })
}

fn reported_line(page: &MeterPeriod, row: &ReportRow) -> Html {
    let (severity, class) = match row.kind.class() {
        EventClass::Tamper => (Severity::Critical, meter::TAMPER),
        EventClass::Error => (Severity::Warning, meter::ERROR),
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
