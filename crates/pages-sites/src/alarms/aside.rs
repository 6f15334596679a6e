//! What could not be computed, why, and a way to have it tried again.

use chrono::{DateTime, Utc};
use domain::alarms::view::AlarmsPage;
use domain::month::Month;
use domain::operation::set_aside::Aside;
use domain::operation::task::Work;
use markup::{Html, html};
use texts::messages::told;
use texts::words::alarms as words;
use ui::drawing::{at, draw_table, hidden, send, submit_button, time};
use ui::kit::Column;

use super::meter;

/// Nothing where all could be computed.
pub(super) fn draw(page: &AlarmsPage) -> Option<Html> {
    let columns = [
        Column::new(words::WHOSE),
        Column::new(words::WHAT),
        Column::new(words::WHY),
        Column::unnamed(words::AGAIN),
    ];
    let rows = page.aside.iter().map(|row| line(page, row));
    (!page.aside.is_empty()).then(|| {
        html! {
            <section class="alarm-section" id="alarms-aside">
                <h2>{words::ASIDE}</h2>
                <p class="note">{words::ASIDE_SAID}</p>
                {draw_table(words::ASIDE, "alarm-list set-aside", columns, rows)}
            </section>
        }
    })
}

fn line(page: &AlarmsPage, row: &Aside) -> Html {
    let when = |at: DateTime<Utc>| match row.work {
        // Of months, which begin at midnight UTC wherever the site lies.
        Work::Bill | Work::Report => time::month(Month::of(at.date_naive())),
        Work::Energy | Work::Hour | Work::Day | Work::Derived => time::day_minute(&page.site, at),
    };
    let report =
        || html! { <a href=at(page.slug.as_deref(), "/reports", &[])>{words::REPORTS}</a> };
    let whose = row.meter_id.zip(row.meter_number.as_ref()).zip(row.meter_name.as_ref());
    let whose = whose.map_or_else(report, |((id, number), name)| meter(id, number, name));
    let named = match row.meter_id {
        Some(meter) => hidden("meter", meter.to_string()),
        None => hidden("schedule", row.schedule_id.unwrap_or_default().to_string()),
    };
    html! {
        <tr>
            <th scope="row">{whose}</th>
            <td>{words::aside(row.work, row.parts, &when(row.first), &when(row.last))}</td>
            <td>{told(&row.error_said)}</td>
            <td>
                <form class="alarm-act" action=send("alarm-again")>
                    {named} {submit_button(words::AGAIN)}
                </form>
            </td>
        </tr>
    }
}
