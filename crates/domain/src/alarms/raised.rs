//! Alarms that were raised, and who is told of them.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use super::{Kind, RecipientKind, RuleId, Severity};
use crate::message::{Message, Text};
use crate::{MeterId, SiteId};

/// An alarm.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    /// Its id.
    pub id: i64,
    #[serde(skip)]
    pub site_id: SiteId,
    /// Slug of its site.
    pub site: String,
    /// The rule that raised it; null where that was removed since.
    pub rule_id: Option<RuleId>,
    /// Its meter.
    pub meter_id: MeterId,
    /// The meter's number.
    pub meter_number: String,
    /// The meter's name.
    pub meter_name: String,
    /// What its rule looks at.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    #[serde(flatten, serialize_with = "beside")]
    #[cfg_attr(feature = "schema", schemars(with = "Text"))]
    pub about: Message,
    /// The figure that raised it; null where it is about the connection.
    pub value: Option<f64>,
    /// What the figure is stated in; empty for a ratio.
    pub unit: String,
    /// When it was raised, by the clock of the site.
    pub raised_at: DateTime<Utc>,
    /// When it was cleared; null while it is open.
    pub cleared_at: Option<DateTime<Utc>>,
    /// When somebody said that they know of it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who said so.
    pub acknowledged_by: Option<String>,
    /// What they noted.
    pub note: Option<String>,
}

fn beside<S: Serializer>(about: &Message, serializer: S) -> Result<S::Ok, S::Error> {
    Text::from(about.clone()).serialize(serializer)
}

/// Somebody who is told of the alarms of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// Its id.
    pub id: i64,
    #[serde(skip)]
    pub site_id: SiteId,
    /// Slug of its site.
    pub site: String,
    /// How it is told.
    pub kind: RecipientKind,
    /// URL of the webhook, or mailbox.
    pub address: String,
    /// The least grave alarm it is told of.
    pub min_severity: Severity,
    /// Whether it is told at all.
    pub enabled: bool,
    /// Messages that are still to be delivered.
    pub waiting: i64,
    /// Why the oldest of them was not delivered yet; else why one was given up, until one is delivered.
    pub problem: Option<String>,
    /// The same by its code, with what stands in it.
    pub problem_said: Option<Message>,
}

impl Recipient {
    /// Whether alarms of this severity are sent to it.
    pub fn receives(&self, severity: Severity) -> bool {
        self.enabled && self.min_severity <= severity
    }
}
