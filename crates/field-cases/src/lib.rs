//! Cases from the field, of meters, gateways and bills, as data from public reports. The README says how to play them.

mod bills;
mod readings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;
use serde_json::Value;

pub use bills::{Bill, Line, Metered, Quarter, Trade};
pub use readings::{Reading, Readings, Run};

/// A case from a public report.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    pub title: String,
    /// The address of the report.
    pub source: String,
    /// The make and model, or the kind of the device; of a bill, who or what made it.
    pub device: String,
    /// The device's behaviour, and the cost of it; what a bill is made of.
    pub story: String,
    /// The parts that are not the report's, where there are any.
    pub made: Option<String>,
    pub input: Input,
    pub right: Right,
    /// The reason why that is right.
    pub why: String,
}

/// The input of a case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Input {
    Mqtt {
        /// The settings of the meter; without any, those of the devices that the messages announce.
        communication: Option<Value>,
        /// In the order in which they are sent.
        messages: Vec<Message>,
        /// IANA name of the site's time zone; UTC unless stated.
        zone: Option<String>,
    },
    #[serde(rename_all = "camelCase")]
    Modbus {
        /// The settings of the meter, without host and port.
        communication: Value,
        /// Words of the holding registers from each address, which is the name; all others are 0.
        #[serde(default)]
        holding: BTreeMap<String, Vec<u16>>,
        /// The same of the input registers.
        #[serde(default)]
        input: BTreeMap<String, Vec<u16>>,
        refuses: Option<Refuses>,
    },
    Readings(Readings),
    Bill(Bill),
}

/// Requests that a device refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refuses {
    /// Those for more registers than these.
    pub longer_than: u16,
    /// The code of the exception.
    pub exception: u8,
}

/// A message of a device.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub topic: String,
    /// A JSON document, or a text that is sent as it stands.
    pub payload: Value,
}

impl Message {
    /// The message as it is sent.
    pub fn text(&self) -> String {
        match &self.payload {
            Value::String(text) => text.clone(),
            document => document.to_string(),
        }
    }
}

/// The right values of a case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Right {
    /// Of messages and registers: the values of each meter, by field of a reading: these, and no other power or energy
    /// but 0.
    #[serde(default)]
    pub readings: Vec<BTreeMap<String, f64>>,
    /// Of readings, as are those below: the energy imported in all.
    pub kwh: Option<f64>,
    /// The energy exported in all, where it matters.
    pub export_kwh: Option<f64>,
    /// How many steps wait for a person's decision.
    pub questions: Option<usize>,
    /// Of each of them, in order of time, what a person is asked: `step`, `step_back`, `beyond_rated`,
    /// `two_registers` or `counts_down`.
    #[serde(default)]
    pub asks: Vec<String>,
    /// The energy imported in all, once each of them was accepted.
    pub kwh_if_accepted: Option<f64>,
    /// Of a month's bill: what is to be paid, negative for a refund.
    pub amount_due: Option<String>,
    /// Its energy lines, where they matter.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Of a tariff that is not taken: the code by which it is refused.
    pub refused: Option<String>,
    /// Wrong readings of the same input, for people.
    pub not_taken: Vec<String>,
}

/// All cases, with the names of their files.
///
/// # Errors
/// A file that cannot be read or is no case.
pub fn all() -> io::Result<Vec<(String, Case)>> {
    let mut files = Vec::new();
    list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"), &mut files)?;
    files.sort();
    let read = |file: PathBuf| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let case = serde_json::from_str(&fs::read_to_string(&file)?)
            .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
        Ok((name, case))
    };
    files.into_iter().map(read).collect()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
