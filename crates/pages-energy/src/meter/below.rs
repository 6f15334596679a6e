//! What hangs below a meter, with its balance; and its readings as they are stored.

use domain::meters::view::meter::ChildrenPage;
use domain::view::PeriodContext;
use domain::{Field, Reading, figures};
use markup::{Html, html};
use service::meters::page::{MOST_RAW, RawPage};

use crate::losses::waterfall;
use tables::{Column, Table, Value};
use texts::language;
use texts::words::energy as words;
use ui::components::mark::MeterState;
use ui::drawing::files::Downloads;
use ui::drawing::link;
use ui::drawing::parts::{Clock, mark};

pub(super) fn children(page: &ChildrenPage) -> Html {
    let Some(node) = &page.node else {
        return html! { <p class="sheet-empty">{words::NO_CHILDREN}</p> };
    };
    let losses = link(&page.shown, &format!("/losses?node={}", node.id));
    html! {
        <section class="children" aria-labelledby="balance">
            <h2 id="balance">
                {words::BALANCE} " " <span class="note">{label(&page.shown)}</span>
            </h2>
            {waterfall::table(&page.shown, node, page.node_before.as_ref())}
            <p class="actions">
                <a class="button" href=losses>
                    {words::LOOK_INTO}
                </a>
            </p>
        </section>
    }
}

fn label(shown: &PeriodContext) -> String {
    texts::words::losses::chosen_note(&shown.period.phrase(shown.today(), language::now()))
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
    let row = |reading: &Reading| {
        let (shape, word) = MeterState::of_quality(reading.quality);
        let cells = fields.iter().map(|field| {
            let value = reading.values.get(*field).map(|value| figures::fixed(value, 3));
            html! { <td class="num">{value}</td> }
        });
        html! {
            <tr>
                <th scope="row">{clock.day(reading.at)} " " {clock.second(reading.at)}</th>
                <td>
                    {mark(shape)} " " {word}
                </td>
                <td>{reading.source.as_str()}</td>
                {cells.collect::<Html>()}
            </tr>
        }
    };
    let head = |field: &Field| {
        html! {
            <th scope="col" class="num">
                {field.json()}
                <span class="unit">{field.unit()}</span>
            </th>
        }
    };
    let csv = format!(
        "/api/Energy/meters/{}/readings?format=csv&from={}&to={}",
        page.id,
        page.shown.window.from.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        page.shown.window.to.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    );
    html! {
        <section class="raw" aria-labelledby="raw">
            <h2 id="raw">
                {words::RAW} " " <span class="note">{words::RAW_NOTE} ". " {more(page)}</span>
            </h2>
            <p class="actions">
                <a class="button" href=csv rel="external" download="">
                    {words::DOWNLOAD}
                </a>
            </p>
            <div class="scroll" tabindex="0" role="group" aria-label=words::RAW>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words::TIME}</th>
                            <th scope="col">{words::QUALITY}</th>
                            <th scope="col">{words::SOURCE}</th>
                            {fields.iter().map(head).collect::<Html>()}
                        </tr>
                    </thead>
                    <tbody>{page.rows.iter().map(row).collect::<Html>()}</tbody>
                </table>
            </div>
            {Downloads::of(&page.shown).offer("raw", || rows(page, &fields))}
        </section>
    }
}

/// A sentence where only the first rows of the period are shown.
fn more(page: &RawPage) -> Option<String> {
    (page.rows.len() >= MOST_RAW as usize).then(|| words::more(page.rows.len()))
}

/// The rows of the page as data, for files.
fn rows(page: &RawPage, fields: &[Field]) -> Table {
    let heads = [words::TIME, words::QUALITY, words::SOURCE].map(Column::new);
    let field = |field: &Field| match field.unit() {
        "" => Column::new(field.json()),
        unit => Column::in_unit(field.json(), unit),
    };
    let columns = heads.into_iter().chain(fields.iter().map(field)).collect();
    let row = |reading: &Reading| {
        let cells = fields.iter().map(|field| Value::number(reading.values.get(*field), 3));
        let (_, word) = MeterState::of_quality(reading.quality);
        let said =
            [Value::Time(reading.at), Value::text(word), Value::text(reading.source.as_str())];
        said.into_iter().chain(cells).collect::<Vec<_>>()
    };
    let rows = page.rows.iter().map(row).collect();
    let mut table = Downloads::of(&page.shown).table(words::RAW, columns, rows);
    table.facts.extend(more(page).map(|more| (words::RAW.into(), more)));
    table
}
