//! What people entered about the readings of a meter, with the forms for more, and what waits for a
//! decision.

mod correction;
mod files;

use chrono::{DateTime, Utc};
use domain::Field;
use domain::alarms::view::HeldRow;
use domain::energy::interval::Decision;
use markup::{Html, html};
use service::Action;
use service::energy::quarantine::{StepState, StepView};
use service::meters::exchanges::ExchangeView;
use service::meters::page::CorrectionsPage;
use service::readings::corrections::CorrectionView;
use texts::figures;
use texts::language::Text;

use texts::words::history::of_field;
use texts::words::{alarms, energy as words};
use ui::components::mark::Shape;
use ui::drawing::parts::{Clock, mark};
use ui::drawing::rights::may;
use ui::drawing::{asked, decide, hidden, question, send};

pub(super) use correction::TypedCorrection;

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
fn list(
    (title, none): (Text, Text),
    heads: Vec<Text>,
    rows: Vec<Html>,
    files: Option<Html>,
) -> Html {
    let body = if rows.is_empty() {
        html! { <p class="note">{none}</p> }
    } else {
        let head = |head: Text| html! { <th scope="col">{head}</th> };
        html! {
            <div class="scroll" tabindex="0" role="group" aria-label=title>
                <table class="table">
                    <thead>
                        <tr>{heads.into_iter().map(head).collect::<Html>()}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {files}
        }
    };
    html! {
        <section class="entered">
            <h2>{title}</h2>
            {body}
        </section>
    }
}

/// A button that does one thing.
fn button(act: &'static str, fields: Vec<(&'static str, String)>, text: &'static str) -> Html {
    html! {
        <form class="act" action=send(act)>
            {fields.into_iter().map(|(name, value)| hidden(name, value)).collect::<Html>()}
            <button type="submit" class="button">
                {text}
            </button>
        </form>
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
    let fields = vec![("meter", page.id.to_string()), ("n", n.to_string())];
    may(Action::Operate).then(|| button(act, fields, words::UNDO.get()))
}

fn exchanges(page: &CorrectionsPage) -> Html {
    let row = |row: &ExchangeView| {
        html! {
            <tr class=if row.undone_at.is_some() { "is-quiet" } else { "" }>
                <th scope="row">{time(page, row.timestamp)}</th>
                <td class="num mono">{figures::fixed(row.old_final_kwh, 1)}</td>
                <td class="num mono">{figures::fixed(row.new_initial_kwh, 1)}</td>
                <td class="col-said">{row.reason.clone()}</td>
                <td>{state(page, row.undone_at, "undo-exchange", row.n)}</td>
            </tr>
        }
    };
    let heads =
        vec![words::TIME, words::OLD_FINAL, words::NEW_INITIAL, words::REASON, words::STATE];
    let rows = page.exchanges.iter().map(row).collect();
    list((words::EXCHANGES, words::NO_EXCHANGES), heads, rows, files::exchanges(page))
}

/// A field in words, by its name in JSON.
fn name(field: &str) -> String {
    Field::parse(field).map_or_else(|| field.to_owned(), |field| of_field(field).into())
}

fn corrections(page: &CorrectionsPage) -> Html {
    let row = |row: &CorrectionView| {
        let value =
            row.value.map_or_else(|| words::STRUCK_OUT.into(), |value| figures::fixed(value, 3));
        html! {
            <tr class=if row.undone_at.is_some() { "is-quiet" } else { "" }>
                <th scope="row">{time(page, row.timestamp)}</th>
                <td>{name(&row.field)}</td>
                <td class="num mono">{value}</td>
                <td class="col-said">{row.reason.clone()}</td>
                <td>{state(page, row.undone_at, "undo-correction", row.n)}</td>
            </tr>
        }
    };
    let heads = vec![words::TIME, words::FIELD, words::VALUE, words::REASON, words::STATE];
    let rows = page.corrections.iter().map(row).collect();
    let named = (words::READING_CORRECTIONS, words::NO_CORRECTIONS);
    list(named, heads, rows, files::corrections(page))
}

/// The answer that was given, in the words of its button.
fn answer(step: &HeldRow, decision: Decision) -> Option<String> {
    let exact = |value: f64| figures::fixed(value, 3);
    let answers = alarms::answers(step.kind, &exact(step.previous), &exact(step.value));
    let given = answers.into_iter().find(|(answer, _)| *answer == decision);
    given.map(|(_, text)| words::answered(&text))
}

fn quarantine(page: &CorrectionsPage) -> Html {
    let row = |row: &StepView| {
        let step = HeldRow::from(row);
        let answered = match row.state {
            StepState::Open => None,
            StepState::Accepted => Some((Decision::Accept, Shape::Good)),
            StepState::Rejected => Some((Decision::Reject, Shape::Ring)),
        };
        let (sentence, state) = match answered {
            None => (question(&page.shown.site.slug, &step), decide(&step)),
            Some((decision, shape)) => {
                (asked(&step), html! { {mark(shape)} " " {answer(&step, decision)} })
            }
        };
        html! {
            <tr class="is-asked">
                <th scope="row">{time(page, row.timestamp)}</th>
                <td class="num mono">
                    {format!(
                        "{} → {}",
                        figures::fixed(row.previous, 1),
                        figures::fixed(row.value, 1),
                    )}
                </td>
                <td class="num">{figures::fixed(row.delta, 1)}</td>
                <td class="num">{format!("≤ {}", figures::fixed(row.plausible, 1))}</td>
            </tr>
            <tr>
                <td class="col-said" colspan="4">
                    {sentence} " " {state}
                </td>
            </tr>
        }
    };
    let heads = vec![words::TIME, words::REGISTER_KWH, words::STEP, words::PLAUSIBLE];
    let rows = page.quarantine.iter().map(row).collect();
    list((words::QUARANTINE, words::NO_QUARANTINE), heads, rows, files::quarantine(page))
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
            <button type="submit" class="button button-main">
                {words::ENTER}
            </button>
        </form>
    }
}
