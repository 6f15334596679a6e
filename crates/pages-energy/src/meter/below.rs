//! What hangs below a meter, with its balance; and its readings as they are stored.

use crate::losses::waterfall;
use crate::parts::{heading, way_on};
use crate::steps;
use domain::meters::view::meter::ChildrenPage;
use domain::{Field, Reading, figures};
use markup::{Html, html};
use service::meters::page::{MOST_RAW, RawPage};
use tables::{Column, Rows, Table, Value};
use texts::words::energy as words;
use texts::words::losses::chosen_note;
use ui::components::mark::MeterState;
use ui::drawing::parts::{Clock, mark};
use ui::drawing::{Downloads, link};
use ui::kit;

pub(super) fn children(page: &ChildrenPage) -> Html {
    let Some(node) = &page.node else {
        return html! { <p class="sheet-empty">{words::NO_CHILDREN}</p> };
    };
    let losses = link(&page.shown, &format!("/losses?node={}", node.id));
    html! {
        <section class="children" aria-labelledby="balance">
            {heading(Some("balance"), words::BALANCE, chosen_note(&steps::phrase(&page.shown)))}
            {waterfall::table(&page.shown, node, page.node_before.as_ref())}
            {way_on(losses, words::LOOK_INTO)}
        </section>
    }
}

pub(super) fn raw(page: &RawPage) -> Html {
    if page.rows.is_empty() {
        return html! { <p class="sheet-empty">{words::NO_RAW}</p> };
    }
    let mut fields: Vec<Field> = Vec::new();
    for reading in &page.rows {
        for (field, _) in reading.values.present() {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    let clock = Clock(&page.shown);
    let quality = |reading: &Reading| {
        let (shape, word) = MeterState::of_quality(reading.quality);
        html! { {mark(shape)} " " {word} }
    };
    let said = kit::Rows::of(&page.rows)
        .column(words::TIME, |it| format!("{} {}", clock.day(it.at), clock.second(it.at)))
        .column(words::QUALITY, quality)
        .column(words::SOURCE, |reading| reading.source.as_str());
    let all = fields.iter().fold(said, |rows, field| {
        rows.column(kit::Column::in_unit(field.json(), field.unit()), |reading| {
            reading.values.get(*field).map(|value| figures::fixed(value, 3))
        })
    });
    let csv = format!(
        "/api/Energy/meters/{}/readings?format=csv&from={}&to={}",
        page.id,
        page.shown.window.from.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        page.shown.window.to.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    );
    html! {
        <section class="raw" aria-labelledby="raw">
            {heading(Some("raw"), words::RAW, html! { {words::RAW_NOTE} ". " {more(page)} })}
            <p class="actions">
                <a class="button" href=csv rel="external" download="">
                    {words::DOWNLOAD}
                </a>
            </p>
            {all.scrolled(words::RAW, "")}
            {Downloads::of(&page.shown).offer("raw", || rows(page, &fields))}
        </section>
    }
}

fn more(page: &RawPage) -> Option<String> {
    (page.rows.len() >= MOST_RAW as usize).then(|| words::more(page.rows.len()))
}

fn rows(page: &RawPage, fields: &[Field]) -> Table {
    let said = Rows::of(&page.rows)
        .cell(words::TIME, |reading| Value::Time(reading.at))
        .text(words::QUALITY, |reading| MeterState::of_quality(reading.quality).1)
        .text(words::SOURCE, |reading| reading.source.as_str());
    let all = fields.iter().fold(said, |rows, field| {
        let head = match field.unit() {
            "" => Column::new(field.json()),
            unit => Column::in_unit(field.json(), unit),
        };
        rows.figure(head, 3, |reading| reading.values.get(*field))
    });
    let mut table = Downloads::of(&page.shown).rows(words::RAW, all);
    table.facts.extend(more(page).map(|more| (words::RAW.into(), more)));
    table
}
