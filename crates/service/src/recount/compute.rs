//! What a run depends on and what it gives, without a database.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Field;
use domain::energy::interval::{Base, Carry, Folded, Read, Register, Rules, beside_fuel, fold};
use domain::energy::{QUARTER, floor};

/// The registers that the readings of a run bear on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Watched {
    bits: u8,
    power: bool,
}

impl Watched {
    const ALL: [Register; 7] = [
        Register::Import,
        Register::Total,
        Register::Export,
        Register::ReactiveImport,
        Register::ReactiveExport,
        Register::Diesel,
        Register::Runtime,
    ];

    /// Those in some readings. Power tells where the energy of the registers lies that are known.
    pub(crate) fn of<'a>(reads: impl IntoIterator<Item = &'a Read>, carry: Option<&Carry>) -> Self {
        let mut watched = Self::default();
        for read in reads {
            let seen = Self::seen(read);
            watched.bits |= seen.bits;
            watched.power |= seen.power;
        }
        let energy = [Register::Import, Register::Total, Register::Export];
        for register in energy.into_iter().filter(|_| watched.power) {
            if carry.is_some_and(|carry| carry.base(register).is_some()) {
                watched.bits |= bit(register);
            }
        }
        watched
    }

    /// Those that were read within a day of the last reading.
    pub(crate) fn of_carry(carry: &Carry) -> Self {
        let recent = |at| carry.last_at.is_none_or(|last| last - at < TimeDelta::days(1));
        Self::of_bases(carry, |base| recent(base.track.at), recent)
    }

    /// All that anything is known of.
    pub(crate) fn known(carry: &Carry) -> Self {
        Self::of_bases(carry, |_| true, |_| true)
    }

    /// Those that were read at an instant or after it.
    pub(crate) fn read_since(carry: &Carry, since: DateTime<Utc>) -> Self {
        Self::of_bases(carry, |base| base.last_read_at() >= since, |at| at >= since)
    }

    fn of_bases(
        carry: &Carry,
        has: impl Fn(&Base) -> bool,
        has_power: impl Fn(DateTime<Utc>) -> bool,
    ) -> Self {
        let bases = carry.registers.iter().filter(|base| has(base));
        Self {
            bits: bases.map(|base| bit(base.field)).fold(0, |all, one| all | one),
            power: carry.power.is_some_and(|(at, _)| has_power(at)),
        }
    }

    /// These and others.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, power: self.power || other.power }
    }

    /// Those of these that are among others.
    pub(crate) fn among(self, other: Self) -> Self {
        Self { bits: self.bits & other.bits, power: self.power && other.power }
    }

    /// The columns that hold them.
    pub(crate) fn fields(self) -> Vec<Field> {
        let registers = Self::ALL.into_iter().filter(|register| self.has(*register));
        let power = self.power.then_some(Field::ActivePowerKw);
        registers.map(Register::field).chain(power).collect()
    }

    fn seen(read: &Read) -> Self {
        let values = &read.values;
        let present = [
            (Register::Import, values.energy_import_kwh),
            (Register::Total, values.total_energy_kwh),
            (Register::Export, values.energy_export_kwh),
            (Register::ReactiveImport, values.reactive_energy_import_kvarh),
            (Register::ReactiveExport, values.reactive_energy_export_kvarh),
            (Register::Diesel, values.diesel_consumption_liters),
            (Register::Runtime, values.runtime_hours),
        ];
        let bits = present.iter().filter(|(_, value)| value.is_some()).map(|(r, _)| bit(*r));
        Self { bits: bits.sum(), power: read.power().is_some() }
    }

    fn has(self, register: Register) -> bool {
        self.bits & bit(register) != 0
    }

    /// The instant from which on readings bear on what `carry` says: what was known before stays.
    pub(crate) fn reach(self, carry: &Carry) -> Option<DateTime<Utc>> {
        let bases = carry.registers.iter().filter(|base| self.has(base.field));
        let bases = bases.filter_map(Base::decides_from);
        let power = carry.power.map(|(at, _)| at).filter(|_| self.power);
        bases.chain(power).chain(carry.last_at).min()
    }

    /// Of registers that `carry` knows, whether readings of one are not decided yet.
    pub(crate) fn is_undecided(self, carry: &Carry) -> bool {
        self.among(Self::undecided(carry)) != Self::default()
    }

    /// Registers of which readings are not decided yet.
    pub(crate) fn undecided(carry: &Carry) -> Self {
        Self::of_bases(carry, Base::is_provisional, |_| false)
    }

    /// Those of them whose step would lie before an instant.
    pub(crate) fn undecided_before(carry: &Carry, at: DateTime<Utc>) -> Self {
        Self::of_bases(carry, |base| base.is_provisional() && base.track.at < at, |_| false)
    }

    /// The reading by which each of these registers, and power, has been read `times` times.
    pub(crate) fn settled(self, reads: &[Read], times: u32) -> Option<&Read> {
        let mut open = self.open(times);
        if open.is_empty() {
            return reads.first();
        }
        reads.iter().find(|read| {
            let seen = Self::seen(read);
            for (wanted, left) in &mut open {
                if wanted.meets(seen) {
                    *left = left.saturating_sub(1);
                }
            }
            open.iter().all(|(_, left)| *left == 0)
        })
    }

    /// Those of these that were read less often than `times` times.
    pub(crate) fn missing_in(self, reads: &[Read], times: u32) -> Self {
        let times = usize::try_from(times).unwrap_or(usize::MAX);
        let seen: Vec<Self> = reads.iter().map(Self::seen).collect();
        self.open(1)
            .into_iter()
            .map(|(one, _)| one)
            .filter(|one| seen.iter().filter(|seen| one.meets(**seen)).count() < times)
            .fold(Self::default(), Self::and)
    }

    /// Each of these by itself, and how often it is to be read.
    fn open(self, times: u32) -> Vec<(Self, u32)> {
        let registers = Self::ALL.into_iter().filter(|&register| self.has(register));
        let registers = registers.map(|register| Self { bits: bit(register), power: false });
        let power = self.power.then_some(Self { bits: 0, power: true });
        registers.chain(power).map(|one| (one, times)).collect()
    }

    fn meets(self, seen: Self) -> bool {
        self.bits & seen.bits != 0 || (self.power && seen.power)
    }
}

