//! Readings in, intervals out.

mod burnt;
mod hindsight;
mod moved;
mod running;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::power::Line;
use super::register::Event;
use super::{
    Base, Carry, DieselRegister, Flags, Interval, Point, Quarantined, Read, Register, Rules, Spread,
};
use crate::meters::ImportRegister;
use crate::{Field, Kw, Kwh, Quality};

pub use hindsight::{Excluded, Outlier};

/// What a run of [`fold`] found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folded {
    /// One interval between each two bounds.
    pub intervals: Vec<Interval>,
    /// Steps that were too large to be true.
    pub quarantined: Vec<Quarantined>,
    /// The smallest rise of the import register between two readings that follow each other.
    pub smallest_rise: Option<Rise>,
    /// The first reading that holds import energy, and the register that it holds it in.
    pub first: Option<(DateTime<Utc>, ImportRegister)>,
    /// What is known after the last reading, wherever that lies.
    pub known: Carry,
    /// Readings that do not fit the track of their register, in order of time.
    pub outliers: Vec<Outlier>,
    /// Readings that counted until a later one took them back: what is here counts them still.
    pub taken_back: Vec<Excluded>,
    /// The instant back to which it was decided about readings before the first bound: that is to be computed
    /// again.
    pub reopens: Option<DateTime<Utc>>,
}

/// What a register rose by from one reading to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// kWh, to six digits: more than that is how floating-point numbers differ.
    pub kwh: f64,
    /// When the second of the two was taken.
    pub at: DateTime<Utc>,
}

/// Energy of a meter between each two of `bounds`, ascending instants.
///
/// `reads` stand in order of time, none before the first bound; those at or after the last bound
/// tell how the last stretch ends. `carry` is what was known at the first bound.
pub fn fold(
    rules: &Rules,
    carry: Option<&Carry>,
    reads: &[Read],
    bounds: &[DateTime<Utc>],
) -> Folded {
    let (mut excluded, mut reopens) = (Vec::new(), None::<DateTime<Utc>>);
    let mut times = 0;
    loop {
        let mut folding = Folding::begin(rules, carry, bounds).without(&excluded);
        for read in reads {
            folding.read(read);
        }
        let mut folded = folding.end();
        reopens = [reopens, folded.reopens].into_iter().flatten().min();
        times += 1;
        if folded.taken_back.is_empty() || times > MOST_TIMES {
            folded.reopens = reopens;
            return folded;
        }
        excluded.append(&mut folded.taken_back);
    }
}

/// How often readings are gone through again without those that were taken back: each time finds all that
/// are, and leaving them out seldom makes more.
pub const MOST_TIMES: u32 = 4;

/// The same, for more readings than are held at once.
pub struct Folding<'a>(Run<'a>);

impl<'a> Folding<'a> {
    /// Begins at the first bound.
    pub fn begin(rules: &'a Rules, carry: Option<&Carry>, bounds: &'a [DateTime<Utc>]) -> Self {
        Self(Run::new(rules, carry, bounds))
    }

    /// Leaves out readings of which it is known that a later one takes them back.
    #[must_use]
    pub fn without(mut self, excluded: &[Excluded]) -> Self {
        self.0.excluded = excluded.to_vec();
        self
    }

    /// Takes the next reading in order of time.
    pub fn read(&mut self, read: &Read) {
        self.0.close_before(read.at);
        self.0.take(read);
    }

    /// What the readings add up to.
    pub fn end(self) -> Folded {
        self.0.finish()
    }
}

/// What is summed up of one interval besides what [`Interval`] holds.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    covered_seconds: f64,
    bridged_seconds: f64,
    voltage: f64,
    voltages: u32,
}

struct Run<'a> {
    rules: &'a Rules,
    bounds: &'a [DateTime<Utc>],
    found: Folded,
    sums: Vec<Sums>,
    /// Intervals before this one have their carry.
    open: usize,
    /// The register that holds the import: as ruled, else the first of import and total seen.
    register: Option<ImportRegister>,
    carry: Carry,
    /// Whether nothing was known at the first bound.
    from_nothing: bool,
    /// Power since the oldest energy register was last believed.
    lines: Vec<Line>,
    excluded: Vec<Excluded>,
    /// Registers of which readings were not decided at the first bound.
    began_undecided: Vec<Register>,
    /// Readings that are not decided yet.
    undecided: BTreeMap<Register, Vec<Point>>,
    /// Room for what follows from a reading.
    events: Vec<Event>,
}

