//! A table whose rows are fields, with some empty rows to add more.

use domain::Field;
use markup::{Html, html};
use service::devices::rows;
use texts::language::Text;
use texts::words::devices::registers as words;
use texts::words::history::of_field;

use super::fields::Form;
use ui::drawing::draw_table;
use ui::drawing::form::options_of;
use ui::kit;

/// Empty rows after the last that is filled in.
const EMPTY_ROWS: usize = 3;

pub(super) struct Rows {
    /// The beginning of the names of its fields.
    pub(super) name: &'static str,
    pub(super) title: Text,
    pub(super) help: Text,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) columns: Vec<Column>,
}

pub(super) struct Column {
    of: &'static str,
    label: Text,
    /// Words to choose from, each with its text; none where anything may be typed.
    options: Option<Vec<(String, String)>>,
    /// The text that stands in place of the field, by its row.
    note: fn(&Form<'_>, usize) -> Option<Text>,
}

impl Column {
    pub(super) fn text(of: &'static str, label: Text) -> Self {
        Self { of, label, options: None, note: |_, _| None }
    }

    /// The same with a text in place of some fields.
    pub(super) fn noted(self, note: fn(&Form<'_>, usize) -> Option<Text>) -> Self {
        Self { note, ..self }
    }

    pub(super) fn choice<W: Into<String>>(
        of: &'static str,
        label: Text,
        options: impl IntoIterator<Item = (W, String)>,
    ) -> Self {
        let options = options.into_iter().map(|(word, text)| (word.into(), text));
        Self { options: Some(options.collect()), ..Self::text(of, label) }
    }

    pub(super) fn channel(of: &'static str) -> Self {
        let named = |field: &Field| {
            let (name, unit) = (of_field(*field).get(), field.unit());
            let text = if unit.is_empty() { name.to_owned() } else { format!("{name}, {unit}") };
            (field.json(), text)
        };
        Self::choice(of, words::CHANNEL, Field::ALL.iter().map(named))
    }
}

pub(super) fn is_in_table(
    field: &str,
    table: &str,
    most: usize,
    of_row: impl IntoIterator<Item = &'static str>,
) -> bool {
    let place = rows::place(table, field).filter(|(row, _)| *row < most);
    place.is_some_and(|(_, of)| of_row.into_iter().any(|known| known == of))
}

impl Rows {
    pub(super) fn draw(&self, form: &Form<'_>) -> Html {
        let filled = form.filled().filter_map(|name| Some(rows::place(self.name, name)?.0 + 1));
        let count = filled.max().unwrap_or_default() + EMPTY_ROWS;
        let rows = (0..count.clamp(self.least, self.most)).map(|at| self.row(form, at));
        let heads = self.columns.iter().map(|column| kit::Column::new(column.label));
        let heads = std::iter::once(kit::Column::new("#")).chain(heads).collect::<Html>();
        html! {
            <h2>{self.title} " " <span class="note">{self.help}</span></h2>
            {draw_table(self.title, "device-rows", heads, rows)}
        }
    }

    fn row(&self, form: &Form<'_>, at: usize) -> Html {
        let cell = |column: &Column| {
            let name = rows::field(self.name, at, column.of);
            let label = words::in_row(column.label.get(), at + 1);
            let options = column.options.as_ref().map(|options| {
                html! {
                    <option value="">{words::NONE}</option>
                    {options_of(form.value(&name), options.iter().cloned())}
                }
            });
            let field = match (column.note)(form, at) {
                Some(note) => html! { <span class="note">{note}</span> },
                None => form.field(&name, None, Some(&label), options),
            };
            html! { <td>{field} {form.fault(&name)}</td> }
        };
        let cells = self.columns.iter().map(cell).collect::<Html>();
        html! {
            <tr>
                <th scope="row">{at + 1}</th>
                {cells}
            </tr>
        }
    }
}
