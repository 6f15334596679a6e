//! The page of one bill.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::MeterId;
use crate::bills::{Bill, Concern, LineInterval};
use crate::message::Message;
use crate::month::Month;
use crate::sites::Site;

/// The page of one bill.
#[derive(Debug, Clone, PartialEq)]
pub struct BillPage {
    pub site: Site,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    /// What the address calls it: its number, or `draft`, the meter and the month.
    pub id: String,
    /// What its files are called by; none of a draft that was never stored.
    pub file: Option<String>,
    /// Where it stands.
    pub state: BillState,
    /// Whose it is.
    pub meter: BilledMeter,
    pub month: Month,
    /// What it says.
    pub bill: Bill,
    /// kWh of the month: imported, exported.
    pub days: Vec<DayEnergy>,
    /// The average day, by hour of the site's clock: kWh imported and exported.
    pub hours: Vec<(f64, f64)>,
    /// Quarter-hours of the month with readings, and all.
    pub quarters: (i64, i64),
    /// Its registers at the beginning and the end of the month.
    pub registers: Vec<RegisterSpan>,
    /// The intervals behind its lines, by their place; those of one line or the first of each.
    pub intervals: HashMap<usize, LineIntervals>,
    /// Names of the meters that were traded with.
    pub partners: HashMap<MeterId, String>,
    /// SHA-256 of what it was computed from.
    pub digest: String,
    /// Days or quarter-hours that it was computed from.
    pub inputs: usize,
    /// The bill of the month before.
    pub before: Option<Before>,
}

/// Whose bill it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledMeter {
    pub id: MeterId,
    pub number: String,
    pub name: String,
    /// Where it hangs: the meter above it, a place.
    pub place: Option<String>,
}

/// Where a bill stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillState {
    /// It follows the data.
    Draft {
        /// Why it is not issued as it stands, and whether somebody may do so all the same.
        hold: Option<(Message, bool)>,
        /// Doubts to look at before it is issued.
        concerns: Vec<Concern>,
    },
    /// It has its number and never changes.
    Issued {
        /// Its number.
        number: String,
        /// When.
        at: DateTime<Utc>,
        /// Whether what it was computed from has changed since.
        is_stale: bool,
        /// The bill that corrects it, so that both together are right.
        corrected_by: Option<String>,
        /// The credit note that takes it back.
        credited_by: Option<String>,
    },
    /// It takes back another bill.
    CreditNote {
        /// Its number.
        number: String,
        /// When.
        at: DateTime<Utc>,
        /// The bill that it takes back.
        of: String,
        /// Why.
        reason: Option<String>,
    },
}

/// Energy of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayEnergy {
    /// The day.
    pub date: NaiveDate,
    /// Imported, kWh.
    pub import: f64,
    /// Exported, kWh.
    pub export: f64,
    /// kWh of both whose place is a guess.
    pub estimated: f64,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
}

/// A register at the two ends of the month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegisterSpan {
    /// Whether it counts import.
    pub is_import: bool,
    /// The last figure before the month, kWh, and its time.
    pub from: (DateTime<Utc>, f64),
    /// The last figure of the month, kWh, and its time.
    pub to: (DateTime<Utc>, f64),
}

/// The intervals behind a line.
#[derive(Debug, Clone, PartialEq)]
pub struct LineIntervals {
    /// Those that are shown.
    pub shown: Vec<LineInterval>,
    /// How many there are.
    pub count: usize,
}

/// The bill of the month before, to compare with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Before {
    pub month: Month,
    pub amount: Decimal,
    /// kWh consumed.
    pub consumed: Decimal,
}