fn bit(register: Register) -> u8 {
    match register {
        Register::Import => 1,
        Register::Export => 2,
        Register::ReactiveImport => 4,
        Register::ReactiveExport => 8,
        Register::Diesel => 16,
        Register::Runtime => 32,
        Register::Total => 64,
        // Told apart before a run begins.
        Register::Either => 0,
    }
}

/// A run with all that it depends on.
#[derive(Debug)]
pub(crate) struct Stretch {
    /// From where on quarter-hours are computed.
    pub(crate) start: DateTime<Utc>,
    /// The first quarter-hour that is not.
    pub(crate) end: DateTime<Utc>,
    /// What was known at the start.
    pub(crate) carry: Option<Carry>,
    /// Readings from the start on, some of them after the end.
    pub(crate) reads: Vec<Read>,
}

impl Stretch {
    /// Computes the quarter-hours.
    pub(crate) fn fold(&self, rules: &Rules) -> Folded {
        let bounds: Vec<_> = std::iter::successors(Some(self.start), |&at| Some(at + QUARTER))
            .take_while(|&at| at <= self.end)
            .collect();
        let (carry, reads) = (self.carry.as_ref(), &self.reads);
        let mut folded = fold(rules, carry, reads, &bounds);
        beside_fuel(rules, carry, reads, &bounds, &mut folded.intervals);
        // A stretch beyond the rated power has begun before, and goes on here.
        folded.quarantined.retain(|step| step.at < self.end);
        folded.outliers.retain(|outlier| outlier.at < self.end);
        folded
    }
}

/// The quarter-hour that holds an instant.
pub(crate) fn quarter(at: DateTime<Utc>) -> DateTime<Utc> {
    floor(at, QUARTER).unwrap_or(at)
}

/// The end of the quarter-hour that holds an instant.
pub(crate) fn quarter_end(at: DateTime<Utc>) -> DateTime<Utc> {
    quarter(at) + QUARTER
}
