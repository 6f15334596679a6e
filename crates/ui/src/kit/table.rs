//! Tables, as data: a view for each cell would take four times as long to draw.

use super::Draw as _;
use leptos::prelude::*;
use markup::{Draw, Html, html};

use crate::components::mark::Shape;
use crate::drawing::parts::mark;

/// A column of a table.
pub struct Column {
    name: String,
    class: String,
    of_cells: String,
    is_shown: bool,
    /// Stands behind the name.
    rest: Html,
}

impl Column {
    pub fn new(name: impl Into<String>) -> Self {
        let (class, of_cells, rest) = (String::new(), String::new(), Html::default());
        Self { name: name.into(), class, of_cells, is_shown: true, rest }
    }

    /// A column of figures.
    pub fn of_figures(name: impl Into<String>) -> Self {
        Self::new(name).class("num")
    }

    /// A column of figures that are all in one unit.
    pub fn in_unit(name: impl Into<String>, unit: impl Draw) -> Self {
        Self::of_figures(name).rest(html! { <span class="unit">{unit}</span> })
    }

    /// A column whose name is for screen readers alone.
    pub fn unnamed(name: impl Into<String>) -> Self {
        Self { is_shown: false, ..Self::new(name) }
    }

    /// A column without a head, where its cells say what they are.
    pub fn blank() -> Self {
        Self::new("")
    }

    /// The same, with more in its head.
    #[must_use]
    pub fn rest(self, rest: Html) -> Self {
        Self { rest, ..self }
    }

    /// The same, with a further class: style says by it where the column has no room.
    #[must_use]
    pub fn class(mut self, class: &str) -> Self {
        add(&mut self.class, class);
        self
    }

    /// The same, with a further class of its cells that its head has not.
    #[must_use]
    pub fn cells(mut self, class: &str) -> Self {
        add(&mut self.of_cells, class);
        self
    }

    /// Its head, and the class of its cells.
    pub(super) fn draw(self) -> (Html, Option<String>) {
        let Self { name, class, of_cells, is_shown, rest } = self;
        let mut cells = class.clone();
        add(&mut cells, &of_cells);
        let some = |class: String| Some(class).filter(|class| !class.is_empty());
        let class = some(class);
        let head = if name.is_empty() {
            html! { <td class=class></td> }
        } else if is_shown {
            html! { <th scope="col" class=class>{name} {rest}</th> }
        } else {
            html! { <th scope="col" class=class><span class="sr">{name}</span> {rest}</th> }
        };
        (head, some(cells))
    }
}

impl<T: Into<String>> From<T> for Column {
    fn from(name: T) -> Self {
        Self::new(name)
    }
}

/// Adds a class to others.
pub(super) fn add(classes: &mut String, class: &str) {
    if !classes.is_empty() && !class.is_empty() {
        classes.push(' ');
    }
    classes.push_str(class);
}

/// The content of a row in a column.
pub enum Cell {
    Text(String),
    /// A short name, and what it stands for.
    Short(String, String),
    /// A text and where it leads.
    Link(String, String),
    /// The same, where all of the row leads there: in a table of the class `ranking`.
    RowLink(String, String),
    /// A state: its shape and its word.
    State(Shape, String),
    /// A view, where a text alone does not say it.
    View(AnyView),
}

impl Cell {
    pub fn of(view: impl IntoView + 'static) -> Self {
        Self::View(view.drawn())
    }

    fn draw(self) -> Html {
        match self {
            Self::Text(text) => html! { {text} },
            Self::Short(name, whole) => html! { <span title=whole>{name}</span> },
            Self::Link(text, href) => html! { <a href=href>{text}</a> },
            Self::RowLink(text, href) => html! { <a class="row-link" href=href>{text}</a> },
            Self::State(shape, word) => html! { {mark(shape)} " " {word} },
            Self::View(view) => {
                let mut drawn = Html::default();
                drawn.push(&view.to_html());
                drawn
            }
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// The head of a column, in a table whose rows a page draws itself.
impl Draw for Column {
    fn draw(self, into: &mut Html) {
        let (head, _) = Self::draw(self);
        into.push(&head.into_string());
    }
}

/// A row of a table; the first cell names it.
#[derive(Default)]
pub struct Row {
    /// The place on the page to which an address leads.
    pub id: Option<String>,
    /// Whether it tells of something that is over.
    pub is_quiet: bool,
    pub cells: Vec<Cell>,
}

impl Row {
    pub fn of(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }

    fn draw(self, classes: &[Option<String>]) -> Html {
        let cells = self.cells.into_iter().zip(classes).enumerate().map(|(n, (cell, class))| {
            let (class, cell) = (class.clone(), cell.draw());
            if n == 0 {
                html! { <th scope="row" class=class>{cell}</th> }
            } else {
                html! { <td class=class>{cell}</td> }
            }
        });
        let class = self.is_quiet.then_some("is-quiet");
        html! { <tr class=class id=self.id>{cells.collect::<Html>()}</tr> }
    }
}

/// The heads of columns, for a table whose rows are drawn elsewhere.
pub fn heads<const N: usize>(columns: [Column; N]) -> [Html; N] {
    columns.map(|column| column.draw().0)
}

/// A table, which is scrolled by itself where there is no room for it.
#[component]
pub fn Table(
    #[prop(into)] label: String,
    /// The class by which style knows it.
    class: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
) -> AnyView {
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=label>
            <PlainTable class columns rows />
        </div>
    }
    .drawn()
}

/// A table that always fits, or is scrolled together with what stands around it.
#[component]
pub fn PlainTable(
    /// The class by which style knows it.
    #[prop(optional)]
    class: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
) -> AnyView {
    let (heads, classes): (Vec<Html>, Vec<_>) = columns.into_iter().map(Column::draw).unzip();
    let body: Html = rows.into_iter().map(|row| row.draw(&classes)).collect();
    let content = html! {
        <thead>
            <tr>{heads}</tr>
        </thead>
        <tbody>{body}</tbody>
    };
    let mut classes = "table".to_owned();
    add(&mut classes, class);
    view! { <table class=classes inner_html=content.into_string()></table> }.drawn()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_has_no_class_of_its_cells_and_none_is_there_without_a_name() {
        let columns = vec![Column::blank(), Column::of_figures("kWh").cells("total")];
        let linked = Cell::RowLink("TX-101".to_owned(), "/grid".to_owned());
        let rows = vec![Row { cells: vec![linked, "12.0".into()], ..Row::default() }];
        let drawn = view! { <PlainTable columns rows /> }.to_html();
        let head = r#"<td></td><th scope="col" class="num">kWh</th>"#;
        let link = r#"<a class="row-link" href="/grid">TX-101</a>"#;
        let row = format!(r#"<th scope="row">{link}</th><td class="num total">12.0</td>"#);
        let table = format!("<thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody>");
        assert_eq!(drawn, format!(r#"<table class="table">{table}</table>"#));
    }
}
