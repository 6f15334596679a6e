//! Meters that are computed from others: a signed sum of what their inputs measure.
//!
//! A derived meter never copies registers, whose resets would become its energy. Each minute it adds
//! Σ factor × (import − export) of its inputs, as the rules of [`crate::energy::interval`] believe them, to a
//! register of its own: what is above zero to its import, what is below to its export. In a gap of an
//! input it has no points but where the input was read; what passed before is added with the next point.
//! While nothing is known of an input, nothing is of the meter: its registers stand still, and the first
//! point after it begins anew.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::energy::interval::{Flags, Interval, Read};
use crate::meters::{LoadRole, Meter, MeterType};
use crate::{Field, Kwh, MeterId, Quality, Values};

/// How far points stand apart.
pub const STEP: TimeDelta = TimeDelta::minutes(1);
/// What passed in gaps is told after this at the latest: a longer step of a register belongs to no time.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::days(365);
/// A minute of which readings, or a gap between two, say less than this share is not known.
const KNOWN: f64 = 0.999;

/// What a derived meter is computed from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What it is multiplied by.
    pub factor: f64,
    /// Its energy minute by minute; all inputs in step.
    pub minutes: &'a [Interval],
    /// When it was read before these readings.
    pub last_read_at: Option<DateTime<Utc>>,
    /// Its readings, in order of time, around these minutes.
    pub reads: &'a [Read],
    /// Silence longer than this is a gap.
    pub gap: TimeDelta,
}

/// Where the registers of a derived meter stand.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Registers {
    pub import: Kwh,
    pub export: Kwh,
    /// What passed since the last point: to be added with the next.
    pub owed: Kwh,
    /// Since when there is something to be added, be it nothing in the sum.
    owed_since: Option<DateTime<Utc>>,
    /// Whether nothing is known since the last point.
    is_lost: bool,
}

/// A reading of a derived meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When.
    pub at: DateTime<Utc>,
    /// The worst of the inputs', and never better than derived.
    pub quality: Quality,
    /// Registers, power, power factor and voltage.
    pub values: Values,
    /// Whether what passed since the point before is not known.
    pub is_anew: bool,
}

/// The reading with which a derived meter begins.
pub fn first(at: DateTime<Utc>, inputs: &[Input<'_>]) -> Point {
    let values = values(at, inputs, &Registers::default());
    Point { at, quality: Quality::Derived, values, is_anew: false }
}

/// The points at the ends of the minutes, and how the registers move on.
pub fn points(inputs: &[Input<'_>], registers: &mut Registers) -> Vec<Point> {
    let count = inputs.iter().map(|input| input.minutes.len()).min().unwrap_or(0);
    let mut points = Vec::with_capacity(count);
    for n in 0..count {
        let minutes = || inputs.iter().map(|input| (input.factor, &input.minutes[n]));
        let Interval { start, end, .. } = inputs[0].minutes[n];
        let is_known = minutes().all(|(_, minute)| is_counted(minute));
        let is_gap = minutes().any(|(_, minute)| minute.flags.has(Flags::GAP));
        let is_told = || inputs.iter().all(|input| input.is_told(&input.minutes[n]));
        let stretch = Stretch {
            start,
            end,
            net: is_known.then(|| minutes().map(|(by, m)| (m.import - m.export) * by).sum()),
            is_gap,
            is_told: !is_gap || is_told(),
            quality: minutes().map(|(_, minute)| minute.quality).max().unwrap_or_default(),
        };
        registers.take(&stretch, &mut points, |at, registers| values(at, inputs, registers));
    }
    points
}

/// The same at the ends of quarter-hours that are known where readings are not any more: of registers alone.
pub fn points_of_quarters(quarters: &[Stretch], registers: &mut Registers) -> Vec<Point> {
    let mut points = Vec::with_capacity(quarters.len());
    for quarter in quarters {
        registers.take(quarter, &mut points, |_, registers| registers.shown());
    }
    points
}

/// What is known of a stretch of time of all inputs together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// What passed in it, import less export; none where that is not known of an input.
    pub net: Option<Kwh>,
    /// Whether a part of it lies in a gap of an input.
    pub is_gap: bool,
    /// Whether all registers are known at its end.
    pub is_told: bool,
    /// The worst quality of the inputs.
    pub quality: Quality,
}

/// For what a derived meter waits at the end of minutes that gave no point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// For inputs of which nothing is known: what passes meanwhile is not counted.
    Unknown,
    /// For inputs in a gap: what passes meanwhile is told with the point at its end.
    Gap,
}

