//! The pages of monthly reports.

use chrono::{DateTime, Utc};

use crate::reports::{MonthTotal, Report, Schedule};
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
    pub schedules: Option<Vec<Schedule>>,
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
