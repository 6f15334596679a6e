//! The pages of devices: what is read, how well, and what adding one needs.

pub mod loggers;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::MeterId;
use crate::devices::register_table::ByteOrder;
use crate::devices::{DeviceState, NumberType, Protocol};
use crate::message::{English, Message};
use crate::readings::channel::MeterChannels;
use crate::sites::Site;

/// How a device is doing, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// It answers with errors or nonsense.
    Error,
    /// It does not answer, or says itself that it is offline.
    Offline,
    /// It answers, and its newest reading is old.
    Stale,
    /// Nothing was heard of it yet.
    Waiting,
    /// It is read.
    Online,
    /// It is switched off.
    Off,
}

impl Condition {
    /// All, the worst first.
    pub const ALL: [Self; 6] =
        [Self::Error, Self::Offline, Self::Stale, Self::Waiting, Self::Online, Self::Off];

    /// The word in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Offline => "offline",
            Self::Stale => "stale",
            Self::Waiting => "waiting",
            Self::Online => "online",
            Self::Off => "off",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.word() == word)
    }
}

/// A device with its health. What was counted is counted since the process began to read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeviceRow {
    /// Id of the meter it feeds.
    pub id: MeterId,
    /// The meter's number.
    pub meter_number: String,
    /// The meter's name.
    pub meter_name: String,
    /// Id of the meter above it.
    pub parent_meter_id: Option<MeterId>,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// What is spoken to, in words: a host with its unit, an address, a broker with its topic.
    pub peer: String,
    /// The profile that its settings follow.
    pub profile: Option<String>,
    /// Milliseconds between two readings.
    pub poll_interval: u64,
    /// Whether it is read at all.
    pub enabled: bool,
    /// Settings of the protocol as they were given, without secrets.
    pub communication: Value,
    /// How it is doing.
    pub state: Condition,
    /// Why it is not online.
    pub state_reason: Option<English>,
    /// Since when it is so.
    pub since: Option<DateTime<Utc>>,
    /// When the newest values were read.
    pub last_update: Option<DateTime<Utc>>,
    /// Power of the newest reading in kW.
    pub power_kw: Option<f64>,
    /// Polls per minute, or messages.
    pub polls_per_minute: Option<f64>,
    /// Answers to polls, or messages.
    pub answers: u64,
    /// Polls without an answer, and times that it was found silent.
    pub silences: u64,
    /// Answers that were errors or nonsense.
    pub errors: u64,
    /// Messages that could not be read.
    pub unreadable: u64,
    /// Milliseconds that the last answer took.
    pub latency_ms: Option<u64>,
}

/// The page of all devices of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct DevicesPage {
    pub site: Site,
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
    /// When the page was made.
    pub now: DateTime<Utc>,
    /// Devices in each condition, whatever the filters.
    pub counts: Vec<(Condition, usize)>,
    /// Only those in this condition.
    pub only: Option<Condition>,
    /// Only those with this text.
    pub text: String,
    /// Those that the filters let through, the worst first, as many as fit.
    pub rows: Vec<DeviceRow>,
    /// How many the filters let through.
    pub found: usize,
}

/// A device with what happened to it since the process began to read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeviceDetail {
    /// The device.
    #[serde(flatten)]
    pub device: DeviceRow,
    /// The states it was in, the newest first.
    pub history: Vec<Turn>,
    /// The last messages that could not be read, the newest first.
    pub unreadable_messages: Vec<UnreadableMessage>,
}

/// A state that a device came into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Turn {
    /// Since when.
    pub since: DateTime<Utc>,
    /// The state.
    pub state: DeviceState,
    /// Why, as it was said last.
    pub reason: Option<English>,
}

/// A message that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnreadableMessage {
    /// When it came.
    pub at: DateTime<Utc>,
    /// Where it came.
    pub topic: String,
    /// What was wrong with it.
    pub reason: English,
}