/// What these minutes end in where they gave no point, and which inputs are waited for, by their place: before each
/// of them was read again, or exchanged, there is none.
pub fn waits(inputs: &[Input<'_>]) -> (Waits, Vec<usize>) {
    let those = |waits: fn(&Interval) -> bool| -> Vec<usize> {
        let last = inputs.iter().map(|input| input.minutes.last());
        let last = last.enumerate().filter_map(|(n, minute)| Some((n, minute?)));
        last.filter(|(_, minute)| waits(minute)).map(|(n, _)| n).collect()
    };
    let unknown = those(|minute| !is_counted(minute));
    if unknown.is_empty() {
        (Waits::Gap, those(|minute| minute.flags.has(Flags::GAP)))
    } else {
        (Waits::Unknown, unknown)
    }
}

fn has_register(read: &Read) -> bool {
    let registers = [Field::EnergyImportKwh, Field::TotalEnergyKwh, Field::EnergyExportKwh];
    registers.iter().any(|register| read.values.get(*register).is_some())
}

fn is_counted(minute: &Interval) -> bool {
    minute.backed_seconds() >= KNOWN * (minute.end - minute.start).as_seconds_f64()
}

impl Registers {
    /// Where they stood at the last point.
    pub fn at(import: Kwh, export: Kwh) -> Self {
        Self { import, export, ..Self::default() }
    }

    /// Nothing is known from here on.
    fn lose(&mut self) {
        *self = Self { is_lost: true, ..Self::at(self.import, self.export) };
    }

    /// So much passed since an instant: it is added with the next point.
    pub fn owe(&mut self, since: DateTime<Utc>, passed: Kwh) {
        self.owed += passed;
        self.owed_since.get_or_insert(since);
    }

    /// When what is to be added has to be, gap or not; none where there is nothing.
    pub fn tell_by(&self) -> Option<DateTime<Utc>> {
        Some(self.owed_since? + LONGEST_WAIT)
    }

    /// Goes on by a stretch of time, and makes the points that it gives.
    fn take(
        &mut self,
        stretch: &Stretch,
        points: &mut Vec<Point>,
        values: impl Fn(DateTime<Utc>, &Self) -> Values,
    ) {
        let &Stretch { start, end, net, is_gap, is_told, quality } = stretch;
        let point = |at, quality, is_anew, registers: &Self| Point {
            at,
            quality,
            values: values(at, registers),
            is_anew,
        };
        let waits = is_gap && net.is_some();
        // What passed in a gap up to here is known.
        if !waits && self.settle() {
            points.push(point(start, Quality::Estimated, false, self));
        }
        let Some(net) = net else {
            self.lose();
            return;
        };
        if std::mem::take(&mut self.is_lost) {
            points.push(point(start, Quality::Derived, true, self));
        }
        self.owe(start, net);
        if waits && !is_told && self.tell_by().is_none_or(|by| end < by) {
            return;
        }
        self.settle();
        points.push(point(end, quality.max(Quality::Derived), false, self));
    }

    /// What they show.
    fn shown(&self) -> Values {
        Values {
            energy_import_kwh: Some(self.import.0),
            energy_export_kwh: Some(self.export.0),
            ..Values::default()
        }
    }

    /// Adds what passed since the last point; whether there was anything to add.
    fn settle(&mut self) -> bool {
        if self.owed > Kwh::ZERO {
            self.import += self.owed;
        } else {
            self.export += -self.owed;
        }
        self.owed = Kwh::ZERO;
        self.owed_since.take().is_some()
    }
}

/// Added up, per phase where every input has it.
const SUMMED: [Field; 8] = [
    Field::ActivePowerKw,
    Field::ActivePowerL1Kw,
    Field::ActivePowerL2Kw,
    Field::ActivePowerL3Kw,
    Field::ReactivePowerKvar,
    Field::ReactivePowerL1Kvar,
    Field::ReactivePowerL2Kvar,
    Field::ReactivePowerL3Kvar,
];

/// Taken from the first input that measures it: a difference of voltages means nothing.
const MEASURED: [Field; 6] = [
    Field::VoltageL1,
    Field::VoltageL2,
    Field::VoltageL3,
    Field::VoltageL12,
    Field::VoltageL23,
    Field::VoltageL31,
];

fn values(at: DateTime<Utc>, inputs: &[Input<'_>], registers: &Registers) -> Values {
    let mut values = registers.shown();
    for field in SUMMED {
        let each = inputs.iter().map(|input| Some(input.at(at, field)? * input.factor));
        values.set(field, each.sum());
    }
    for field in MEASURED {
        values.set(field, inputs.iter().find_map(|input| input.at(at, field)));
    }
    values.power_factor =
        values.active_power_kw.zip(values.reactive_power_kvar).and_then(|(p, q)| {
            let apparent = p.hypot(q);
            (apparent > 0.0).then(|| p / apparent)
        });
    values
}

impl Input<'_> {
    /// Whether its register is known at the end of a minute, be it between two gaps.
    fn is_told(&self, minute: &Interval) -> bool {
        if !minute.flags.has(Flags::GAP) {
            return true;
        }
        let split = self.reads.partition_point(|read| read.at <= minute.start);
        let (before, after) = self.reads.split_at(split);
        let last = before.iter().rfind(|read| has_register(read)).map(|read| read.at);
        let mut last = last.or(self.last_read_at);
        let within = after.iter().take_while(|read| read.at <= minute.end);
        within.filter(|read| has_register(read)).any(|read| {
            let before = last.replace(read.at);
            before.is_none_or(|before| read.at - before > self.gap)
        })
    }

    /// A value at an instant, on the straight line between the readings around it; none in a gap.
    fn at(&self, at: DateTime<Utc>, field: Field) -> Option<f64> {
        let split = self.reads.partition_point(|read| read.at <= at);
        let value = |read: &Read| Some((read.at, read.values.get(field)?));
        let near = |found: &(DateTime<Utc>, f64)| (found.0 - at).abs() <= self.gap;
        let before = self.reads[..split].iter().rev().find_map(value).filter(near)?;
        if before.0 == at {
            return Some(before.1);
        }
        let after = self.reads[split..].iter().find_map(value).filter(near)?;
        let whole = after.0 - before.0;
        if whole > self.gap {
            return None;
        }
        let share = (at - before.0).as_seconds_f64() / whole.as_seconds_f64();
        Some(before.1 + (after.1 - before.1) * share)
    }
}

/// What a building draws from the grid, what it uses, and what its roof makes: two of them give the
/// third.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trio {
    /// The meter of the grid connection.
    pub utility: Option<MeterId>,
    pub load: Option<MeterId>,
    /// The meter of solar production.
    pub solar: Option<MeterId>,
}

