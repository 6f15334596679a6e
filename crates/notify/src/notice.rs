//! What is told of the installation itself, and of no meter.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::alarms::{Change, Severity};
use domain::message::Text;
use serde_json::{Value, json};

/// A notice to everybody who hears of alarms. As JSON it has the shape of an alarm's [`Message`](crate::Message),
/// without a meter and a site:
///
/// ```json
/// {"event": "raised",
///  "alarm": {"id": null, "ruleId": null, "kind": "disk", "severity": "critical",
///            "text": "The disk of the database is almost full: …", "reason": "disk.low",
///            "params": {"free": "1.9", "size": "40.0"}, "value": 1.9, "unit": "GB",
///            "raisedAt": "2026-11-20T12:00:20Z", "clearedAt": null},
///  "meter": null, "site": null}
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Whether it begins or is over.
    pub event: Change,
    /// What it is about, in a word.
    pub kind: &'static str,
    /// What it says.
    pub text: Text,
    /// The figure that it rests on, and its unit.
    pub value: (f64, &'static str),
    /// When it began, by the computer's clock.
    pub raised_at: DateTime<Utc>,
    /// When it was over.
    pub cleared_at: Option<DateTime<Utc>>,
    /// Where it can be looked at.
    pub url: Option<String>,
}

impl Notice {
    /// The same at each attempt.
    pub(crate) fn delivery(&self) -> i64 {
        self.cleared_at.unwrap_or(self.raised_at).timestamp_millis()
    }

    pub(crate) fn body(&self) -> Value {
        let name = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut body = json!({
            "event": self.event,
            "alarm": {
                "id": null,
                "ruleId": null,
                "kind": self.kind,
                "severity": Severity::Critical,
                "text": self.text.text,
                "reason": self.text.reason,
                "params": self.text.params,
                "value": self.value.0,
                "unit": self.value.1,
                "raisedAt": name(self.raised_at),
                "clearedAt": self.cleared_at.map(name),
            },
            "meter": null,
            "site": null,
        });
        if let (Some(url), Some(fields)) = (&self.url, body.as_object_mut()) {
            fields.insert("url".to_owned(), url.clone().into());
        }
        body
    }

    /// The subject of an e-mail, on one line.
    pub(crate) fn subject(&self) -> String {
        let head = match self.event {
            Change::Raised => Severity::Critical.as_str(),
            Change::Cleared => Change::Cleared.as_str(),
        };
        let sentence = self.text.text.split(": ").next().unwrap_or_default();
        format!("[{head}] Wattlens: {sentence}")
    }

    /// The text of an e-mail.
    pub(crate) fn letter(&self) -> String {
        let time = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
        let mut lines = vec![self.text.text.clone(), String::new()];
        lines.push(format!("Raised:   {}", time(self.raised_at)));
        lines.extend(self.cleared_at.map(|at| format!("Cleared:  {}", time(at))));
        lines.extend(self.url.iter().flat_map(|url| [String::new(), url.clone()]));
        lines.push(String::new());
        lines.join("\r\n")
    }
}
