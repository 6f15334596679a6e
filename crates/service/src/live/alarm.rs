//! Alarms as the live stream shows them.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::alarms::{Alarm, Kind, Severity};
use domain::message::Text;
use serde::Serialize;

/// An open alarm, as the live stream shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlarmLive {
    pub id: i64,
    pub meter_id: MeterId,
    /// What its rule looks at.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    #[serde(flatten)]
    pub text: Text,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// Whether somebody knows of it.
    pub acknowledged: bool,
}

impl From<&Alarm> for AlarmLive {
    fn from(alarm: &Alarm) -> Self {
        Self {
            id: alarm.id,
            meter_id: alarm.meter_id,
            kind: alarm.kind,
            severity: alarm.severity,
            text: alarm.about.clone().into(),
            raised_at: alarm.raised_at,
            acknowledged: alarm.acknowledged_at.is_some(),
        }
    }
}
