//! The alarms of a meter: the open ones, then the last ones that are over.

use domain::alarms::view::AlarmRow;
use domain::meters::view::meter::MeterPeriod;
use markup::{Html, html};

use texts::messages::told;
use texts::words::alarms as words;
use ui::components::mark::Shape;
use ui::drawing::parts::{mark, time};
use ui::drawing::{held, link};

pub(super) fn draw(page: &MeterPeriod) -> Html {
    let lines = page.alarms.iter().map(|row| line(page, row)).collect::<Html>();
    let none = page.alarms.is_empty().then(|| html! { <p class="note">{words::NONE_OF_METER}</p> });
    html! {
        <section class="meter-alarms">
            <h2>{words::TITLE}</h2>
            <ul class="lines">{lines}</ul>
            {none}
            <p class="note">
                <a href=link(&page.shown, &format!("/alarms?meter={}", page.id))>{words::ALL_OF_METER}</a>
            </p>
        </section>
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
