//! Makes the channels of a meter: what was measured, what follows from it, and how far to trust it.
//!
//! What is missing is computed, and only from values that were measured at the same instant:
//! - power of all phases: the sum over the phases that the meter has;
//! - apparent power: the vector sum √(P² + Q²) of the totals, else the arithmetic sum of V·I over the
//!   phases (the two definitions of IEEE 1459 for three phases);
//! - power factor: P / S, so with the sign of P;
//! - net energy: import less export;
//! - rate of change of frequency: see [`super::FrequencyWindow`].

use chrono::{DateTime, TimeDelta, Utc};

use super::{Channel, ChannelQuality, Latest, MeterChannels, Name};
use crate::figures::thousandths;
use crate::message::Message;
use crate::meters::{ImportRegister, Meter, PhaseType};
use crate::readings::refusal::Doubt;
use crate::readings::unread::Unread;
use crate::{Field, Quality};

/// |P| above S by more than this share contradicts it; less is rounding and accuracy of the meter.
const ROUNDING: f64 = 0.01;

/// How the device of a meter does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// It answers, or there is none.
    Works,
    /// It does not answer, or its broker or it says that it is offline: why, where that is known.
    Offline(Option<Message>),
    /// The last attempt to read it failed: why, where that is known.
    Failed(Option<Message>),
}

/// What the channels of a meter are made of.
#[derive(Debug, Clone)]
pub struct ChannelSource<'a> {
    pub meter: &'a Meter,
    /// Its newest values; none where it was never read.
    pub latest: Option<&'a Latest>,
    /// How its device does.
    pub connection: Connection,
    /// A value older than this is stale.
    pub limit: TimeDelta,
    /// The present.
    pub now: DateTime<Utc>,
}

/// The channels of a meter at the present.
pub fn channels(of: &ChannelSource<'_>) -> MeterChannels {
    let newest = of.latest.map(Latest::newest);
    let (quality, reason) = match newest {
        Some(newest) => of.trust(newest.at, newest.quality),
        None => of.never_read(),
    };
    MeterChannels {
        meter: of.meter.id,
        prefix: of.meter.channel_prefix.clone().unwrap_or_default(),
        at: newest.map(|newest| newest.at),
        quality,
        reason,
        channels: of.latest.map(|latest| of.all(latest)).unwrap_or_default(),
    }
}

/// A value on its way to become a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    value: f64,
    at: DateTime<Utc>,
    quality: Quality,
    derived: bool,
}

impl ChannelSource<'_> {
    fn all(&self, latest: &Latest) -> Vec<Channel> {
        let mut table = Table([None; Name::ALL.len()]);
        for &name in Name::ALL {
            table.0[name as usize] = self.measured(latest, name);
        }
        for (name, compute) in COMPUTED {
            let (measured, computed) = (table.get(name), compute(&table, self.meter, latest));
            table.0[name as usize] = self.better(measured, computed);
        }
        // Once for each reading that a rule looks at: not to be moved while it grows.
        let mut channels = Vec::with_capacity(Name::ALL.len());
        let found = Name::ALL.iter().filter_map(|&name| Some((name, table.get(name)?)));
        channels.extend(found.map(|(name, value)| self.channel(name, value)));
        channels
    }

    fn measured(&self, latest: &Latest, name: Name) -> Option<Found> {
        let held = latest.get(self.field(latest, name)?)?;
        let value = match name.scale() {
            1.0 => held.value,
            scale => thousandths(held.value * scale),
        };
        // All that a virtual meter shows is computed from others.
        let derived = held.quality == Quality::Derived;
        Some(Found { value, at: held.at, quality: held.quality, derived })
    }

    /// The field behind a channel: the import register is the one that the meter counts with.
    fn field(&self, latest: &Latest, name: Name) -> Option<Field> {
        if name != Name::EnergyImport {
            return name.field();
        }
        let is_total = match self.meter.import_register {
            Some(register) => register == ImportRegister::Total,
            None => latest.get(Field::EnergyImportKwh).is_none(),
        };
        if is_total { Some(Field::TotalEnergyKwh) } else { name.field() }
    }

    /// What was measured, unless it is old and something newer follows from other values.
    fn better(&self, measured: Option<Found>, computed: Option<Found>) -> Option<Found> {
        match (measured, computed) {
            (Some(measured), Some(computed)) => {
                let holds = self.now - measured.at <= self.limit || measured.at >= computed.at;
                Some(if holds { measured } else { computed })
            }
            (measured, computed) => measured.or(computed),
        }
    }

    fn channel(&self, name: Name, value: Found) -> Channel {
        let (quality, reason) = self.trust(value.at, value.quality);
        let Found { value, at, derived, .. } = value;
        Channel { name, value, at, quality, reason, derived }
    }

    fn trust(&self, at: DateTime<Utc>, read: Quality) -> (ChannelQuality, Option<Message>) {
        let stale = |doubt: Doubt| (ChannelQuality::Stale, Some(doubt.into()));
        match (&self.connection, read) {
            (Connection::Failed(reason), _) => {
                (ChannelQuality::Error, Some(given(reason.as_ref())))
            }
            (_, Quality::Error) => (ChannelQuality::Error, Some(Doubt::MarkedWrong.into())),
            (Connection::Offline(reason), _) => {
                (ChannelQuality::Stale, Some(given(reason.as_ref())))
            }
            _ if self.now - at > self.limit => {
                stale(Doubt::NothingNew { time: in_words(self.limit) })
            }
            (_, Quality::Stale) => stale(Doubt::MarkedOld),
            (_, Quality::Estimated) => stale(Doubt::TimeUncertain),
            _ => (ChannelQuality::Good, None),
        }
    }

    fn never_read(&self) -> (ChannelQuality, Option<Message>) {
        match &self.connection {
            Connection::Failed(reason) => (ChannelQuality::Error, Some(given(reason.as_ref()))),
            Connection::Offline(reason) => (ChannelQuality::Stale, Some(given(reason.as_ref()))),
            Connection::Works => (ChannelQuality::Stale, Some(Unread::Never.into())),
        }
    }
}

