//! Hearing what devices announce on an MQTT broker.

use std::time::Duration;

use acquisition::probe::mqtt::{Candidate, Discovery, discover as listen};
use domain::devices::mqtt::BrokerRef;
use domain::devices::refusal::SecretRefusal;
use domain::devices::{Protocol, profile};
use domain::message::English;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::meters::energy_meters::{self, settings};
use crate::{Action, Error, Principal, Service};

/// Announcements are kept by the broker and come at once; short of what a look may take.
const LISTENING: Duration = Duration::from_secs(8);

/// A broker to listen to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BrokerAsked {
    /// Settings of the broker: the name of one, or host, port, tls, username and password; the default
    /// broker unless stated. Topics may stand beside it and are passed over.
    pub communication: Value,
    /// A meter whose stored secrets stand in for those that are not sent, `meter_12`: only where the
    /// settings lead to the same address.
    pub id: Option<String>,
}

/// What devices announced.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Announced {
    /// Whether the broker could be reached; if not, the notes say why.
    pub reached: bool,
    /// Devices that can become meters, by name.
    pub devices: Vec<AnnouncedDevice>,
    /// Announcements that cannot be followed.
    pub unusable: Vec<UnusableAnnouncement>,
    /// What was wrong.
    pub notes: Vec<English>,
}

/// A device that announced itself.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedDevice {
    /// Its name.
    pub name: String,
    /// Who made it, if it says so.
    pub maker: Option<String>,
    /// Its type, if it says so.
    pub model: Option<String>,
    /// The topics that its values come on.
    pub topics: Vec<String>,
    /// Settings that read it; those of the broker belong beside them.
    pub communication: Value,
}

/// An announcement that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnusableAnnouncement {
    /// Its topic.
    pub topic: String,
    /// Why.
    pub reason: English,
}

/// Listens to what devices announce on a broker, until no more comes, for eight seconds at most.
///
/// # Errors
/// A setting that is refused, a broker or meter that is not there, or too many looks at once. A broker
/// that cannot be reached is no error: the notes say why.
pub async fn announced(
    service: &Service,
    who: &Principal,
    asked: BrokerAsked,
) -> Result<Announced, Error> {
    who.require_somewhere(Action::Configure)?;
    let BrokerAsked { communication, id } = asked;
    let mut notes = Vec::new();
    let communication = match id {
        None => communication,
        Some(id) => {
            let stored = energy_meters::find(service, who, Action::Configure, &id).await?.1;
            let lent = settings::lent(service.vault(), Protocol::Mqtt, &stored, communication)?;
            notes.extend(lent.withheld.then(|| SecretRefusal::Withheld.into()));
            lent.settings
        }
    };
    let settings = profile::settings(Protocol::Mqtt, &communication)?;
    let broker =
        super::ready(service, service.first_broker(), BrokerRef::parse(&settings)?).await?;
    let bench = service.device_trials();
    let heard = bench.run(listen(&broker, bench.reach().outbound, LISTENING)).await?;
    Ok(match heard {
        Ok(Discovery { found, unusable }) => Announced {
            reached: true,
            devices: found.into_iter().map(AnnouncedDevice::from).collect(),
            unusable: unusable
                .into_iter()
                .map(|it| UnusableAnnouncement { topic: it.topic, reason: it.reason.into() })
                .collect(),
            notes,
        },
        Err(reason) => Announced {
            reached: false,
            devices: Vec::new(),
            unusable: Vec::new(),
            notes: std::iter::once(reason.into()).chain(notes).collect(),
        },
    })
}

impl From<Candidate> for AnnouncedDevice {
    fn from(found: Candidate) -> Self {
        let Candidate { name, maker, model, communication } = found;
        let mut topics: Vec<String> = Vec::new();
        for value in communication["values"].as_array().into_iter().flatten() {
            let topic = value["topic"].as_str().unwrap_or_default();
            if !topics.iter().any(|known| known == topic) {
                topics.push(topic.to_owned());
            }
        }
        Self { name, maker, model, topics, communication }
    }
}
