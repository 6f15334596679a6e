//! The page of data loggers: what each uploaded, what was refused, and the form that changes one.

use chrono::{DateTime, Utc};

use crate::MeterId;
use crate::message::Message;
use crate::view::PeriodContext;

/// The page of loggers.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggersPage {
    /// The site and its time.
    pub shown: PeriodContext,
    /// The loggers of the site, by serial number.
    pub loggers: Vec<Logger>,
    /// Uploads of nobody known, the latest first.
    pub strangers: Vec<Refused>,
    /// The serial number of the logger whose form is open.
    pub chosen: Option<String>,
    /// The address that loggers of this site upload to.
    pub upload_path: String,
}

/// A logger.
#[derive(Debug, Clone, PartialEq)]
pub struct Logger {
    /// Its serial number.
    pub serial: String,
    /// Whether a password is set; without one its uploads are refused.
    pub has_password: bool,
    /// Device address of the meter of the grid connection.
    pub utility: Option<String>,
    /// Device address of the meter of all load.
    pub load: Option<String>,
    /// Device address of the meter of solar production.
    pub solar: Option<String>,
    /// The meter that is computed from two of the three.
    pub missing: Option<MeterId>,
    /// Which points hold which values, as JSON; empty where nothing is entered.
    pub columns: String,
    /// Rated powers by device address, in kW, as JSON; empty where none is stated.
    pub rated: String,
    pub devices: Vec<Device>,
    /// When it last got through.
    pub last_at: Option<DateTime<Utc>>,
    /// Log files taken.
    pub files: i64,
    /// Lines stored as readings.
    pub stored: i64,
    /// Lines whose time had another reading already.
    pub conflicting: i64,
    /// Lines that could not be stored.
    pub lines_refused: i64,
    /// Why the latest of the refused lines was.
    pub last_refused: Option<Message>,
    /// Lines without a value.
    pub silent: i64,
    /// What last happened to it or to a device of it, and when.
    pub last_event: Option<(Message, DateTime<Utc>)>,
    /// Its uploads that were refused, the latest first.
    pub refused: Vec<Refused>,
}

/// A device of a logger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub address: String,
    /// The meter its readings go to.
    pub meter: MeterId,
    pub meter_number: String,
    /// How many points it lists, and how many of them are values of readings.
    pub points: (usize, usize),
    /// Registers of reactive energy, by number and name, of which nobody said which way they count.
    pub asked: Vec<(u16, String)>,
}

/// Uploads that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// How often.
    pub count: i64,
    /// When the latest was.
    pub at: DateTime<Utc>,
    /// What was wrong with the latest, and where it came from.
    pub detail: Message,
}

impl LoggersPage {
    /// The logger whose form is open.
    pub fn chosen(&self) -> Option<&Logger> {
        let serial = self.chosen.as_ref()?;
        self.loggers.iter().find(|logger| logger.serial == *serial)
    }
}