/// The page of one device.
#[derive(Debug, Clone, PartialEq)]
pub struct DevicePage {
    pub site: Site,
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
    /// When the page was made.
    pub now: DateTime<Utc>,
    pub detail: DeviceDetail,
    /// Its channels as they are now; none of a meter that its site does not know yet.
    pub channels: Option<MeterChannels>,
}

/// The page that adds a device, or changes one.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDevicePage {
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
    /// The meter whose device is changed; none where one is added.
    pub changes: Option<MeterId>,
    /// The profiles to choose from, until something was chosen.
    pub profiles: Vec<ProfileChoice>,
    /// The protocol that was chosen.
    pub protocol: Option<Protocol>,
    /// The profile that was chosen.
    pub profile: Option<ProfileChoice>,
    /// What was typed, by the names of the fields.
    pub typed: BTreeMap<String, String>,
    /// Whether it was asked for to be checked.
    pub is_checked: bool,
    /// The field at fault, and what is wrong with it.
    pub fault: Option<(String, Message)>,
    /// The meters that the new one may hang below, in the order of the tree; none where they are too
    /// many to choose from.
    pub parents: Vec<Parent>,
    /// Whether its site is still in its first steps.
    pub is_first: bool,
}

/// A profile to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChoice {
    pub id: String,
    /// Who makes the devices.
    pub maker: String,
    /// What they are called.
    pub models: Vec<String>,
    /// How they are spoken to.
    pub protocol: Protocol,
    /// How they sign power, and what is done about it.
    pub convention: String,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// A meter that another may hang below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    pub number: String,
    pub name: String,
    /// How many meters are above it.
    pub depth: usize,
}

/// What a meter said when it was read on trial, or why it said nothing.
pub type Probed = Result<Probe, Message>;

/// What a meter said when it was read on trial. Nothing of it is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Probe {
    /// Milliseconds that it took.
    pub latency_ms: u64,
    /// The values, by the names of the fields of a reading.
    pub values: Vec<(String, f64)>,
    /// What came, as it came: where it stood, and what stood there.
    pub raw: Vec<(String, String)>,
    /// Registers in every order of their words and bytes.
    pub registers: Vec<RawRegisters>,
    /// What a person should know of it.
    pub notes: Vec<Message>,
}

impl Probe {
    /// Whether some of it could not be read. An optional register that the device lacks has no note.
    pub fn is_failed(&self) -> bool {
        let is_refused = |registers: &RawRegisters| registers.words.is_empty();
        self.values.is_empty() || (!self.notes.is_empty() && self.registers.iter().any(is_refused))
    }
}

/// The registers of a value as they came, read in every way.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRegisters {
    /// The address of the first one.
    pub address: u16,
    /// The field that they are mapped to.
    pub field: String,
    /// The words as they came, in hexadecimal.
    pub words: String,
    /// Every type that they are enough for.
    pub types: Vec<RawType>,
}

/// Registers read as one type.
#[derive(Debug, Clone, PartialEq)]
pub struct RawType {
    pub number: NumberType,
    /// In each order that makes a difference.
    pub values: Vec<RawValue>,
}

/// Registers read as one type in one order.
#[derive(Debug, Clone, PartialEq)]
pub struct RawValue {
    pub order: ByteOrder,
    /// The number, unscaled; none where it is none.
    pub value: Option<f64>,
    /// Whether it fits the channel.
    pub is_plausible: bool,
}

/// What devices announce on a broker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announced {
    /// Devices that can become meters.
    pub devices: Vec<AnnouncedDevice>,
    /// The topics of announcements that cannot be followed, each with the reason.
    pub unusable: Vec<(String, Message)>,
}

/// A device that announced itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedDevice {
    pub name: String,
    /// Who made it and its type, as far as it says.
    pub made: String,
    /// The topics that its values come on.
    pub topics: Vec<String>,
    /// The settings that read it, as a JSON object.
    pub communication: String,
}

/// Which units of a line answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Units that answered, with the exception where that was all they said.
    pub units: Vec<(u8, Option<Message>)>,
    /// The unit to go on with, where time ran out.
    pub next: Option<u8>,
}
