//! What could not be computed, why, and a way to have it tried again.

use chrono::{DateTime, Utc};
use domain::alarms::view::AlarmsPage;
use domain::month::Month;
use domain::operation::set_aside::Aside;
use domain::operation::task::Work;
use markup::{Html, html};
use texts::messages::told;
use texts::words::alarms as words;
use ui::drawing::parts::time;
use ui::drawing::{at, hidden, send};

use super::meter;

/// Nothing where all could be computed.
pub(super) fn draw(page: &AlarmsPage) -> Option<Html> {
    (!page.aside.is_empty()).then(|| {
        html! {
            <section class="alarm-section" id="alarms-aside">
                <h2>{words::ASIDE}</h2>
                <p class="note">{words::ASIDE_SAID}</p>
                <div class="scroll" tabindex="0" role="group" aria-label=words::ASIDE>
                    <table class="table alarm-list set-aside">
                        <thead>
                            <tr>
                                <th scope="col">{words::WHOSE}</th>
                                <th scope="col">{words::WHAT}</th>
                                <th scope="col">{words::WHY}</th>
                                <th scope="col">
                                    <span class="sr">{words::AGAIN}</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>{page.aside.iter().map(|row| line(page, row)).collect::<Html>()}</tbody>
                    </table>
                </div>
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
    html! {
        <tr>
            <th scope="row">{whose(page, row)}</th>
            <td>{words::aside(row.work, row.parts, &when(row.first), &when(row.last))}</td>
            <td>{told(&row.error_said)}</td>
            <td>
                <form class="alarm-act" action=send("alarm-again")>
                    {named(row)}
                    <button type="submit" class="button">
                        {words::AGAIN}
                    </button>
                </form>
            </td>
        </tr>
    }
}

fn whose(page: &AlarmsPage, row: &Aside) -> Html {
    if let (Some(id), Some(number), Some(name)) = (row.meter_id, &row.meter_number, &row.meter_name)
    {
        meter(id, number, name)
    } else {
        html! { <a href=at(page.slug.as_deref(), "/reports", &[])>{words::REPORTS}</a> }
    }
}

fn named(row: &Aside) -> Html {
    match row.meter_id {
        Some(meter) => hidden("meter", meter.to_string()),
        None => hidden("schedule", row.schedule_id.unwrap_or_default().to_string()),
    }
}
