//! The page of alarms.

use chrono::{DateTime, Utc};

use crate::MeterId;
use crate::alarms::{Alarm, Recipient, Rule, Watch};
use crate::bills::Party;
use crate::energy::interval::Question;
use crate::operation::set_aside::Aside;
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
    pub history: Vec<Alarm>,
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
    /// The begin of a new rule, as the address has it.
    pub prefilled: Option<Prefilled>,
    /// Who is told; none where whoever looks may not know.
    pub recipients: Option<Vec<Recipient>>,
    /// The mailbox of the reader, to begin a recipient with; none where the form of a rule is not filled in.
    pub own_mailbox: Option<String>,
    /// Whether there is a mail server to send e-mail through.
    pub has_mail: bool,
    /// What could not be computed and is left out; nothing where whoever looks may not know why.
    pub aside: Vec<Aside>,
}

impl AlarmsPage {
    /// How many rules are switched on.
    pub fn watched(&self) -> usize {
        self.rules.iter().filter(|row| row.rule.terms.enabled).count()
    }
}

/// A rule as an address begins it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prefilled {
    pub watch: Watch,
    /// Its limit, in the unit that people type.
    pub raise: Option<f64>,
}

/// What is watched.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleRow {
    pub rule: Rule,
    /// The meter it is for; none where it is for every meter that has the figure.
    pub meter: Option<Party>,
}

/// An alarm, and what it waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRow {
    pub alarm: Alarm,
    /// What of its meter waits for a decision, the oldest first; of an open alarm about that alone.
    pub held: Vec<HeldRow>,
}

/// A step of a register that waits for a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRow {
    /// Its number.
    pub n: i64,
    pub meter: MeterId,
    /// When the reading was taken.
    pub at: DateTime<Utc>,
    pub kind: Question,
    /// Of a step beyond the rated power: that power and the one that it takes, kW.
    pub powers: Option<(f64, f64)>,
    /// What the reading before it showed.
    pub previous: f64,
    /// What it showed.
    pub value: f64,
}
