//! The page of data loggers: what each uploaded and what was refused, what to set on the logger, and
//! the form that adds or changes one.

pub(super) mod act;
mod form;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::devices::logger::uploads::RefusedUpload;
use domain::devices::view::loggers::{DeviceView, LoggerView, LoggersPage};
use markup::{Html, html};
use service::Action;
use tables::{Column, Table, Value};
use texts::figures;

use texts::messages::told;
use texts::words::loggers as words;
use ui::drawing::parts::time::day_minute;
use ui::drawing::{Downloads, Shape, Sheet, draw_table, link, mark, may, sheet};
use ui::kit;
use ui::period::join;

pub(super) fn draw(page: &LoggersPage) -> Sheet {
    let silent = page.loggers.iter().filter(|logger| logger.uploads.last_at.is_none()).count();
    let (headline, detail) = if page.loggers.is_empty() {
        (words::NONE.into(), Some(html! { <p class="state-detail">{words::NONE_DETAIL}</p> }))
    } else {
        (words::headline(page.loggers.len(), silent), None)
    };
    let forms = may(Action::Configure).then(|| {
        html! { <div class="logger-pair">{form::draw(page)} {form::setup(page)}</div> }
    });
    let content = html! {
        <article class="page loggers">
            <header class="sheet-head">
                <div class="state" id="loggers-state">
                    <h1>{headline}</h1>
                    {detail}
                </div>
            </header>
            <div id="loggers-rows">
                {(!page.loggers.is_empty()).then(|| table(page))}
                {strangers(page)}
            </div>
            {forms}
        </article>
    };
    // An upload shows soon after it came, and what is typed beside it stays.
    Sheet { refresh_s: 20, ..sheet(&words::TITLE, content) }
}

fn at(page: &LoggersPage, at: DateTime<Utc>) -> String {
    day_minute(&page.shown.site, at)
}

fn table(page: &LoggersPage) -> Html {
    let columns = [
        kit::Column::new(words::SERIAL),
        kit::Column::new(words::LAST),
        kit::Column::of_figures(words::FILES),
        kit::Column::of_figures(words::STORED),
        kit::Column::of_figures(words::REFUSED),
        kit::Column::of_figures(words::SILENT),
        kit::Column::new(words::DEVICES),
        kit::Column::new(words::PROBLEM),
        kit::Column::unnamed(words::ACTIONS),
    ];
    let rows = page.loggers.iter().map(|logger| row(page, logger));
    html! {
        {draw_table(words::LOGGERS, "", columns, rows)}
        {Downloads::of_site(&page.shown.site, page.shown.now).offer("loggers", || data(page))}
    }
}

fn data(page: &LoggersPage) -> Table {
    let heads =
        [words::SERIAL, words::LAST, words::FILES, words::STORED, words::REFUSED, words::SILENT];
    let row = |logger: &LoggerView| {
        let count = |count: i64| Value::Number(count as f64, 0);
        let uploads = &logger.uploads;
        vec![
            Value::text(logger.serial_number.to_string()),
            uploads.last_at.map_or(Value::Unknown, Value::Time),
            count(uploads.files),
            count(uploads.stored),
            count(uploads.refused),
            count(uploads.silent),
        ]
    };
    let rows = page.loggers.iter().map(row).collect();
    let downloads = Downloads::of_site(&page.shown.site, page.shown.now);
    downloads.table(words::LOGGERS, heads.map(Column::new).into(), rows)
}

fn row(page: &LoggersPage, logger: &LoggerView) -> Html {
    let last = logger.uploads.last_at.map_or_else(|| words::NEVER.into(), |last| at(page, last));
    let change = may(Action::Configure).then(|| {
        let here = link(&page.shown, "/loggers");
        let href = join(&here, &format!("?logger={}#logger-form", logger.serial_number));
        html! { <a href=href>{words::CHANGE}</a> }
    });
    let is_chosen = page.chosen.as_deref() == Some(logger.serial_number.as_str());
    let count = |count: i64| figures::fixed(count as f64, 0);
    html! {
        <tr id=format!("logger-{}", logger.serial_number) class=if is_chosen { "is-selected" } else { "" }>
            <th scope="row">{logger.serial_number.to_string()}</th>
            <td>{last}</td>
            <td class="num">{count(logger.uploads.files)}</td>
            <td class="num">{count(logger.uploads.stored)}</td>
            <td class="num">{count(logger.uploads.refused)}</td>
            <td class="num">{count(logger.uploads.silent)}</td>
            <td class="logger-devices">{devices(page, logger)}</td>
            <td class="logger-problem">{problem(page, logger)}</td>
            <td>{change}</td>
        </tr>
    }
}

