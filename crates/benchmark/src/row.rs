//! A figure that was measured, as a line of JSON.

use serde::{Deserialize, Serialize};

/// The direction in which a figure improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    Higher,
    Lower,
}

/// The same figure of a program of another maker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    pub name: String,
    pub value: f64,
}

/// A figure that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The same at each run: earlier figures are found by it.
    pub name: String,
    pub value: f64,
    pub unit: String,
    pub better: Better,
    /// The least or the most that it should be.
    pub target: Option<f64>,
    pub peer: Option<Peer>,
}

impl Row {
    /// A figure that is good when it is high.
    pub fn higher(name: impl Into<String>, value: f64, unit: &str) -> Self {
        Self {
            name: name.into(),
            value,
            unit: unit.to_owned(),
            better: Better::Higher,
            target: None,
            peer: None,
        }
    }

    /// A figure that is good when it is low.
    pub fn lower(name: impl Into<String>, value: f64, unit: &str) -> Self {
        Self { better: Better::Lower, ..Self::higher(name, value, unit) }
    }

    /// Sets the least or the most that it should be.
    #[must_use]
    pub fn target(self, target: f64) -> Self {
        Self { target: Some(target), ..self }
    }

    /// Prints it as a line of its own.
    pub fn print(&self) {
        println!("{}", serde_json::json!(self));
    }
}
