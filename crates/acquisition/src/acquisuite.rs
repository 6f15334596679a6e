//! What AcquiSuite data loggers upload: forms, log files, and their own lists of points.
//!
//! Everything here is a pure function of bytes: who may upload, and what becomes of it, is decided
//! elsewhere. A logger posts `multipart/form-data`. The field MODE says what for: LOGFILEUPLOAD brings
//! a log file of one device, CONFIGFILEUPLOAD its list of points, CONFIGFILEMANIFEST asks which of
//! these lists are wanted, STATUS and TEST bring nothing to store. It deletes a log file as soon as it
//! reads `SUCCESS` on a line by itself.
//!
//! Sources:
//! - Obvius, "AcquiSuite Data Acquisition Server, Installation and Operation Manual" (A8812, A8814,
//!   A8810): format of the log file, error codes, names of its files.
//! - Obvius, sample script `process_manifest.php` 1.1 (2006): the answer to CONFIGFILEMANIFEST, and
//!   `FAILURE: reason` with 401 or 406.
//! - `PlaceOS`, drivers `leviton/acquisuite`: fields of each mode as a Leviton A8810 sends them, and
//!   the file `mb-001.ini` with its `POINT00NAME` and `POINT00UNITS`.
//! - bigboxer23, `solar-moon`: log files as XML (`DAS`).

mod body;
mod config;
mod form;
mod line;
mod log;
mod points;
mod xml;

use thiserror::Error;

pub use body::{checked, text, unpacked};
pub use config::{
    LOG_PERIOD, OWN_CONFIG, config_name, device_of_config, is_config_name, log_period, points,
};
pub use form::{Form, Mode, Part};
pub use line::{BadLine, meaning};
pub use log::{Entry, Line, Log, read};
pub use points::{Column, Columns, Point};

/// Why an upload is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// A form without MODE, or with one that is not known.
    #[error("{0:?} is no mode of upload: MODE says what an upload is for, such as LOGFILEUPLOAD")]
    Mode(String),
    /// A field of the form is too long, or no text.
    #[error("the field {0} is longer than {limit} bytes or no text", limit = form::LONGEST_FIELD)]
    Field(String),
    /// The form brings no file.
    #[error("the upload brings no file: it belongs into the field {0}")]
    NoFile(&'static str),
    /// Nothing says which device the file is of.
    #[error("neither MODBUSDEVICE nor the file name says which device the file is of")]
    NoDevice,
    /// The bytes are not those that were sent.
    #[error("the file does not fit its MD5CHECKSUM: it was damaged on its way, send it again")]
    Checksum,
    /// The compressed file ends early or is damaged.
    #[error("the compressed file is damaged or ends early: send it again")]
    Gzip,
    /// The file is larger than is taken, once unpacked.
    #[error("the file has more than {limit} bytes once unpacked", limit = body::LARGEST_TEXT)]
    TooLarge,
    /// The file has more lines than are taken.
    #[error("the file has more than {limit} lines", limit = log::MOST_LINES)]
    TooManyLines,
    /// A file of points that cannot be kept.
    #[error("the file {0:?} is no list of points that is asked for")]
    Config(String),
    /// XML that is none.
    #[error("the XML cannot be read: {0}")]
    Xml(String),
}

impl Refused {
    /// The code as counted and as shown to programs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Mode(_) => "unknown_mode",
            Self::Field(_) => "field_too_long",
            Self::NoFile(_) => "no_file",
            Self::NoDevice => "no_device",
            Self::Checksum => "wrong_checksum",
            Self::Gzip => "damaged_gzip",
            Self::TooLarge => "too_large_unpacked",
            Self::TooManyLines => "too_many_lines",
            Self::Config(_) => "unknown_file",
            Self::Xml(_) => "malformed_xml",
        }
    }
}

#[cfg(test)]
mod tests;