fn devices(page: &LoggersPage, logger: &LoggerView) -> Html {
    let meter = |id: MeterId| link(&page.shown, &format!("/meters/{id}"));
    let linked = |id: Option<MeterId>, number: Option<&String>| {
        id.zip(number).map(|(id, number)| html! { <a href=meter(id)>{number}</a> " " })
    };
    let line = |device: &DeviceView| {
        let used = device.points.iter().filter(|point| point.field.is_some()).count();
        let own = device.points.iter().filter(|point| point.meter_id.is_some());
        let own = own.map(|point| {
            html! {
                <span class="logger-line">
                    {words::point(&device.address.to_string(), point.number)} " "
                    {linked(point.meter_id, point.meter_number.as_ref())}
                    <span class="note">{point.name.clone()}</span>
                </span>
            }
        });
        html! {
            <span class="logger-line">
                {device.address.to_string()} " " {linked(device.meter_id, device.meter_number.as_ref())}
                <span class="note">{words::points((device.points.len(), used))}</span>
            </span>
            {own.collect::<Html>()}
        }
    };
    let missing = logger.missing_meter_id.map(|id| {
        html! {
            <span class="logger-line">
                <a href=meter(id)>{words::COMPUTED}</a>
            </span>
        }
    });
    if logger.devices.is_empty() {
        return html! { <span class="note">{words::NO_DEVICES}</span> };
    }
    html! {
        {logger.devices.iter().map(line).collect::<Html>()}
        {missing}
    }
}

fn problem(page: &LoggersPage, logger: &LoggerView) -> Html {
    let uploads = &logger.uploads;
    let password = (!logger.password_set).then(|| warned(words::NO_PASSWORD.into()));
    let upload = logger.refusals.first().map(|refused| warned(refusal(page, refused)));
    let line = uploads.last_refused.as_ref().map(|why| warned(told(why)));
    let conflicts = (uploads.conflicting > 0)
        .then(|| warned(words::conflicting(&figures::fixed(uploads.conflicting as f64, 0))));
    let event = uploads.last_event.as_ref().zip(uploads.last_event_at).map(|(what, when)| {
        let text = words::event(&told(what), &at(page, when));
        html! { <span class="logger-line">{text}</span> }
    });
    let asked = logger.devices.iter().flat_map(|device| {
        let asked = device.points.iter().filter(|point| point.question.is_some());
        let address = device.address.to_string();
        asked.map(move |point| warned(words::asked(&address, point.number, &point.name)))
    });
    let lines = [password, upload, line, conflicts, event].into_iter().flatten();
    let lines: Vec<Html> = lines.chain(asked).collect();
    if lines.is_empty() {
        return html! { <span class="note">{words::NO_PROBLEM}</span> };
    }
    lines.into_iter().collect()
}

fn warned(text: String) -> Html {
    html! {
        <span class="logger-line">
            {mark(Shape::Warn)} " " {text}
        </span>
    }
}

fn refusal(page: &LoggersPage, refused: &RefusedUpload) -> String {
    format!(
        "{}, {}: {}",
        at(page, refused.last_at),
        words::times(refused.count),
        told(&refused.detail)
    )
}

/// Uploads of nobody known: a logger that is not added yet, or someone who guesses.
fn strangers(page: &LoggersPage) -> Option<Html> {
    let line = |refused: &RefusedUpload| html! { <li>{warned(refusal(page, refused))}</li> };
    (!page.strangers.is_empty()).then(|| {
        html! {
            <section class="logger-strangers">
                <h2>
                    {words::STRANGERS} " " <span class="note">{words::STRANGERS_NOTE}</span>
                </h2>
                <ul>{page.strangers.iter().map(line).collect::<Html>()}</ul>
            </section>
        }
    })
}
