//! What people entered about the readings of a meter, with the forms for more, and what waits for a
//! decision.

mod correction;

use crate::parts::{button, note};
use chrono::{DateTime, Utc};
use domain::Field;
use domain::alarms::view::HeldRow;
use domain::energy::interval::Decision;
use markup::{Html, html};
use service::Action;
use service::energy::quarantine::{StepState, StepView};
use service::meters::page::CorrectionsPage;
use service::readings::corrections::CorrectionView;
use tables::{Column, Rows, Value};
use texts::figures;
use texts::language::Text;
use texts::words::alarms::UNIT;
use texts::words::history::of_field;
use texts::words::{alarms, energy as words};
use ui::drawing::form::submit;
use ui::drawing::parts::{Clock, draw_table, mark};
use ui::drawing::{Downloads, Shape, asked, decide, hidden, may, question, send};
use ui::kit;

pub(super) use correction::TypedCorrection;

/// Decimal places of a figure that a person entered, in a file.
const ENTERED: usize = 3;

pub(super) fn draw(page: &CorrectionsPage, typed: &TypedCorrection) -> Html {
    html! {
        <div class="sheet-pair corrections">
            <div>{corrections(page)} {quarantine(page)} {exchanges(page)}</div>
            {may(Action::Operate)
                .then(|| {
                    html! { <div>{correction::draw(page, typed)} {exchange_form(page)}</div> }
                })}
        </div>
    }
}

fn time(page: &CorrectionsPage, at: DateTime<Utc>) -> String {
    let clock = Clock(&page.shown);
    format!("{} {}", clock.day(at), clock.second(at))
}

/// A table and its files, or a sentence in place of both.
fn list((title, none): (Text, Text), is_empty: bool, table: Html, files: Option<Html>) -> Html {
    html! {
        <section class="entered">
            <h2>{title}</h2>
            {if is_empty { note(none) } else { html! { {table} {files} } }}
        </section>
    }
}

/// The way back from what counts; or since when it does not.
fn state(
    page: &CorrectionsPage,
    undone: Option<DateTime<Utc>>,
    act: &'static str,
    n: i64,
) -> Option<Html> {
    if let Some(at) = undone {
        return Some(html! { {words::undone(&time(page, at))} });
    }
    let fields = [("meter", page.id.to_string()), ("n", n.to_string())];
    may(Action::Operate).then(|| button("act", act, fields, words::UNDO))
}

fn exchanges(page: &CorrectionsPage) -> Html {
    let (title, all) = (words::EXCHANGES, &page.exchanges);
    let number = |head: Text| kit::Column::new(head).cells("num mono");
    let rows = kit::Rows::of(all)
        .column(words::TIME, |row| time(page, row.timestamp))
        .column(number(words::OLD_FINAL), |row| figures::fixed(row.old_final_kwh, 1))
        .column(number(words::NEW_INITIAL), |row| figures::fixed(row.new_initial_kwh, 1))
        .column(kit::Column::new(words::REASON).cells("col-said"), |row| &row.reason)
        .column(words::STATE, |row| state(page, row.undone_at, "undo-exchange", row.n))
        .classes(|row| if row.undone_at.is_some() { "is-quiet" } else { "" });
    let files = Rows::of(all)
        .cell(words::TIME, |row| Value::Time(row.timestamp))
        .figure(Column::in_unit(words::OLD_FINAL, "kWh"), ENTERED, |row| row.old_final_kwh)
        .figure(Column::in_unit(words::NEW_INITIAL, "kWh"), ENTERED, |row| row.new_initial_kwh)
        .text(words::REASON, |row| &row.reason)
        .cell(words::STATE, |row| row.undone_at.map(|at| words::undone(&time(page, at))));
    let files = offer(page, "exchanges", title, files);
    list((title, words::NO_EXCHANGES), all.is_empty(), rows.scrolled(title, ""), files)
}

fn offer<I: Copy>(page: &CorrectionsPage, name: &str, title: Text, rows: Rows<I>) -> Option<Html> {
    let files = Downloads::of_site(&page.shown.site, page.shown.now);
    files.offer(name, || files.rows(title, rows))
}

fn unit(field: &str) -> Option<String> {
    Field::parse(field).map(|field| field.unit().to_owned())
}

fn name(field: &str) -> String {
    Field::parse(field).map_or_else(|| field.to_owned(), |field| of_field(field).into())
}

