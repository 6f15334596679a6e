//! Tables, as data: a view for each cell would take four times as long to draw.

use leptos::prelude::*;
use markup::{Html, html};

use crate::components::mark::Shape;
use crate::drawing::parts::mark;

/// A column of a table.
pub struct Column {
    name: String,
    class: String,
    is_shown: bool,
}

impl Column {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), class: String::new(), is_shown: true }
    }

    /// A column of figures.
    pub fn of_figures(name: impl Into<String>) -> Self {
        Self::new(name).class("num")
    }

    /// A column whose name is for screen readers alone.
    pub fn unnamed(name: impl Into<String>) -> Self {
        Self { is_shown: false, ..Self::new(name) }
    }

    /// The same, with a further class: style says by it where the column has no room.
    #[must_use]
    pub fn class(mut self, class: &str) -> Self {
        if !self.class.is_empty() {
            self.class.push(' ');
        }
        self.class.push_str(class);
        self
    }

    /// Its head, and the class of its cells.
    fn draw(self) -> (Html, Option<String>) {
        let Self { name, class, is_shown } = self;
        let class = Some(class).filter(|class| !class.is_empty());
        let name = if is_shown {
            html! { {name} }
        } else {
            html! { <span class="sr">{name}</span> }
        };
        (html! { <th scope="col" class=class.clone()>{name}</th> }, class)
    }
}

/// The content of a row in a column.
pub enum Cell {
    Text(String),
    /// A short name, and what it stands for.
    Short(String, String),
    /// A text and where it leads.
    Link(String, String),
    /// A state: its shape and its word.
    State(Shape, String),
    /// A view, where a text alone does not say it.
    View(AnyView),
}

impl Cell {
    pub fn of(view: impl IntoView + 'static) -> Self {
        Self::View(view.into_any())
    }

    fn draw(self) -> Html {
        match self {
            Self::Text(text) => html! { {text} },
            Self::Short(name, whole) => html! { <span title=whole>{name}</span> },
            Self::Link(text, href) => html! { <a href=href>{text}</a> },
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

/// A table, which is scrolled by itself where there is no room for it.
#[component]
pub fn Table(
    #[prop(into)] label: String,
    /// The class by which style knows it.
    class: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
) -> AnyView {
    let (heads, classes): (Vec<Html>, Vec<_>) = columns.into_iter().map(Column::draw).unzip();
    let body: Html = rows.into_iter().map(|row| row.draw(&classes)).collect();
    let table = html! {
        <table class=format!("table {class}")>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    };
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=label inner_html=table.into_string()></div>
    }
    .into_any()
}
