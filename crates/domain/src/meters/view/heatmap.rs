//! When meters use how much: meters over hours of the day, days, or hours of the week.

use chrono::NaiveDate;

use super::Refused;
use crate::MeterId;
use crate::meters::SourceKind;
use crate::view::PeriodContext;

/// Steps of the colour scale.
pub const STEPS: u8 = 7;
/// What is read to this part is not remarked on.
const COMPLETE: f64 = 0.95;

/// What stands above the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// The hours of a day: mean power over the days of the period.
    #[default]
    Hour,
    /// The days of the period; weeks or months of a long one.
    Day,
    /// The hours of a week, from Monday: mean power over the weeks of the period.
    Week,
}

impl By {
    /// Each, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

/// How many days a column of the days has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// One.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Grain {
    /// The finest that leaves a readable count of columns.
    pub const fn of_days(days: i64) -> Self {
        match days {
            ..=62 => Self::Day,
            63..=372 => Self::Week,
            _ => Self::Month,
        }
    }
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// An hour of the day, from 0.
    Hour(u32),
    /// An hour of the week, from Monday at 0.
    WeekHour(u32),
    /// From one day to another, both included.
    Days(NaiveDate, NaiveDate),
}

/// What a meter used in a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// kWh of the days, or mean kW of the hour; and the share of it that was read.
    Known(f64, f64),
    /// Nothing is known.
    Gap,
    /// It is still to come.
    Ahead,
}

impl Cell {
    /// What is known.
    pub const fn value(self) -> Option<f64> {
        match self {
            Self::Known(value, _) => Some(value),
            Self::Gap | Self::Ahead => None,
        }
    }

    /// Whether a part of it was not read.
    pub fn is_partial(self) -> bool {
        matches!(self, Self::Known(_, coverage) if coverage < COMPLETE)
    }
}

/// A meter over all columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub id: MeterId,
    pub name: String,
    pub kind: SourceKind,
    /// Steps from the root of the tree.
    pub depth: usize,
    /// How many meters hang directly below.
    pub below: usize,
    /// Whether those are shown.
    pub is_open: bool,
    /// One for each column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The column with the most, and how much that is; none where nothing was used.
    pub fn most(&self) -> Option<(usize, f64)> {
        let known =
            self.cells.iter().enumerate().filter_map(|(at, cell)| Some((at, cell.value()?)));
        known.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, most)| *most > 0.0)
    }

    /// The step of the colour scale for a value, from 0; each row from nothing to its most.
    pub fn step(&self, value: f64) -> u8 {
        let most = self.most().map_or(0.0, |(_, most)| most);
        if value <= 0.0 || most <= 0.0 {
            return 0;
        }
        let last = STEPS - 1;
        // From the second step on what is used at all; the last is the most.
        (1..last).find(|&step| value <= most * f64::from(step) / f64::from(last)).unwrap_or(last)
    }
}

/// The heat map of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatmapPage {
    /// The period and its site.
    pub shown: PeriodContext,
    /// What stands above the columns.
    pub by: By,
    /// How many days a column of the days has.
    pub grain: Grain,
    pub columns: Vec<Column>,
    /// The meters, as the tree has them.
    pub rows: Vec<Row>,
    /// Meters of the site.
    pub meters: usize,
    /// Whether all of them were asked for.
    pub all: bool,
    /// What the address asks for and cannot be shown.
    pub refused: Option<Refused>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: Vec<Cell>) -> Row {
        Row {
            id: MeterId(1),
            name: "Main".to_owned(),
            kind: SourceKind::Load,
            depth: 0,
            below: 0,
            is_open: false,
            cells,
        }
    }

    #[test]
    fn a_row_goes_from_nothing_to_its_most() {
        let row = row(vec![Cell::Known(0.0, 1.0), Cell::Known(60.0, 0.5), Cell::Gap, Cell::Ahead]);
        assert_eq!(row.most(), Some((1, 60.0)));
        let steps: Vec<u8> = [0.0, 0.1, 10.0, 10.1, 59.9, 60.0].map(|kwh| row.step(kwh)).to_vec();
        assert_eq!(steps, [0, 1, 1, 2, 6, 6]);
        assert!(row.cells[1].is_partial() && !row.cells[0].is_partial());
    }

    #[test]
    fn a_row_without_anything_has_no_most() {
        let row = row(vec![Cell::Gap, Cell::Known(0.0, 1.0)]);
        assert_eq!((row.most(), row.step(0.0)), (None, 0));
    }

    #[test]
    fn long_periods_have_longer_columns() {
        let grains = [31, 366, 3653].map(Grain::of_days);
        assert_eq!(grains, [Grain::Day, Grain::Week, Grain::Month]);
    }
}