/// What of a building a meter measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What it draws from the grid.
    Utility,
    /// All that it uses.
    Load,
    /// What its roof makes.
    Solar,
}

impl Part {
    /// The meter as it has to be to count as this part: on top what comes from the grid, below it what
    /// is used, and what the roof adds to that. `utility` is the meter of the grid connection, if there
    /// is one.
    pub fn of(self, meter: &Meter, utility: Option<&Meter>) -> Meter {
        let above = utility.filter(|utility| self != Self::Utility && utility.id != meter.id);
        let (kind, load_role) = match self {
            Self::Utility => ("Grid", LoadRole::Grid),
            Self::Load if above.is_some() => ("Main", LoadRole::Zone),
            Self::Load => ("Main", LoadRole::Building),
            Self::Solar => ("Solar", LoadRole::Solar),
        };
        Meter {
            meter_type: MeterType::from(kind),
            load_role,
            feeds_parent: self == Self::Solar && above.is_some(),
            parent: above.map(|above| above.id),
            level: above.map_or(0, |above| above.level.saturating_add(1)),
            ..meter.clone()
        }
    }
}

impl Trio {
    /// The parts that have a meter, that of the grid first.
    pub fn parts(self) -> impl Iterator<Item = (Part, MeterId)> {
        let parts =
            [(Part::Utility, self.utility), (Part::Load, self.load), (Part::Solar, self.solar)];
        parts.into_iter().filter_map(|(part, meter)| Some((part, meter?)))
    }

    /// The same with a meter for the part that has none.
    #[must_use]
    pub fn with(self, missing: MeterId) -> Self {
        let or = |meter: Option<MeterId>| meter.or(Some(missing));
        Self { utility: or(self.utility), load: or(self.load), solar: or(self.solar) }
    }

    /// The terms of the one that is missing: utility = load − solar, load = solar + utility,
    /// solar = load − utility. None unless exactly two are there.
    pub fn missing(self) -> Option<[(MeterId, f64); 2]> {
        match (self.utility, self.load, self.solar) {
            (None, Some(load), Some(solar)) => Some([(load, 1.0), (solar, -1.0)]),
            (Some(utility), None, Some(solar)) => Some([(solar, 1.0), (utility, 1.0)]),
            (Some(utility), Some(load), None) => Some([(load, 1.0), (utility, -1.0)]),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
