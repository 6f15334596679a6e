//! Who gets the reports of a site by mail.

use crate::parts::{button, note};
use domain::language::Language;
use domain::reports::Schedule;
use domain::reports::view::ReportsPage;
use domain::sites::SiteKind;
use markup::{Html, html};
use texts::language::Text;
use texts::messages::told;
use texts::words::reports as words;
use ui::drawing::form::{choice, submit};
use ui::drawing::{Shape, draw_table, hidden, mark, send, time};
use ui::kit;

/// When a new schedule sends unless somebody says otherwise.
const USUAL_DAY: u8 = 1;
const USUAL_HOUR: u8 = 6;

/// Nothing where whoever looks may not know.
pub(super) fn draw(page: &ReportsPage) -> Option<Html> {
    let schedules = page.schedules.as_ref()?;
    let content = if page.site.kind == SiteKind::Simulated {
        note(words::SIMULATED)
    } else {
        html! {
            <p class="note">{words::SCHEDULES_HELP}</p>
            <div id="report-schedules">
                {table(page, schedules)}
            </div>
            {schedules.iter().map(change).collect::<Html>()}
            {new(page)}
        }
    };
    Some(html! {
        <section class="alarm-section">
            <h2>{words::SCHEDULES}</h2>
            {content}
        </section>
    })
}

fn table(page: &ReportsPage, schedules: &[Schedule]) -> Html {
    if schedules.is_empty() {
        return note(words::NOBODY);
    }
    let heads = [words::TO, words::WHEN, words::STATE].map(kit::Column::new);
    let heads = html! { {heads} {kit::Column::unnamed(words::ACTIONS)} };
    let rows = schedules.iter().map(|schedule| row(page, schedule));
    draw_table(words::SCHEDULES, "report-schedules", heads, rows)
}

fn row(page: &ReportsPage, schedule: &Schedule) -> Html {
    let site = &page.site;
    let due = schedule.due;
    let next = words::next(
        &time::month(schedule.next),
        &time::day_minute(site, schedule.next_at(site.zone)),
    );
    let sent = schedule.sent.map_or_else(
        || words::NEVER_SENT.into(),
        |(at, month)| words::sent(&time::month(month), &time::day_minute(site, at)),
    );
    let is_behind = schedule.waiting > 0 || schedule.problem.is_some();
    let trouble = is_behind.then(|| {
        let waiting = (schedule.waiting > 0).then(|| words::waiting(schedule.waiting));
        let said: Vec<_> = waiting.into_iter().chain(schedule.problem.as_ref().map(told)).collect();
        html! {
            <br />
            {schedule.problem.is_some().then(|| mark(Shape::Warn))}
            " "
            {said.join(": ")}
        }
    });
    html! {
        <tr id=format!("schedule-{}", schedule.id) class=if schedule.enabled { "" } else { "is-quiet" }>
            <th scope="row">{schedule.addresses.join(", ")}</th>
            <td>
                {words::when(due.day(), due.hour())} ", " {schedule.language.name()} <br />
                <span class="note">{if schedule.enabled { next } else { words::OFF.into() }}</span>
            </td>
            <td>{sent} {trouble}</td>
            <td class="col-acts">{acts(schedule)}</td>
        </tr>
    }
}

fn acts(schedule: &Schedule) -> Html {
    let id = schedule.id.to_string();
    let switch = if schedule.enabled { words::SWITCH_OFF } else { words::SWITCH_ON };
    let fields = [("schedule", id.clone()), ("enabled", (!schedule.enabled).to_string())];
    html! {
        {button("alarm-act", "report-send", [("schedule", id)], words::SEND_NOW)}
        {button("alarm-act", "report-switch", fields, switch)}
    }
}

/// The form stands beside what is drawn anew, so that nobody loses what they type.
fn change(schedule: &Schedule) -> Html {
    let id = schedule.id.to_string();
    let addresses = schedule.addresses.join(", ");
    html! {
        <details class="report-change" id=format!("change-{id}")>
            <summary>{words::CHANGE} " " {addresses.clone()}</summary>
            <form class="form alarm-tell" action=send("report-change")>
                {hidden("schedule", id.clone())} {hidden("version", schedule.version.to_string())}
                {fields(&addresses, schedule.due.day(), schedule.due.hour(), schedule.language)}
                {submit("button", words::SAVE)}
            </form>
            <form class="form alarm-tell" action=send("report-remove")>
                {hidden("schedule", id.clone())} <p class="note">{words::REMOVE_HELP}</p>
                {submit("button", words::REMOVE)}
            </form>
        </details>
    }
}

fn fields(addresses: &str, day: u8, hour: u8, language: Language) -> Html {
    let languages = Language::ALL.map(|it| (it.tag().to_owned(), it.name().to_owned()));
    let number = |label: Text, name: &'static str, least: u8, most: u8, value: u8| {
        html! {
            <label class="form-field">
                {label}
                <input class="field" type="number" name=name min=least max=most value=value required=true />
            </label>
        }
    };
    html! {
        <label class="form-field">
            {words::ADDRESSES}
            <input class="field" type="text" name="addresses" value=addresses.to_owned() required=true />
        </label>
        {number(words::DAY, "day", 1, 28, day)}
        {number(words::HOUR, "hour", 0, 23, hour)}
        {choice("language", words::LANGUAGE, language.tag(), languages)}
    }
}

fn new(page: &ReportsPage) -> Html {
    html! {
        <form class="form alarm-tell" action=send("report-add")>
            {hidden("site", page.site.slug.clone())}
            {fields("", USUAL_DAY, USUAL_HOUR, texts::language::now())}
            {submit("button", words::ADD)}
        </form>
    }
}
