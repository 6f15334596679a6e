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

pub use body::{LARGEST_TEXT, checked, text, unpacked};
pub use config::{
    LOG_PERIOD, OWN_CONFIG, config_name, device_of_config, is_config_name, log_period, points,
};
pub use form::{Form, Mode, Part};
pub use line::meaning;
pub use log::{Entry, Line, Log, PointReading, read};
pub use points::{Column, Columns, Point};

#[cfg(test)]
mod tests;
