//! Documents that were sent by a page, in memory.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::message::Message;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::import::progress::Progress;
use super::report::Report;

/// How many entries of each kind were taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Sites.
    pub sites: usize,
    /// Meters.
    pub meters: usize,
    /// Devices; their secrets have to be entered again where they are new.
    pub devices: usize,
    /// Versions of tariffs.
    pub tariffs: usize,
    /// Tariffs that meters were given.
    pub meter_tariffs: usize,
    /// Versions of factors.
    pub emission_factors: usize,
    /// Virtual meters.
    pub virtual_meters: usize,
    /// Loads that no meter sees.
    pub unmetered_loads: usize,
    /// MQTT brokers; their passwords have to be entered again where they are new.
    pub brokers: usize,
    /// Data loggers; their passwords have to be entered again where they are new.
    pub loggers: usize,
    /// Rules of alarms.
    pub alarm_rules: usize,
    /// Who is told of alarms.
    pub alarm_recipients: usize,
    /// Who gets the monthly reports.
    pub report_schedules: usize,
    /// Exchanges of meters.
    pub meter_exchanges: usize,
    /// Corrections of readings.
    pub reading_corrections: usize,
}

/// A document that was sent.
#[derive(Debug)]
pub struct Taken {
    pub(super) document: Value,
    /// What it would do, as things stood when it was sent.
    pub report: Report,
    pub(super) progress: Progress,
    pub(super) state: Mutex<State>,
}

/// What becomes of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nobody has decided about it.
    Waits,
    /// It is being taken in.
    Runs,
    /// It was taken in.
    Done(Imported),
    /// It was not, and nothing of it is stored.
    Failed(Message),
}

impl Taken {
    /// What becomes of it.
    pub fn state(&self) -> State {
        self.state.lock().clone()
    }

    /// How far it is: meters and devices that are stored, and all.
    pub fn how_far(&self) -> (usize, usize) {
        self.progress.get()
    }
}

/// The documents that were sent, in memory.
#[derive(Clone, Default)]
pub(crate) struct Waiting(pub(super) Arc<Mutex<Kept>>);

/// The documents by what they are called, the oldest first.
pub(super) type Kept = VecDeque<(Uuid, Arc<Taken>)>;