fn corrections(page: &CorrectionsPage) -> Html {
    let (title, all) = (words::READING_CORRECTIONS, &page.corrections);
    let rows = kit::Rows::of(all)
        .column(words::TIME, |row| time(page, row.timestamp))
        .column(words::FIELD, |row| name(&row.field))
        .column(kit::Column::new(words::VALUE).cells("num mono"), |row| {
            row.value.map_or_else(|| words::STRUCK_OUT.into(), |value| figures::fixed(value, 3))
        })
        .column(kit::Column::new(words::REASON).cells("col-said"), |row| &row.reason)
        .column(words::STATE, |row| state(page, row.undone_at, "undo-correction", row.n))
        .classes(|row| if row.undone_at.is_some() { "is-quiet" } else { "" });
    let value = |row: &CorrectionView| {
        let value = row.value.map(|value| Value::Number(value, ENTERED));
        value.unwrap_or_else(|| Value::text(words::STRUCK_OUT))
    };
    let files = Rows::of(all)
        .cell(words::TIME, |row| Value::Time(row.timestamp))
        .text(words::FIELD, |row| name(&row.field))
        .cell(words::VALUE, value)
        .cell(UNIT, |row| unit(&row.field))
        .text(words::REASON, |row| &row.reason)
        .cell(words::STATE, |row| row.undone_at.map(|at| words::undone(&time(page, at))));
    let files = offer(page, "corrections", title, files);
    list((title, words::NO_CORRECTIONS), all.is_empty(), rows.scrolled(title, ""), files)
}

/// The answer that was given, in the words of its button.
fn answer(step: &HeldRow, decision: Decision) -> Option<String> {
    let exact = |value: f64| figures::fixed(value, 3);
    let answers = alarms::answers(step.kind, &exact(step.previous), &exact(step.value));
    let given = answers.into_iter().find(|(answer, _)| *answer == decision);
    given.map(|(_, text)| words::answered(&text))
}

/// The answer that was given to a question, and its shape.
const fn answered(state: StepState) -> Option<(Decision, Shape)> {
    match state {
        StepState::Open => None,
        StepState::Accepted => Some((Decision::Accept, Shape::Good)),
        StepState::Rejected => Some((Decision::Reject, Shape::Ring)),
    }
}

fn quarantine(page: &CorrectionsPage) -> Html {
    let (title, all) = (words::QUARANTINE, &page.quarantine);
    let row = |row: &StepView| {
        let step = HeldRow::from(row);
        let (sentence, state) = match answered(row.state) {
            None => (question(&page.shown.site.slug, &step), decide(&step)),
            Some((decision, shape)) => {
                (asked(&step), html! { {mark(shape)} " " {answer(&step, decision)} })
            }
        };
        let figure = |value: f64| figures::fixed(value, 1);
        html! {
            <tr class="is-asked">
                <th scope="row">{time(page, row.timestamp)}</th>
                <td class="num mono">{format!("{} → {}", figure(row.previous), figure(row.value))}</td>
                <td class="num">{figure(row.delta)}</td>
                <td class="num">{format!("≤ {}", figure(row.plausible))}</td>
            </tr>
            <tr>
                <td class="col-said" colspan="4">
                    {sentence} " " {state}
                </td>
            </tr>
        }
    };
    let heads = [words::TIME, words::REGISTER_KWH, words::STEP, words::PLAUSIBLE];
    let table = draw_table(title, "", heads.map(kit::Column::new), all.iter().map(row));
    let said = |row: &StepView| {
        answered(row.state).and_then(|(decision, _)| answer(&HeldRow::from(row), decision))
    };
    let files = Rows::of(all)
        .cell(words::TIME, |row| Value::Time(row.timestamp))
        .text(words::FIELD, |row| name(&row.field))
        .figure(words::REGISTER_KWH, ENTERED, |row| row.value)
        .figure(words::STEP, ENTERED, |row| row.delta)
        .figure(words::PLAUSIBLE, ENTERED, |row| row.plausible)
        .cell(UNIT, |row| unit(&row.field))
        .cell(words::STATE, said);
    let files = offer(page, "questions", title, files);
    list((title, words::NO_QUARANTINE), all.is_empty(), table, files)
}

fn field(name: &'static str, label: &'static str, kind: &'static str, value: String) -> Html {
    let step = (kind == "datetime-local").then_some("1");
    let required = name != "value";
    html! {
        <label class="form-field">
            {label}
            <input class="field" type=kind name=name value=value step=step required=required />
        </label>
    }
}

fn exchange_form(page: &CorrectionsPage) -> Html {
    html! {
        <form id="exchange" class="form" action=send("exchange")>
            <h2>{words::ENTER_EXCHANGE}</h2>
            {hidden("meter", page.id.to_string())}
            {field("at", words::WHEN.get(), "datetime-local", String::new())}
            {field("old", words::OLD_FINAL.get(), "text", String::new())}
            {field("new", words::NEW_INITIAL.get(), "text", "0".to_owned())}
            {field("reason", words::REASON.get(), "text", String::new())}
            <p class="note">{words::EXCHANGE_HELP}</p>
            {submit("button button-main", words::ENTER)}
        </form>
    }
}
