//! What a table of devices does, or would do.

use domain::message::English;
use schemars::JsonSchema;
use serde::Serialize;

/// What a table does, or would do, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Whether nothing was stored because nothing was to be.
    pub dry_run: bool,
    /// Devices that are new.
    pub created: usize,
    /// Devices or meters that change.
    pub changed: usize,
    /// Lines that say what is there already.
    pub unchanged: usize,
    /// Lines that are refused. Where there is one, nothing is stored.
    pub refused: usize,
    /// Every line.
    pub lines: Vec<LineReport>,
}

/// What a line does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineReport {
    /// Where it begins in the table, counted from 1.
    pub line: u64,
    /// The meter it names.
    pub meter_number: String,
    /// What becomes of it.
    pub outcome: LineOutcome,
    /// The columns that change.
    pub changes: Vec<&'static str>,
    /// The column at fault.
    pub field: Option<String>,
    /// What is wrong and how to mend it.
    pub message: Option<English>,
    /// Stable code of what is wrong.
    pub code: Option<&'static str>,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LineOutcome {
    /// A device is new, and its meter where there was none.
    Created,
    /// Something changes.
    Changed,
    /// It is as it was.
    Unchanged,
    /// It is refused.
    Refused,
}
