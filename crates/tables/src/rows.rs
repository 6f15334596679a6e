//! The columns and the rows of a table, made column by column: each says its head, and its cell of a row.

use crate::{Column, Value};

/// Rows on their way to a table.
#[must_use]
pub struct Rows<I> {
    columns: Vec<Column>,
    rows: Vec<(I, Vec<Value>)>,
}

impl<I: Copy> Rows<I> {
    pub fn of(items: impl IntoIterator<Item = I>) -> Self {
        let rows = items.into_iter().map(|item| (item, Vec::new())).collect();
        Self { columns: Vec::new(), rows }
    }

    /// The same with a further column.
    pub fn cell<V: Into<Value>>(mut self, head: impl Into<Column>, of: impl Fn(I) -> V) -> Self {
        self.columns.push(head.into());
        for (item, cells) in &mut self.rows {
            cells.push(of(*item).into());
        }
        self
    }

    pub fn text<T: Into<String>>(self, head: impl Into<Column>, of: impl Fn(I) -> T) -> Self {
        self.cell(head, |item| Value::text(of(item)))
    }

    /// A column of figures, with the decimal places that they are known to.
    pub fn figure<N: Into<Option<f64>>>(
        self,
        head: impl Into<Column>,
        places: usize,
        of: impl Fn(I) -> N,
    ) -> Self {
        self.cell(head, |item| Value::number(of(item).into(), places))
    }

    /// A column of shares, as per cent.
    pub fn percent<S: Into<Option<f64>>>(
        self,
        head: impl Into<Column>,
        of: impl Fn(I) -> S,
    ) -> Self {
        self.cell(head, |item| of(item).into().map_or(Value::Unknown, Value::percent))
    }

    /// The columns, and the cells of each row.
    pub fn parts(self) -> (Vec<Column>, Vec<Vec<Value>>) {
        (self.columns, self.rows.into_iter().map(|(_, cells)| cells).collect())
    }
}
