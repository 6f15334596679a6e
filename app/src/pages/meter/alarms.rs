//! The alarms of the meter: the open ones, then the last ones that are over.

use domain::MeterId;
use domain::alarm::Severity;
use domain::view::{MeterAlarm, MeterPage};
use leptos::prelude::*;

use crate::components::lean::{flag, piece};
use crate::components::mark::{Mark, Shape};
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::period::link;
use crate::words::meter as words;
use crate::words::state::severity;

#[component]
pub(super) fn Alarms(live: Live, page: RwSignal<MeterPage>, id: MeterId) -> impl IntoView {
    let alarms = Memo::new(move |_| page.with(|page| page.alarms.clone()));
    let lines = piece(move || {
        alarms.get().into_iter().map(|alarm| view! { <Line live alarm /> }).collect_view()
    });
    view! {
        <section class="meter-alarms">
            <h2>{words::ALARMS}</h2>
            <ul class="lines">{lines}</ul>
            <p class="note" hidden=flag(move || !alarms.read().is_empty())>
                {words::NO_ALARM}
            </p>
            <p class="note">
                <a href=link(format!("/alarms?meter={id}"))>{words::ALL_ALARMS}</a>
            </p>
        </section>
    }
    .at_once()
}

#[component]
fn Line(live: Live, alarm: MeterAlarm) -> impl IntoView {
    let clock = live.clock();
    let time = move |at| format!("{}, {}", clock.day(at), clock.minute(at));
    let when = match alarm.cleared_at {
        None => words::alarm_since(&time(alarm.raised_at)),
        Some(cleared) => words::alarm_over(&time(alarm.raised_at), &time(cleared)),
    };
    let shape = match (alarm.cleared_at, alarm.severity) {
        (None, Severity::Critical) => Shape::Alarm,
        (None, Severity::Warning) => Shape::Warn,
        (Some(_), _) | (None, Severity::Info) => Shape::Ring,
    };
    view! {
        <li class="line" class:is-quiet=alarm.cleared_at.is_some()>
            <Mark shape />
            <span class="line-name">{severity(alarm.severity)}</span>
            <span class="line-text">{alarm.text}</span>
            <span class="line-age">{when}</span>
        </li>
    }
}
