//! The table of registers: a row for each, with some empty ones to add more.

use domain::Field;
use domain::devices::register_table::ByteOrder;
use domain::devices::{Function, NumberType};
use markup::{Html, html};
use service::devices::registers::{MOST_ROWS, OF_ROW, SHOWN, field, word};
use texts::language::Text;
use texts::words::devices::registers as words;
use texts::words::history::of_field;
use ui::drawing::hidden;

use super::fields::Form;

/// Rows that are shown at least, and empty ones after the last that is filled in.
const LEAST_ROWS: usize = 6;
const EMPTY_ROWS: usize = 3;

/// Whether a field is one of the rows that are shown.
pub(super) fn shows(form: &Form<'_>, name: &str) -> bool {
    name == SHOWN || (0..count(form)).any(|row| OF_ROW.iter().any(|of| field(row, of) == name))
}

fn count(form: &Form<'_>) -> usize {
    let is_filled = |row: &usize| OF_ROW.iter().any(|of| !form.value(&field(*row, of)).is_empty());
    let filled = (0..MOST_ROWS).filter(is_filled).max().map_or(0, |last| last + 1);
    (filled + EMPTY_ROWS).clamp(LEAST_ROWS, MOST_ROWS)
}

pub(super) fn draw(form: &Form<'_>) -> Html {
    let rows = (0..count(form)).map(|at| row(form, at)).collect::<Html>();
    let head = |head: Text| html! { <th scope="col">{head}</th> };
    let heads =
        [words::CHANNEL, words::FUNCTION, words::ADDRESS, words::TYPE, words::ORDER, words::SCALE];
    html! {
        {hidden(SHOWN, "1".to_owned())}
        <h2>{words::TITLE} " " <span class="note">{words::HELP}</span></h2>
        <div class="scroll" tabindex="0" role="group" aria-label=words::TITLE>
            <table class="table device-registers">
                <thead>
                    <tr>
                        <th scope="col">"#"</th>
                        {heads.map(head)}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="note">{words::REMOVE_HELP}</p>
    }
}

fn row(form: &Form<'_>, at: usize) -> Html {
    let name = |of: &str| field(at, of);
    let label = |said: Text| words::in_row(said.get(), at + 1);
    let fields = Field::ALL.iter().map(|field| (field.json(), channel(*field)));
    let functions =
        [(Function::Holding, words::HOLDING.get()), (Function::Input, words::INPUT.get())];
    let functions = functions.map(|(function, text)| (word(function), text.to_owned()));
    let types =
        NumberType::ALL.map(|number| (word(number), words::number(number).get().to_owned()));
    let orders = ByteOrder::ALL.map(|order| (order.as_str(), order.letters(2)));
    let text = |of: &str, label: String| {
        let name = name(of);
        html! {
            <td>
                <input
                    class="field"
                    type="text"
                    name=name.clone()
                    value=form.value(&name)
                    aria-label=label
                    aria-invalid=form.fault(&name).map(|_| "true")
                    autocomplete="off"
                    spellcheck="false"
                />
                {form.fault(&name)}
            </td>
        }
    };
    html! {
        <tr>
            <th scope="row">{at + 1}</th>
            {choice(form, &name("channel"), label(words::CHANNEL), fields)}
            {choice(form, &name("function"), label(words::FUNCTION), functions)}
            {text("address", label(words::ADDRESS))}
            {choice(form, &name("type"), label(words::TYPE), types)}
            {choice(form, &name("order"), label(words::ORDER), orders)}
            {text("scale", label(words::SCALE))}
        </tr>
    }
}

/// A channel with its unit.
fn channel(field: Field) -> String {
    let unit = field.unit();
    let name = of_field(field).get();
    if unit.is_empty() { name.to_owned() } else { format!("{name}, {unit}") }
}

fn choice<W: Into<String>>(
    form: &Form<'_>,
    name: &str,
    label: String,
    options: impl IntoIterator<Item = (W, String)>,
) -> Html {
    let chosen = form.value(name);
    let option = |(word, text): (W, String)| {
        let word: String = word.into();
        let is_chosen = word == chosen;
        html! {
            <option value=word selected=is_chosen>
                {text}
            </option>
        }
    };
    let options = options.into_iter().map(option).collect::<Html>();
    html! {
        <td>
            <select
                class="field"
                name=name.to_owned()
                aria-label=label
                aria-invalid=form.fault(name).map(|_| "true")
            >
                <option value="">{words::NONE}</option>
                {options}
            </select>
            {form.fault(name)}
        </td>
    }
}