impl<'a> Run<'a> {
    fn new(rules: &'a Rules, carry: Option<&Carry>, bounds: &'a [DateTime<Utc>]) -> Self {
        let intervals: Vec<_> =
            bounds.windows(2).map(|pair| Interval::empty(pair[0], pair[1])).collect();
        let from_nothing = carry.is_none();
        let mut carry = carry.cloned().unwrap_or_default();
        carry.renew();
        let waits = carry.registers.iter().filter(|base| base.is_undecided());
        let began_undecided = waits.map(|base| base.field).collect();
        carry.tell_apart(rules.register.unwrap_or(ImportRegister::Import));
        Self {
            rules,
            bounds,
            sums: vec![Sums::default(); intervals.len()],
            found: Folded { intervals, ..Folded::default() },
            open: 0,
            register: rules.register,
            carry,
            from_nothing,
            lines: Vec::new(),
            excluded: Vec::new(),
            began_undecided,
            undecided: BTreeMap::new(),
            events: Vec::new(),
        }
    }

    /// Notes what is known at the end of the intervals that end at an instant or before.
    fn close_before(&mut self, at: DateTime<Utc>) {
        while self.open < self.found.intervals.len() && self.found.intervals[self.open].end <= at {
            self.found.intervals[self.open].carry = self.carry.clone();
            self.open += 1;
        }
    }

    fn finish(mut self) -> Folded {
        self.close_before(DateTime::<Utc>::MAX_UTC);
        self.found.known = self.carry.clone();
        self.count_what_waits();
        self.found.outliers.sort_by_key(|outlier| (outlier.at, outlier.field));
        for (interval, sums) in self.found.intervals.iter_mut().zip(&self.sums) {
            let seconds = (interval.end - interval.start).as_seconds_f64();
            interval.coverage = (sums.covered_seconds / seconds).clamp(0.0, 1.0);
            interval.bridged_seconds = sums.bridged_seconds.clamp(0.0, seconds);
            if let Some(voltage) = &mut interval.voltage {
                voltage.mean = sums.voltage / f64::from(sums.voltages);
            }
            if interval.flags.has(Flags::GAP) {
                interval.quality = interval.quality.max(Quality::Estimated);
            }
        }
        self.found
    }

    /// How many bounds lie at an instant or before; nearly all instants are in the interval that is open.
    fn begun(&self, at: DateTime<Utc>) -> usize {
        match self.bounds.get(self.open..self.open + 2) {
            Some([from, to]) if (*from..*to).contains(&at) => self.open + 1,
            _ => self.bounds.partition_point(|&bound| bound <= at),
        }
    }

    /// Index of the interval that holds an instant.
    fn index(&self, at: DateTime<Utc>) -> Option<usize> {
        let index = self.begun(at).checked_sub(1)?;
        (index < self.found.intervals.len()).then_some(index)
    }

    fn at(&mut self, at: DateTime<Utc>) -> Option<&mut Interval> {
        self.index(at).map(|index| &mut self.found.intervals[index])
    }

    fn flag(&mut self, at: DateTime<Utc>, flag: Flags) {
        if let Some(interval) = self.at(at) {
            interval.flags = interval.flags.with(flag);
        }
    }

    fn take(&mut self, read: &Read) {
        self.note(read);
        self.carry.is_computed |= read.quality == Quality::Derived;
        let power = self.judge_power(read);
        for (register, value) in self.registers(read) {
            let Some(value) = value else { continue };
            if self.counts(register) {
                self.read(register, (read.at, value), (power, read));
            } else {
                self.carry.stand(register, (read.at, value));
            }
            self.carry.last_at = Some(read.at);
        }
        if self.carry.last_at == Some(read.at) {
            self.forget_lines();
        }
        if let Some(power) = power {
            self.take_power((read.at, power));
        }
        self.increment(read);
    }

    /// The power of a reading; none where it is not believed, or not yet.
    fn judge_power(&mut self, read: &Read) -> Option<f64> {
        let kw = read.power()?;
        let outliers = &mut self.found.outliers;
        let leave_out =
            |(at, value)| outliers.push(Outlier { at, field: Field::ActivePowerKw, value });
        let is_believed =
            self.carry.is_computed || self.carry.judge_power(self.rules, (read.at, kw), leave_out);
        is_believed.then_some(kw)
    }

