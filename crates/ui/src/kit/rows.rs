//! A table made column by column: each says its head, and its cell of a row.

use markup::{Draw, Html, html};
use texts::language::Text;

use super::Column;
use super::table::add;

/// Rows on their way to a table.
#[must_use]
pub struct Rows<I> {
    heads: Html,
    /// Each with its class and its cells.
    lines: Vec<(I, Option<&'static str>, Html)>,
    is_named: bool,
    foot: Option<Html>,
}

impl<I: Copy> Rows<I> {
    pub fn of(items: impl IntoIterator<Item = I>) -> Self {
        let lines = items.into_iter().map(|item| (item, None, Html::default())).collect();
        Self { heads: Html::default(), lines, is_named: false, foot: None }
    }

    /// The same with a further column; the first one names the rows.
    pub fn column<D: Draw>(self, column: impl Into<Column>, of: impl Fn(I) -> D) -> Self {
        self.marked(column, |_| "", of)
    }

    /// The same with a further column whose cells have a class of their own.
    pub fn marked<D: Draw>(
        mut self,
        column: impl Into<Column>,
        class: impl Fn(I) -> &'static str,
        of: impl Fn(I) -> D,
    ) -> Self {
        let is_name = !self.is_named;
        self.is_named = true;
        self.put(column.into(), is_name, class, of)
    }

    /// The same with a column that stands before the one that names the rows.
    pub fn before<D: Draw>(self, column: impl Into<Column>, of: impl Fn(I) -> D) -> Self {
        self.put(column.into(), false, |_| "", of)
    }

    fn put<D: Draw>(
        mut self,
        column: Column,
        is_name: bool,
        own_class: impl Fn(I) -> &'static str,
        of: impl Fn(I) -> D,
    ) -> Self {
        let (head, of_column) = column.draw();
        head.draw(&mut self.heads);
        for (item, _, cells) in &mut self.lines {
            let mut class = of_column.clone().unwrap_or_default();
            add(&mut class, own_class(*item));
            let class = Some(class).filter(|class| !class.is_empty());
            let cell = of(*item);
            let cell = if is_name {
                html! { <th scope="row" class=class>{cell}</th> }
            } else {
                html! { <td class=class>{cell}</td> }
            };
            cell.draw(cells);
        }
        self
    }

    /// The same, each row with a class.
    pub fn classes(mut self, of: impl Fn(I) -> &'static str) -> Self {
        for (item, class, _) in &mut self.lines {
            *class = Some(of(*item));
        }
        self
    }

    /// The same with a row below the others, such as their sum.
    pub fn foot(self, row: Html) -> Self {
        Self { foot: Some(html! { <tfoot>{row}</tfoot> }), ..self }
    }

    /// The table, with a class by which style knows it.
    pub fn table(self, class: &str) -> Html {
        let mut classes = "table".to_owned();
        add(&mut classes, class);
        let row = |(_, class, cells)| html! { <tr class=class>{cells}</tr> };
        html! {
            <table class=classes>
                <thead>
                    <tr>{self.heads}</tr>
                </thead>
                <tbody>{self.lines.into_iter().map(row).collect::<Html>()}</tbody>
                {self.foot}
            </table>
        }
    }

    /// The same, scrolled by itself where there is no room for it.
    pub fn scrolled(self, label: Text, class: &str) -> Html {
        html! {
            <div class="scroll" tabindex="0" role="group" aria-label=label>
                {self.table(class)}
            </div>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_its_head_its_cells_and_their_classes() {
        let drawn = Rows::of([1_usize, 2])
            .before(Column::blank(), |row| row)
            .column("Meter", |row| format!("M{row}"))
            .marked(Column::in_unit("Loss", "kWh"), |row| ["", "is-loss"][row - 1], |row| row * 10)
            .classes(|row| if row == 1 { "" } else { "is-quiet" })
            .foot(html! { <tr></tr> })
            .table("ranking")
            .into_string();
        let unit = r#"<span class="unit">kWh</span>"#;
        let heads =
            format!(r#"<th scope="col">Meter</th><th scope="col" class="num">Loss{unit}</th>"#);
        let first = r#"<td>1</td><th scope="row">M1</th><td class="num">10</td>"#;
        let second = r#"<td>2</td><th scope="row">M2</th><td class="num is-loss">20</td>"#;
        let rows = format!(r#"<tr class="">{first}</tr><tr class="is-quiet">{second}</tr>"#);
        let head = format!("<thead><tr><td></td>{heads}</tr></thead>");
        let body = format!("<tbody>{rows}</tbody><tfoot><tr></tr></tfoot>");
        assert_eq!(drawn, format!(r#"<table class="table ranking">{head}{body}</table>"#));
    }
}
