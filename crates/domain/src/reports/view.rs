//! The pages of monthly reports.

use chrono::{DateTime, Utc};

use crate::language::Language;
use crate::message::Message;
use crate::reports::{Due, Month, MonthTotal, Report};
use crate::sites::Site;

/// The list of months, and to whom their reports are sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportsPage {
    pub site: Site,
    /// What names the site in an address; none of the one that is meant where none is named.
    pub slug: Option<String>,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    /// The months since the first of which anything is known, newest first.
    pub months: Vec<MonthTotal>,
    /// Whether there may be months before them.
    pub goes_back: bool,
    /// Who gets the reports; none where whoever looks may not know.
    pub schedules: Option<Vec<ScheduleRow>>,
}

/// To whom reports are sent, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleRow {
    pub id: i64,
    /// The mailboxes.
    pub addresses: Vec<String>,
    /// When.
    pub due: Due,
    pub language: Language,
    /// Whether it is sent at all.
    pub enabled: bool,
    /// Counts its changes.
    pub version: i32,
    /// The month whose report is sent next, and when.
    pub next: (Month, DateTime<Utc>),
    /// When a report was sent last, in real time, and of which month.
    pub sent: Option<(DateTime<Utc>, Month)>,
    /// Mails that are still to be delivered.
    pub waiting: i64,
    /// Why the last one was not delivered.
    pub problem: Option<Message>,
}

/// The report of one month.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportPage {
    pub site: Site,
    /// What names the site in an address; none of the one that is meant where none is named.
    pub slug: Option<String>,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    /// What it says.
    pub report: Report,
}
