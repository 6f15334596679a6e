//! Who gets the monthly report of a site, and when.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Due, Month};
use crate::SiteId;
use crate::language::Language;
use crate::message::Message;

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Schedule {
    pub id: i64,
    pub site: SiteId,
    /// The mailboxes.
    pub addresses: Vec<String>,
    /// When it is sent.
    #[cfg_attr(feature = "sqlx", sqlx(flatten))]
    pub due: Due,
    /// The language of the mail.
    pub language: Language,
    /// Whether it is sent at all.
    pub enabled: bool,
    /// The month whose report is sent next.
    pub next: Month,
    /// When a report was delivered last, in real time, and of which month.
    pub sent: Option<(DateTime<Utc>, Month)>,
    /// Counts the changes that people make.
    pub version: i32,
    /// Mails that wait to be delivered.
    pub waiting: i64,
    /// Why the oldest of them was not; else why one was given up.
    pub problem: Option<Message>,
}

impl Schedule {
    /// One that is to be added: due from a month on.
    pub fn new(
        site: SiteId,
        addresses: Vec<String>,
        (due, next): (Due, Month),
        language: Language,
        enabled: bool,
    ) -> Self {
        Self {
            id: 0,
            site,
            addresses,
            due,
            language,
            enabled,
            next,
            sent: None,
            version: 1,
            waiting: 0,
            problem: None,
        }
    }

    /// When the next report is sent, at a site of this zone.
    pub fn next_at(&self, zone: Tz) -> DateTime<Utc> {
        self.due.of(self.next, zone)
    }
}
