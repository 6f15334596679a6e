//! Files of tables and charts.

use crate::language::Text;

pub use crate::words::labels::{CSV, PERIOD, ZONE};

pub const DOWNLOAD: Text = Text("Download", "Herunterladen");
pub const EXCEL: Text = Text("Excel", "Excel");
pub const SVG: Text = Text("SVG", "SVG");
pub const PNG: Text = Text("PNG", "PNG");
pub const WORKBOOK: Text = Text("Whole month as Excel workbook", "Ganzer Monat als Excel-Mappe");
pub const WHOLE_MONTH: Text = Text("Whole month", "Ganzer Monat");
/// The sheet that says of where and when the figures are.
pub const ABOUT: Text = Text("About", "Angaben");
pub const SITE: Text = Text("Site", "Standort");
pub const MADE: Text = Text("Created", "Erstellt");
pub const NO_FIGURES: Text =
    Text("There are no figures for this period.", "Für diesen Zeitraum gibt es keine Werte.");
pub const NO_ROWS: Text = Text("There is nothing to list.", "Es gibt nichts aufzulisten.");
