//! What is told.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::alarms::{Change, Kind, RuleId, Severity};
use domain::message::Text;
use serde::Serialize;

/// A message about an alarm. As JSON it is the body of a webhook:
///
/// ```json
/// {"event": "raised",
///  "alarm": {"id": 12, "ruleId": 3, "kind": "phase_imbalance", "severity": "warning",
///            "text": "L1 is 350 % off the mean of the phases, limit 20 %",
///            "reason": "alarm.phase_imbalance",
///            "params": {"phase": "L1", "value": "350 %", "limit": "20 %"},
///            "value": 350.0, "unit": "%", "raisedAt": "2026-11-20T12:00:20Z", "clearedAt": null},
///  "meter": {"id": 1, "number": "GRID-001", "name": "Main Grid"},
///  "site": {"slug": "default", "name": "Pune Works"}}
/// ```
///
/// `event` is `raised` or `cleared`; `url` is there where the address of the pages is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// What happened.
    pub event: Change,
    pub alarm: About,
    pub meter: MeterNamed,
    pub site: SiteNamed,
    /// Where it can be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The alarm that a message is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    pub id: i64,
    /// The rule that raised it; none where that was removed since.
    pub rule_id: Option<RuleId>,
    /// What the rule looks at.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    #[serde(flatten)]
    pub text: Text,
    /// The figure that raised it.
    pub value: Option<f64>,
    /// What the figure is stated in.
    pub unit: String,
    /// When it was raised, by the clock of the site.
    pub raised_at: DateTime<Utc>,
    /// When it was cleared.
    pub cleared_at: Option<DateTime<Utc>>,
}

/// The meter that a message is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeterNamed {
    pub id: MeterId,
    pub number: String,
    pub name: String,
}

/// The site that a message is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteNamed {
    /// Its short name in addresses.
    pub slug: String,
    pub name: String,
    /// Its time zone, in which an e-mail states times.
    #[serde(skip)]
    pub zone: chrono_tz::Tz,
}

impl Message {
    /// The subject of an e-mail, on one line.
    pub(crate) fn subject(&self) -> String {
        let Self { alarm, meter, .. } = self;
        let head = match self.event {
            Change::Raised => alarm.severity.as_str(),
            Change::Cleared => "cleared",
        };
        let line = format!("[{}] {}: {}", head, meter.name, alarm.text.text);
        line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }

    /// The text of an e-mail.
    pub(crate) fn text(&self) -> String {
        let Self { alarm, meter, site, .. } = self;
        let time = |at: DateTime<Utc>| {
            at.with_timezone(&site.zone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
        };
        let mut lines = vec![
            alarm.text.text.clone(),
            String::new(),
            format!("Meter:    {} ({})", meter.name, meter.number),
            format!("Site:     {}", site.name),
            format!("Severity: {}", alarm.severity.as_str()),
            format!("Raised:   {}", time(alarm.raised_at)),
        ];
        lines.extend(alarm.cleared_at.map(|at| format!("Cleared:  {}", time(at))));
        lines.extend(self.url.iter().flat_map(|url| [String::new(), url.clone()]));
        lines.push(String::new());
        lines.join("\r\n")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::alarms::Said;
    use serde_json::json;

    use super::*;

    pub(crate) fn message() -> Message {
        Message {
            event: Change::Raised,
            alarm: About {
                id: 12,
                rule_id: Some(RuleId(3)),
                kind: Kind::PhaseImbalance,
                severity: Severity::Warning,
                text: domain::message::Message::from(Said::PhaseImbalance {
                    phase: "L1".into(),
                    value: "350 %".into(),
                    limit: "20 %".into(),
                })
                .into(),
                value: Some(350.0),
                unit: "%".into(),
                raised_at: "2026-11-20T12:00:20Z".parse().unwrap(),
                cleared_at: None,
            },
            meter: MeterNamed {
                id: MeterId(1),
                number: "GRID-001".into(),
                name: "Main\r\nBcc: all@plant.example".into(),
            },
            site: SiteNamed {
                slug: "default".into(),
                name: "Pune Works".into(),
                zone: chrono_tz::Asia::Kolkata,
            },
            url: None,
        }
    }

    #[test]
    fn a_webhook_gets_what_programs_need() {
        let body = serde_json::to_value(message()).unwrap();
        assert_eq!(body["event"], "raised");
        assert_eq!(body["alarm"]["kind"], "phase_imbalance");
        let text = "L1 is 350 % off the mean of the phases, limit 20 %";
        assert_eq!(body["alarm"]["text"], text);
        assert_eq!(body["alarm"]["reason"], "alarm.phase_imbalance");
        let params = json!({"phase": "L1", "value": "350 %", "limit": "20 %"});
        assert_eq!(body["alarm"]["params"], params);
        assert_eq!(body["alarm"]["raisedAt"], "2026-11-20T12:00:20Z");
        assert_eq!(body["site"], json!({"slug": "default", "name": "Pune Works"}));
    }

    #[test]
    fn an_email_has_one_line_for_a_subject_and_the_time_of_the_site() {
        let message = Message { event: Change::Cleared, ..message() };
        assert!(message.subject().starts_with("[cleared] Main  Bcc: all@plant.example: L1 is"));
        assert!(message.text().contains("Raised:   2026-11-20 17:30:20 IST"), "{}", message.text());
    }
}
