//! Looking at an HTTP meter: the document it answers with, and what is read from it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Values;
use domain::devices::reason::answer::NoValue;
use domain::devices::{HttpSettings, Part};
use domain::message::Message;
use serde_json::Value;
use tokio::time::Instant;

use crate::Outbound;
use crate::http::{fetch, read};
use crate::outbound::Client;
use crate::sample::ChannelSample;

/// What asking for a document once gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The values as they would be stored.
    pub values: Values,
    /// When they held, if the document says so.
    pub at: Option<DateTime<Utc>>,
    /// The document as it came.
    pub document: Value,
    /// What was wrong with it, and what was looked for in vain.
    pub problems: Vec<Message>,
    /// How long the answer took.
    pub latency: Duration,
}

/// Asks for the document of a meter and reads it.
///
/// # Errors
/// When no document comes.
pub async fn test_read(settings: &HttpSettings, outbound: Outbound) -> Result<Probe, Message> {
    let client = Client::new(outbound)?;
    let begun = Instant::now();
    let document = fetch(&client, &settings.request).await.map_err(|failure| failure.reason)?;
    Ok(look(settings, document, begun.elapsed()))
}

fn look(settings: &HttpSettings, document: Value, latency: Duration) -> Probe {
    let (sample, mut problems) = match read(settings, &document) {
        Ok(sample) => {
            let problems = [sample.problems.clone(), sample.remarks.clone()].concat();
            (sample, problems)
        }
        Err(reason) => (ChannelSample::default(), vec![reason]),
    };
    for pick in &settings.values {
        let Some(Part { path, .. }) = pick.parts.first() else { continue };
        if sample.values.get(pick.field).is_none() && path.find(&document) == Ok(None) {
            let (field, path) = (pick.field.json(), path.to_string());
            problems.push(NoValue::Absent { field, path }.into());
        }
    }
    Probe { values: sample.values, at: sample.at, document, problems, latency }
}

#[cfg(test)]
mod tests {
    use domain::devices::{Communication, Protocol};
    use serde_json::json;

    use super::*;

    fn seen(settings: &Value, document: Value) -> Probe {
        let settings = Communication::parse(Protocol::Http, settings).unwrap();
        let Communication::Http(settings) = settings else { panic!("another protocol") };
        look(&settings, document, Duration::from_millis(5))
    }

    #[test]
    fn a_path_that_leads_nowhere_is_named_beside_what_was_read() {
        let settings = json!({"url": "http://h/", "values": [
            {"field": "activePowerKw", "path": "$.power", "unit": "W"},
            {"field": "voltageL1", "path": "$.voltag"}]});
        let probe = seen(&settings, json!({"power": 1500, "voltage": 230}));
        assert_eq!(probe.values.active_power_kw, Some(1.5));
        assert!(
            probe.problems[0].message.contains("voltageL1 has no value"),
            "{:?}",
            probe.problems
        );
        assert_eq!(probe.document["voltage"], 230);
    }

    #[test]
    fn a_document_that_says_nothing_is_shown_with_the_reason() {
        let probe = seen(&json!({"url": "http://h/"}), json!({"state": "on"}));
        assert!(probe.values.present().next().is_none());
        assert!(probe.problems[0].message.contains("power_kw"), "{:?}", probe.problems);
    }
}
