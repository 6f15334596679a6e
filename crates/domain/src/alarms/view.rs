//! The page of alarms.

use chrono::{DateTime, Utc};

use crate::alarms::{RecipientKind, Rule, Severity};
use crate::bills::view::trades::Party;
use crate::message::Message;
use crate::operation::task::Work;
use crate::sites::Site;

/// The page of alarms.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmsPage {
    pub site: Site,
    /// What names the site in an address; none of the one that is meant where none is named.
    pub slug: Option<String>,
    /// The meter whose alarms alone are shown.
    pub meter: Option<Party>,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    /// The open ones, the gravest first.
    pub open: Vec<AlarmRow>,
    /// Those that are over, raised last first.
    pub history: Vec<AlarmRow>,
    /// How many were cleared since the site's midnight.
    pub cleared_today: usize,
    /// Where the history goes on; none at its end.
    pub next: Option<i64>,
    /// Whether the history began later than with the newest.
    pub is_later: bool,
    /// What is watched.
    pub rules: Vec<RuleRow>,
    /// How many meters the site has.
    pub meters: usize,
    /// The meters that a rule may be for, in the order of their numbers; none where they are too many
    /// to choose from.
    pub choices: Vec<Party>,
    /// Who is told; none where whoever looks may not know.
    pub recipients: Option<Vec<RecipientRow>>,
    /// What could not be computed and is left out; nothing where whoever looks may not know why.
    pub aside: Vec<AsideRow>,
}

/// Whose parts of the work could not be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Meter(Party),
    /// That of a schedule by which reports are sent.
    Schedule(i64),
}

/// What could not be computed of a meter, or by a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideRow {
    /// What.
    pub work: Work,
    /// Whose.
    pub whose: Whose,
    /// How many quarter-hours, hours, days or months.
    pub parts: u64,
    /// The start of the first of them.
    pub first: DateTime<Utc>,
    /// The start of the last of them.
    pub last: DateTime<Utc>,
    /// Why the one that failed last did.
    pub error: Message,
}

impl AlarmsPage {
    /// How many rules are switched on.
    pub fn watched(&self) -> usize {
        self.rules.iter().filter(|row| row.rule.terms.enabled).count()
    }
}

/// What is watched.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleRow {
    pub rule: Rule,
    /// The meter it is for; none where it is for every meter that has the figure.
    pub meter: Option<Party>,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRow {
    pub id: i64,
    pub meter: Party,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    pub text: Message,
    /// The figure that raised it.
    pub value: Option<f64>,
    /// What the figure is stated in.
    pub unit: String,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// When it was cleared; none while it is open.
    pub cleared_at: Option<DateTime<Utc>>,
    /// When somebody said that they know of it, in real time, and who.
    pub acknowledged: Option<(DateTime<Utc>, String)>,
    /// What they noted.
    pub note: Option<String>,
    /// What of its meter waits for a decision, the oldest first; of an open alarm about that alone.
    pub held: Vec<HeldRow>,
}

/// A step of a register that waits for a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRow {
    /// Its number.
    pub n: i64,
    /// When the reading was taken.
    pub at: DateTime<Utc>,
    /// What the reading before it showed.
    pub previous: f64,
    /// What it showed.
    pub value: f64,
}

/// Somebody who is told of alarms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientRow {
    pub id: i64,
    /// How they are told.
    pub kind: RecipientKind,
    /// URL or mailbox.
    pub address: String,
    /// The least grave alarm it is told of.
    pub min_severity: Severity,
    /// Whether it is told at all.
    pub enabled: bool,
    /// Messages that wait for it.
    pub waiting: i64,
    /// Why the oldest of them was not delivered; else why one was given up.
    pub problem: Option<Message>,
}
