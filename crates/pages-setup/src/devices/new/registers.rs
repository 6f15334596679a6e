//! The table of registers.

use domain::devices::register_table::ByteOrder;
use domain::devices::{Function, NumberType};
use markup::{Html, html};
use service::devices::registers::{MOST_ROWS, NAME, OF_ROW, SHOWN, word};
use texts::words::devices::registers as words;
use ui::drawing::hidden;

use super::fields::Form;
use super::rows::{Column, Rows, is_in_table};

pub(super) fn shows(name: &str) -> bool {
    name == SHOWN || is_in_table(name, NAME, MOST_ROWS, OF_ROW)
}

pub(super) fn draw(form: &Form<'_>) -> Html {
    let functions =
        [(Function::Holding, words::HOLDING.get()), (Function::Input, words::INPUT.get())];
    let functions = functions.map(|(function, text)| (word(function), text.to_owned()));
    let types =
        NumberType::ALL.map(|number| (word(number), words::number(number).get().to_owned()));
    let orders = ByteOrder::ALL.map(|order| (order.as_str(), order.letters(2)));
    let table = Rows {
        name: NAME,
        title: words::TITLE,
        help: words::HELP,
        least: 6,
        most: MOST_ROWS,
        columns: vec![
            Column::channel("channel"),
            Column::choice("function", words::FUNCTION, functions),
            Column::text("address", words::ADDRESS),
            Column::choice("type", words::TYPE, types),
            Column::choice("order", words::ORDER, orders),
            Column::text("scale", words::SCALE),
        ],
    };
    html! {
        {hidden(SHOWN, "1")}
        {table.draw(form)}
        <p class="note">{words::REMOVE_HELP}</p>
    }
}