/// The reason that a device gave.
fn given(reason: Option<&Message>) -> Message {
    reason.cloned().unwrap_or_else(|| Doubt::NoReason.into())
}

/// A length of time as people say it.
fn in_words(time: TimeDelta) -> String {
    match time.num_seconds() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}

/// The values known so far, by name.
struct Table([Option<Found>; Name::ALL.len()]);

type Compute = fn(&Table, &Meter, &Latest) -> Option<Found>;

/// What is computed where it is missing, each after what it is computed from.
const COMPUTED: [(Name, Compute); 6] = [
    (Name::ActivePower, |table, meter, _| {
        table.over_phases(meter, [Name::ActivePowerL1, Name::ActivePowerL2, Name::ActivePowerL3])
    }),
    (Name::ReactivePower, |table, meter, _| {
        let phases = [Name::ReactivePowerL1, Name::ReactivePowerL2, Name::ReactivePowerL3];
        table.over_phases(meter, phases)
    }),
    (Name::ApparentPower, |table, meter, _| table.vector_sum().or_else(|| table.products(meter))),
    (Name::PowerFactor, |table, _, _| table.power_factor()),
    (Name::EnergyNet, |table, _, _| {
        let net = |[import, export]: [f64; 2]| Some(import - export);
        table.together([Name::EnergyImport, Name::EnergyExport], net)
    }),
    (Name::FrequencyRocof, |table, _, latest| {
        let (at, value) = latest.frequency().slope()?;
        let frequency = table.get(Name::Frequency).filter(|frequency| frequency.at == at)?;
        Some(Found { value, derived: true, ..frequency })
    }),
];

impl Table {
    fn get(&self, name: Name) -> Option<Found> {
        self.0[name as usize]
    }

    /// What follows from values of one instant; none where one is missing or older than another.
    fn together<const N: usize>(
        &self,
        names: [Name; N],
        compute: impl FnOnce([f64; N]) -> Option<f64>,
    ) -> Option<Found> {
        let first = self.get(names[0])?;
        let mut values = [0.0; N];
        for (value, name) in values.iter_mut().zip(names) {
            *value = self.get(name).filter(|other| other.at == first.at)?.value;
        }
        Some(Found { value: compute(values)?, derived: true, ..first })
    }

    fn over_phases(&self, meter: &Meter, [l1, l2, l3]: [Name; 3]) -> Option<Found> {
        let sum = |watts: f64| Some(thousandths(watts));
        match meter.phase_type {
            Some(PhaseType::Single) => self.together([l1], |[only]| sum(only)),
            _ => self.together([l1, l2, l3], |phases| sum(phases.iter().sum())),
        }
    }

    fn vector_sum(&self) -> Option<Found> {
        let apparent = |[p, q]: [f64; 2]| Some(thousandths(p.hypot(q)));
        self.together([Name::ActivePower, Name::ReactivePower], apparent)
    }

    fn products(&self, meter: &Meter) -> Option<Found> {
        use Name::{CurrentL1, CurrentL2, CurrentL3, VoltageL1, VoltageL2, VoltageL3};
        if meter.phase_type == Some(PhaseType::Single) {
            let apparent = |[v, i]: [f64; 2]| Some(thousandths((v * i).abs()));
            return self.together([VoltageL1, CurrentL1], apparent);
        }
        let names = [VoltageL1, CurrentL1, VoltageL2, CurrentL2, VoltageL3, CurrentL3];
        self.together(names, |[v1, i1, v2, i2, v3, i3]| {
            Some(thousandths((v1 * i1).abs() + (v2 * i2).abs() + (v3 * i3).abs()))
        })
    }

    /// None without power, or where active and apparent power contradict each other.
    fn power_factor(&self) -> Option<Found> {
        self.together([Name::ActivePower, Name::ApparentPower], |[p, s]| {
            let agree = s > 0.0 && p.abs() <= s * (1.0 + ROUNDING);
            agree.then(|| p / s.max(p.abs()))
        })
    }
}
