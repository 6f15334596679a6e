//! A log file: lines of text, or the same as XML.

use chrono::{DateTime, Utc};
use domain::devices::logger::DeviceAddress;
use domain::devices::logger::upload::{LineRefusal, UploadRefusal};
use domain::{Quality, Values};

use super::{Column, Columns, line, xml};

/// Lines of a file: more than a month of a device that is logged each minute.
pub(super) const MOST_LINES: usize = 50_000;

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// The device was read.
    Reading {
        /// When.
        at: DateTime<Utc>,
        /// GOOD, or ERROR where the logger noted one.
        quality: Quality,
        /// What is known of its points.
        values: Box<Values>,
        /// The values of points that are meters of their own.
        points: Vec<PointReading>,
    },
    /// The device gave no value.
    Silent {
        /// When.
        at: DateTime<Utc>,
        /// The error code.
        code: u16,
    },
    /// The device was read, and none of the numbers is known to be a value of a reading.
    Unnamed,
    /// Something happened to the logger or the device.
    Event {
        /// When.
        at: DateTime<Utc>,
        /// What.
        code: u16,
    },
}

/// A value of a point that is a meter of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct PointReading {
    /// The point, from 0.
    pub number: u16,
    pub values: Box<Values>,
}

/// A line as read, or why it is refused.
pub type Line = Result<Entry, LineRefusal>;

impl PointReading {
    pub(super) fn new(number: u16, column: Column, value: f64) -> Self {
        let mut values = Box::<Values>::default();
        column.put(&mut values, value);
        Self { number, values }
    }
}

/// The lines of one device.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// The device, where the file itself says which.
    pub device: Option<DeviceAddress>,
    /// Its lines, in the file's order.
    pub lines: Vec<Line>,
    /// Whether any of its points is known to be a value of a reading.
    pub is_named: bool,
}

/// Reads a file. `columns` answers what is known of the points of a device; none stands for the one
/// that the upload names.
pub fn read(
    text: &str,
    columns: impl Fn(Option<DeviceAddress>) -> Columns,
) -> Result<Vec<Log>, UploadRefusal> {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if text.starts_with('<') {
        return xml::read(text, columns);
    }
    let columns = columns(None);
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if lines.len() == MOST_LINES {
            return Err(UploadRefusal::TooManyLines { limit: MOST_LINES });
        }
        lines.push(line::read(line.trim(), &columns));
    }
    Ok(vec![Log { device: None, lines, is_named: !columns.is_empty() }])
}