    /// Goes on with the power of a reading, and with samples before it that are believed because of it.
    fn take_power(&mut self, read: Point) {
        for (at, kw) in self.carry.agreed().into_iter().chain([read]) {
            self.run_on(at, kw);
            self.carry.note_power(at, kw);
            if let Some(interval) = self.at(at) {
                let (low, high) = interval.power.unwrap_or((Kw(kw), Kw(kw)));
                interval.power = Some((Kw(low.0.min(kw)), Kw(high.0.max(kw))));
            }
        }
        self.carry.last_at = self.carry.last_at.max(Some(read.0));
    }

    /// What a reading says apart from energy.
    fn note(&mut self, read: &Read) {
        let Some(index) = self.index(read.at) else { return };
        let (interval, sums) = (&mut self.found.intervals[index], &mut self.sums[index]);
        interval.quality = interval.quality.max(read.quality);
        match read.quality {
            Quality::Corrected => interval.flags = interval.flags.with(Flags::CORRECTED),
            Quality::Derived => interval.flags = interval.flags.with(Flags::DERIVED),
            _ => {}
        }
        let values = &read.values;
        if let Some(factor) = values.power_factor {
            let (low, high) = interval.power_factor.unwrap_or((factor, factor));
            interval.power_factor = Some((low.min(factor), high.max(factor)));
        }
        for voltage in
            [values.voltage_l1, values.voltage_l2, values.voltage_l3].into_iter().flatten()
        {
            let known =
                interval.voltage.unwrap_or(Spread { min: voltage, mean: 0.0, max: voltage });
            interval.voltage = Some(Spread {
                min: known.min.min(voltage),
                mean: 0.0,
                max: known.max.max(voltage),
            });
            sums.voltage += voltage;
            sums.voltages += 1;
        }
    }

    /// The registers in a reading. Which one holds the import is settled by the first that is seen.
    fn registers(&mut self, read: &Read) -> [(Register, Option<f64>); 7] {
        let values = &read.values;
        let import = values.energy_import_kwh.map(|_| ImportRegister::Import);
        let held = import.or(values.total_energy_kwh.map(|_| ImportRegister::Total));
        self.found.first = self.found.first.or(held.map(|register| (read.at, register)));
        self.register = self.register.or(held);
        let cumulative = self.rules.diesel == DieselRegister::Cumulative;
        [
            (Register::Import, values.energy_import_kwh),
            (Register::Total, values.total_energy_kwh),
            (Register::Export, values.energy_export_kwh),
            (Register::ReactiveImport, values.reactive_energy_import_kvarh),
            (Register::ReactiveExport, values.reactive_energy_export_kvarh),
            (Register::Diesel, values.diesel_consumption_liters.filter(|_| cumulative)),
            (Register::Runtime, values.runtime_hours),
        ]
    }

    /// Whether energy is taken from a register: of the two that hold import from one.
    fn counts(&self, register: Register) -> bool {
        !register.is_import() || self.register.map(Register::of) == Some(register)
    }

    /// Where the register stood that import is taken from.
    fn import_base(&self) -> Option<&Base> {
        self.carry.base(Register::of(self.register?))
    }
}

impl Interval {
    fn empty(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self {
            start,
            end,
            import: Kwh::ZERO,
            export: Kwh::ZERO,
            reactive_import_kvarh: 0.0,
            reactive_export_kvarh: 0.0,
            diesel_litres: None,
            fuel: None,
            runtime_seconds: 0.0,
            starts: 0,
            power: None,
            voltage: None,
            power_factor: None,
            coverage: 0.0,
            bridged_seconds: 0.0,
            estimated: Kwh::ZERO,
            integral: None,
            quality: Quality::Good,
            flags: Flags::default(),
            carry: Carry::default(),
        }
    }

    fn add(&mut self, register: Register, amount: f64, is_guess: bool) {
        match register {
            Register::Import | Register::Total | Register::Either if amount < 0.0 => {
                self.export += Kwh(-amount);
            }
            Register::Import | Register::Total | Register::Either => self.import += Kwh(amount),
            Register::Export => self.export += Kwh(amount),
            Register::ReactiveImport => self.reactive_import_kvarh += amount,
            Register::ReactiveExport => self.reactive_export_kvarh += amount,
            Register::Diesel => self.burn(amount),
            Register::Runtime => self.runtime_seconds += amount * 3600.0,
        }
        if is_guess && register.is_energy() {
            self.estimated += Kwh(amount.abs());
            self.flags = self.flags.with(Flags::GAP);
        }
    }
}
