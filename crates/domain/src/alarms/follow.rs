//! The figures of a meter as rules follow them: reading by reading, each by its own time.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Change, Measured, Phase, Position, Rule, RuleId, Seen, measure, step};
use crate::Reading;
use crate::live::Status;
use crate::meters::Meter;
use crate::readings::channel::{self, Connection, Latest, MeterChannels};

/// What a reading showed holds until the next one: not at its instant any more.
const JUST_BEFORE: TimeDelta = TimeDelta::microseconds(1);

/// By what a meter is followed.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    pub meter: &'a Meter,
    /// The rules that look at it, each at what readings tell.
    pub rules: &'a [&'a Rule],
    /// What is older than this says nothing.
    pub limit: TimeDelta,
}

/// What rules know of a meter at the last of its readings that they looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Followed {
    latest: Option<Latest>,
    /// Those that are not quiet.
    phases: BTreeMap<RuleId, Phase>,
}

/// A change, and when it was by the times of the readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    pub rule: RuleId,
    /// What happened.
    pub change: Change,
    /// When.
    pub at: DateTime<Utc>,
    /// The figure then.
    pub measured: Measured,
}

impl Followed {
    /// Begins with what a meter showed last.
    pub fn new(latest: Option<Latest>) -> Self {
        Self { latest, phases: BTreeMap::new() }
    }

    /// The time of the last reading that was looked at.
    pub fn reached(&self) -> Option<DateTime<Utc>> {
        self.latest.as_ref().map(|latest| latest.newest().at)
    }

    /// How far the alarm of a rule is.
    pub fn phase(&self, rule: RuleId) -> Phase {
        self.phases.get(&rule).copied().unwrap_or_default()
    }

    /// Says how far the alarm of a rule is.
    pub fn set_phase(&mut self, rule: RuleId, phase: Phase) {
        if phase == Phase::Quiet {
            self.phases.remove(&rule);
        } else {
            self.phases.insert(rule, phase);
        }
    }

    /// The rules whose alarm is not quiet.
    pub fn stirred(&self) -> impl Iterator<Item = RuleId> + '_ {
        self.phases.keys().copied()
    }

    /// Whether something changes as soon as it has held for long enough.
    pub fn is_waiting(&self) -> bool {
        self.phases.values().any(|phase| matches!(phase, Phase::Rising(_) | Phase::Falling(_)))
    }

    /// Takes the next reading, which is later than all before. What changed meanwhile changes at its own time.
    pub fn take(&mut self, by: &By<'_>, reading: Reading) -> Vec<Turn> {
        let at = reading.at;
        let mut turns = self.pass(by, at - JUST_BEFORE);
        match &mut self.latest {
            Some(latest) => latest.take(reading),
            None => self.latest = Some(Latest::new(reading)),
        }
        if by.rules.is_empty() {
            return turns;
        }
        let shown = self.shown(by, at);
        for rule in by.rules {
            turns.extend(self.turn(rule, measured(by, rule, &shown), at));
        }
        turns
    }

    /// Lets the time up to the next reading pass: what held for long enough changes, and what became too old to
    /// say anything does not count as held.
    fn pass(&mut self, by: &By<'_>, until: DateTime<Utc>) -> Vec<Turn> {
        let mut turns = Vec::new();
        for rule in by.rules {
            let Some(due) = self.phase(rule.id).due(rule.terms.delays()) else { continue };
            let at = due.min(until);
            let measured = measured(by, rule, &self.shown(by, at));
            if due <= until || measured.position == Position::Unknown {
                turns.extend(self.turn(rule, measured, at));
            }
        }
        turns
    }

    /// Looks at what the last reading shows at an instant up to which nothing newer came. What is too old by then
    /// changes nothing: the next reading tells whether it was.
    pub fn look(&mut self, by: &By<'_>, now: DateTime<Utc>) -> Vec<Turn> {
        let mut turns = Vec::new();
        for rule in by.rules {
            let due = self.phase(rule.id).due(rule.terms.delays());
            let at = due.map_or(now, |due| due.min(now));
            let measured = measured(by, rule, &self.shown(by, at));
            if measured.position != Position::Unknown {
                turns.extend(self.turn(rule, measured, at));
            }
        }
        turns
    }

    fn shown(&self, by: &By<'_>, now: DateTime<Utc>) -> MeterChannels {
        channel::channels(&channel::ChannelSource {
            meter: by.meter,
            latest: self.latest.as_ref(),
            connection: Connection::Works,
            limit: by.limit,
            now,
        })
    }

    fn turn(&mut self, rule: &Rule, measured: Measured, at: DateTime<Utc>) -> Option<Turn> {
        let (phase, delays) = (self.phase(rule.id), rule.terms.delays());
        let (next, change) = step(phase, measured.position, at, delays);
        self.set_phase(rule.id, next);
        let at = phase.due(delays).map_or(at, |due| due.min(at));
        change.map(|change| Turn { rule: rule.id, change, at, measured })
    }
}

fn measured(by: &By<'_>, rule: &Rule, shown: &MeterChannels) -> Measured {
    let seen = Seen { status: Status::Online, channels: Some(shown), ..Seen::nothing(by.meter) };
    measure(rule, &seen)
}
