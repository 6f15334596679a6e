//! The newest value of each field of a meter.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, Utc};

use super::FrequencyWindow;
use crate::{Field, MeterId, Quality, Reading};

/// The newest reading of a meter, what older ones had that it lacks, and the last frequencies.
///
/// A meter that gives all its values together has no older ones; one on MQTT may give some of them
/// more often than others.
#[derive(Debug, Clone, PartialEq)]
pub struct Latest {
    newest: Reading,
    older: Vec<(Field, Held)>,
    frequency: FrequencyWindow,
}

/// A value with the time at which it held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// The value, in the unit of its field.
    pub value: f64,
    /// When it held.
    pub at: DateTime<Utc>,
    /// What its reading said of it.
    pub quality: Quality,
}

impl Held {
    fn of(reading: &Reading, value: f64) -> Self {
        Self { value, at: reading.at, quality: reading.quality }
    }
}

impl Latest {
    /// The first reading of a meter.
    pub fn new(reading: Reading) -> Self {
        let mut frequency = FrequencyWindow::default();
        sample(&mut frequency, &reading);
        Self { newest: reading, older: Vec::new(), frequency }
    }

    /// The newest reading.
    pub fn newest(&self) -> &Reading {
        &self.newest
    }

    /// The last frequencies.
    pub fn frequency(&self) -> &FrequencyWindow {
        &self.frequency
    }

    /// The newest value of a field.
    pub fn get(&self, field: Field) -> Option<Held> {
        match self.newest.values.get(field) {
            Some(value) => Some(Held::of(&self.newest, value)),
            None => self.older.iter().find(|(of, _)| *of == field).map(|(_, held)| *held),
        }
    }

    /// Takes a reading in, in whatever order readings come: of each field the newest value stays. Of
    /// two of the same time the later one counts.
    pub fn take(&mut self, reading: Reading) {
        sample(&mut self.frequency, &reading);
        if reading.at < self.newest.at {
            self.keep(&reading);
            return;
        }
        let before = std::mem::replace(&mut self.newest, reading);
        self.keep(&before);
        self.older.retain(|(field, _)| self.newest.values.get(*field).is_none());
    }

    /// Takes a reading into that of its meter.
    pub fn take_into(all: &mut HashMap<MeterId, Self>, reading: Reading) {
        match all.entry(reading.meter) {
            Entry::Occupied(mut latest) => latest.get_mut().take(reading),
            Entry::Vacant(none) => {
                none.insert(Self::new(reading));
            }
        }
    }

    /// Keeps what an older reading has and the newest lacks.
    fn keep(&mut self, older: &Reading) {
        if older.at == self.newest.at {
            return;
        }
        for (field, value) in older.values.present() {
            if self.newest.values.get(field).is_some() {
                continue;
            }
            let held = Held::of(older, value);
            match self.older.iter_mut().find(|(of, _)| *of == field) {
                Some((_, kept)) if kept.at <= held.at => *kept = held,
                Some(_) => {}
                None => self.older.push((field, held)),
            }
        }
    }
}

fn sample(window: &mut FrequencyWindow, reading: &Reading) {
    let believed = reading.quality != Quality::Error;
    if let Some(hz) = reading.values.frequency_hz.filter(|_| believed) {
        window.push(reading.at, hz);
    }
}
