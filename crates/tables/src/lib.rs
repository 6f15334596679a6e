//! Tables as data, and as files for spreadsheets: CSV and XLSX.
//!
//! A table says what it holds once: columns with their units, cells with their types. Both files are written from that,
//! so they cannot tell different figures.

pub mod csv;
mod rows;
pub mod xlsx;

pub use rows::Rows;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;

/// A table of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The name of its sheet.
    pub title: String,
    /// The zone in which its times are written.
    pub zone: Tz,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Value>>,
    /// The sentence that stands in place of rows where there are none.
    pub empty: String,
    /// Site, period and the like, each with its name: XLSX has them on a sheet of their own.
    pub facts: Vec<(String, String)>,
}

impl Table {
    /// The cells of a column.
    fn cells(&self, column: usize) -> impl Iterator<Item = &Value> {
        self.rows.iter().filter_map(move |row| row.get(column))
    }
}

/// Tables that make one workbook, each on a sheet of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    pub title: String,
    pub tables: Vec<Table>,
    /// Those of the whole workbook; those of its tables are left out.
    pub facts: Vec<(String, String)>,
}

/// The units that a head may end in without a comma before them.
const UNITS: [&str; 5] = ["kWh", "kW", "kg", "%", "ms"];

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    name: String,
    unit: Option<String>,
}

impl Column {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), unit: None }
    }

    /// A column of figures, all in one unit.
    pub fn in_unit(name: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { name: name.into(), unit: Some(unit.into()) }
    }

    /// A column of a head that ends in its unit: `Energy, kWh` or `Energy kWh`.
    pub fn of_head(head: &str) -> Self {
        let by_blank = || head.rsplit_once(' ').filter(|(_, unit)| UNITS.contains(unit));
        match head.rsplit_once(", ").or_else(by_blank) {
            Some((name, unit)) => Self::in_unit(name, unit),
            None => Self::new(head),
        }
    }

    /// Its head: `Energy (kWh)`.
    pub fn head(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{} ({unit})", self.name),
            None => self.name.clone(),
        }
    }
}

impl<T: Into<String>> From<T> for Column {
    fn from(name: T) -> Self {
        Self::new(name)
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An empty cell: not known, or not there.
    Unknown,
    Text(String),
    /// A figure with the decimal places that it is known to.
    Number(f64, usize),
    /// An amount of money, or another exact figure.
    Exact(Decimal),
    Time(DateTime<Utc>),
    Day(NaiveDate),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A whole number.
    pub fn count(count: usize) -> Self {
        Self::Number(count as f64, 0)
    }

    /// A figure that may not be known.
    pub fn number(value: Option<f64>, places: usize) -> Self {
        value.map_or(Self::Unknown, |value| Self::Number(value, places))
    }

    /// A share as per cent, with one decimal.
    pub fn percent(share: f64) -> Self {
        Self::Number(share * 100.0, 1)
    }
}

impl From<Option<Decimal>> for Value {
    fn from(amount: Option<Decimal>) -> Self {
        amount.map_or(Self::Unknown, Self::Exact)
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Unknown, Self::Text)
    }
}

/// A figure rounded to decimal places, half away from zero; nothing has no sign.
fn rounded(value: f64, places: usize) -> f64 {
    let power = 10_f64.powi(i32::try_from(places).unwrap_or(0));
    let rounded = (value * power).round() / power;
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests;
