//! Readings in, intervals out.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::power::Line;
use super::register::{Event, Limits};
use super::{
    Base, Carry, DieselRegister, Flags, Interval, Quarantined, Read, Register, Rules, Spread,
};
use crate::meter::ImportRegister;
use crate::{Field, Kw, Kwh, Quality};

/// Polls that may be missed before power without a register is no longer integrated.
const POLLS_BRIDGED: i32 = 3;
/// How long a meter that speaks only when something changes is taken to go on as before.
const HELD: TimeDelta = TimeDelta::minutes(5);
/// Power below this share of the rated power, and below this many kW, is standing still.
const IDLE_SHARE: f64 = 0.005;
const IDLE: Kw = Kw(0.05);

/// What a run of [`fold`] found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folded {
    /// One interval between each two bounds.
    pub intervals: Vec<Interval>,
    /// Steps that were too large to be true.
    pub quarantined: Vec<Quarantined>,
    /// The smallest rise of the import register that was seen, kWh.
    pub smallest_rise: Option<f64>,
    /// The register that holds the import: as ruled, else the first of import and total seen.
    pub register: Option<ImportRegister>,
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
    let mut run = Run::new(rules, carry, bounds);
    for read in reads {
        run.close_before(read.at);
        run.take(read);
    }
    run.finish()
}

/// What is summed up of one interval besides what [`Interval`] holds.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    covered_seconds: f64,
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
    carry: Carry,
    /// Power since the oldest energy register was last believed.
    lines: Vec<Line>,
}

impl<'a> Run<'a> {
    fn new(rules: &'a Rules, carry: Option<&Carry>, bounds: &'a [DateTime<Utc>]) -> Self {
        let intervals: Vec<_> =
            bounds.windows(2).map(|pair| Interval::empty(pair[0], pair[1])).collect();
        Self {
            rules,
            bounds,
            sums: vec![Sums::default(); intervals.len()],
            found: Folded { intervals, register: rules.register, ..Folded::default() },
            open: 0,
            carry: carry.cloned().unwrap_or_default(),
            lines: Vec::new(),
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
        for (interval, sums) in self.found.intervals.iter_mut().zip(&self.sums) {
            let seconds = (interval.end - interval.start).as_seconds_f64();
            interval.coverage = (sums.covered_seconds / seconds).clamp(0.0, 1.0);
            if let Some(voltage) = &mut interval.voltage {
                voltage.mean = sums.voltage / f64::from(sums.voltages);
            }
            if interval.flags.has(Flags::GAP) {
                interval.quality = interval.quality.max(Quality::Estimated);
            }
        }
        self.found
    }

    /// Index of the interval that holds an instant.
    fn index(&self, at: DateTime<Utc>) -> Option<usize> {
        let index = self.bounds.partition_point(|&bound| bound <= at).checked_sub(1)?;
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
        let power = read.values.active_power_kw;
        for (register, value) in self.registers(read) {
            let Some(value) = value else { continue };
            self.read(register, (read.at, value), power);
            self.carry.last_at = Some(read.at);
        }
        if let Some(power) = power {
            self.run_on(read.at, power);
            self.carry.last_at = Some(read.at);
        }
        self.increment(read);
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
        if let Some(power) = values.active_power_kw {
            let (low, high) = interval.power.unwrap_or((Kw(power), Kw(power)));
            interval.power = Some((Kw(low.0.min(power)), Kw(high.0.max(power))));
        }
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
    fn registers(&mut self, read: &Read) -> [(Register, Option<f64>); 6] {
        let values = &read.values;
        let first = || {
            let import = values.energy_import_kwh.map(|_| ImportRegister::Import);
            import.or(values.total_energy_kwh.map(|_| ImportRegister::Total))
        };
        self.found.register = self.found.register.or_else(first);
        let import = match self.found.register {
            Some(ImportRegister::Import) => values.energy_import_kwh,
            Some(ImportRegister::Total) => values.total_energy_kwh,
            None => None,
        };
        let cumulative = self.rules.diesel == DieselRegister::Cumulative;
        [
            (Register::Import, import),
            (Register::Export, values.energy_export_kwh),
            (Register::ReactiveImport, values.reactive_energy_import_kvarh),
            (Register::ReactiveExport, values.reactive_energy_export_kvarh),
            (Register::Diesel, values.diesel_consumption_liters.filter(|_| cumulative)),
            (Register::Runtime, values.runtime_hours),
        ]
    }

    fn limits(&self, register: Register) -> Limits<'a> {
        let rules = self.rules;
        let energy = matches!(register, Register::Import | Register::Export);
        let measured =
            energy || matches!(register, Register::ReactiveImport | Register::ReactiveExport);
        let exchanges = if register == Register::Import { rules.exchanges.as_slice() } else { &[] };
        Limits {
            field: field(register, self.found.register),
            net: rules.net && register == Register::Import,
            step: if measured { rules.step_kwh } else { 0.0 },
            modulus: rules.modulus_kwh.filter(|_| measured),
            rated: rules.rated.filter(|_| energy),
            exchanges,
            accepted: &rules.accepted,
        }
    }

    fn read(&mut self, register: Register, (at, value): (DateTime<Utc>, f64), power: Option<f64>) {
        let begins = power.map(|_| 0.0);
        let limits = self.limits(register);
        let known = self.carry.registers.iter_mut().find(|base| base.field == register);
        let Some(base) = known else {
            let base = Base { field: register, at, value, doubted: None, weight: begins };
            self.carry.registers.push(base);
            self.carry.registers.sort_by_key(|base| base.field);
            return;
        };
        let mut events = Vec::new();
        limits.read(base, (at, value), begins, &mut events);
        for event in events {
            match event {
                Event::Glitch(at) => self.flag(at, Flags::GLITCH),
                Event::TooLarge(step) => {
                    if !step.accepted {
                        self.flag(step.at, Flags::QUARANTINED);
                    }
                    self.found.quarantined.push(step);
                }
                Event::Moved { from, to, delta, flag, weight } => {
                    self.moved(register, (from, to), delta, weight, power);
                    self.flag(to, flag);
                    self.note_rise(register, delta, flag);
                }
            }
        }
        self.forget_lines();
    }

    fn note_rise(&mut self, register: Register, delta: f64, flag: Flags) {
        const LEAST: f64 = 1e-9;
        if register == Register::Import && flag == Flags::default() && delta > LEAST {
            let smallest = self.found.smallest_rise.map_or(delta, |least| least.min(delta));
            self.found.smallest_rise = Some(smallest);
        }
    }

    /// Shares out what a register moved by.
    fn moved(
        &mut self,
        register: Register,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        delta: f64,
        weight: Option<f64>,
        power: Option<f64>,
    ) {
        let lines = self.weights(register, from, to, weight, power);
        let long = to - from > self.rules.gap_limit();
        let gap = long && lines.is_none();
        let seconds = (to - from).as_seconds_f64();
        let is_cover = self.covers(register);
        for index in self.meeting(from, to) {
            let interval = &mut self.found.intervals[index];
            let (start, end) = (interval.start.max(from), interval.end.min(to));
            let inside = (end - start).as_seconds_f64();
            let share = match &lines {
                Some((lines, total)) => energy_in(lines, register, start, end) / total,
                None => inside / seconds,
            };
            interval.add(register, delta * share, gap);
            if is_cover && !gap {
                self.sums[index].covered_seconds += inside;
            }
        }
    }

    /// The intervals that meet a stretch of time.
    fn meeting(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Range<usize> {
        let first = self.bounds.partition_point(|&bound| bound <= from).saturating_sub(1);
        let end = self.bounds.partition_point(|&bound| bound < to).min(self.found.intervals.len());
        first..end.max(first)
    }

    /// Whether coverage is told by this register: by import where it is known, else by export.
    fn covers(&self, register: Register) -> bool {
        match register {
            Register::Import => true,
            Register::Export => self.carry.base(Register::Import).is_none(),
            _ => false,
        }
    }

    /// Lines of power over the whole of a stretch with samples inside it, and their energy in the
    /// register's direction: they tell where its energy lies.
    fn weights(
        &self,
        register: Register,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        weight: Option<f64>,
        power: Option<f64>,
    ) -> Option<(Vec<Line>, f64)> {
        if !matches!(register, Register::Import | Register::Export) || self.rules.net {
            return None;
        }
        let weight = weight?;
        let (last_at, last) = self.carry.power.filter(|(at, _)| *at > from && *at < to)?;
        if to - last_at > self.rules.gap_limit() {
            return None;
        }
        let mut lines = self.lines.clone();
        let tail = Line { from: last_at, to, first: last, last: power.unwrap_or(last) };
        lines.push(tail);
        let total = weight + directed(tail.energy(), register);
        (total > 0.0).then_some((lines, total))
    }

    /// Goes on with power: weights, the integral, running time and starts.
    fn run_on(&mut self, at: DateTime<Utc>, power: f64) {
        if let Some((from, first)) = self.carry.power.filter(|(from, _)| *from < at) {
            let line = Line { from, to: at, first, last: power };
            let near = at - from <= self.rules.gap_limit();
            for base in self.carry.registers.iter_mut().filter(|base| base.at < at) {
                let more = near.then(|| directed(line.energy(), base.field));
                base.weight = base.weight.zip(more).map(|(sum, more)| sum + more);
            }
            if near {
                self.lines.push(line);
                self.forget_lines();
            }
            self.integrate(line, near);
            self.count_running(line, near);
        }
        self.carry.power = Some((at, power));
    }

    fn integrate(&mut self, line: Line, near: bool) {
        let by_register = self.carry.base(Register::Import).is_some()
            || self.carry.base(Register::Export).is_some();
        let bridged = line.to - line.from <= self.rules.poll * POLLS_BRIDGED;
        let believed = if (by_register && near) || (!by_register && bridged) {
            line
        } else if self.rules.event_driven && !by_register {
            // What speaks only when something changes goes on as before, for a while.
            Line { to: line.to.min(line.from + HELD), last: line.first, ..line }
        } else {
            return;
        };
        for index in self.meeting(believed.from, believed.to) {
            let interval = &mut self.found.intervals[index];
            let Some(part) = believed.between(interval.start, interval.end) else { continue };
            let (import, export) = part.energy();
            if by_register {
                let integral = interval.integral.unwrap_or(Kwh::ZERO);
                interval.integral = Some(integral + Kwh(import - export));
            } else {
                interval.import += Kwh(import);
                interval.export += Kwh(export);
                interval.flags = interval.flags.with(Flags::INTEGRATED);
                self.sums[index].covered_seconds += (part.to - part.from).as_seconds_f64();
            }
        }
    }

    /// Running time where there is no counter for it, and starts.
    fn count_running(&mut self, line: Line, near: bool) {
        let idle = self.rules.rated.map_or(IDLE.0, |rated| (rated.0 * IDLE_SHARE).max(IDLE.0));
        if line.first <= idle
            && line.last > idle
            && let Some(interval) = self.at(line.to)
        {
            interval.starts += 1;
        }
        let counted = self.carry.base(Register::Runtime).is_some();
        if counted || line.first <= idle || !near {
            return;
        }
        for index in self.meeting(line.from, line.to) {
            let interval = &mut self.found.intervals[index];
            if let Some(part) = line.between(interval.start, interval.end) {
                interval.runtime_seconds += (part.to - part.from).as_seconds_f64();
            }
        }
    }

    /// Litres that a reading states as burnt since the one before.
    fn increment(&mut self, read: &Read) {
        let Some(litres) = read.values.diesel_consumption_liters else { return };
        if self.rules.diesel != DieselRegister::Increment {
            return;
        }
        let field = Field::DieselConsumptionLiters;
        let accepted = self.rules.accepted.contains(&(read.at, field));
        if litres < 0.0 && !accepted {
            self.flag(read.at, Flags::QUARANTINED);
            self.found.quarantined.push(Quarantined {
                at: read.at,
                field,
                previous_at: read.at,
                previous: 0.0,
                value: litres,
                delta: litres,
                plausible: f64::INFINITY,
                accepted,
            });
        } else if let Some(interval) = self.at(read.at) {
            interval.diesel_litres = Some(interval.diesel_litres.unwrap_or(0.0) + litres);
        }
    }

    /// Lines that lie before every energy register's last believed reading tell nothing more.
    fn forget_lines(&mut self) {
        let energy = [Register::Import, Register::Export];
        let oldest = energy.iter().filter_map(|&register| self.carry.base(register)).map(|b| b.at);
        match oldest.min() {
            Some(oldest) => self.lines.retain(|line| line.to > oldest),
            None => self.lines.clear(),
        }
    }
}

/// The field that a register is read from.
fn field(register: Register, import: Option<ImportRegister>) -> Field {
    match (register, import) {
        (Register::Import, Some(ImportRegister::Import)) => Field::EnergyImportKwh,
        (Register::Import, _) => Field::TotalEnergyKwh,
        (Register::Export, _) => Field::EnergyExportKwh,
        (Register::ReactiveImport, _) => Field::ReactiveEnergyImportKvarh,
        (Register::ReactiveExport, _) => Field::ReactiveEnergyExportKvarh,
        (Register::Diesel, _) => Field::DieselConsumptionLiters,
        (Register::Runtime, _) => Field::RuntimeHours,
    }
}

fn directed((import, export): (f64, f64), register: Register) -> f64 {
    if register == Register::Export { export } else { import }
}

fn energy_in(lines: &[Line], register: Register, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    let parts = lines.iter().filter_map(|line| line.between(from, to));
    parts.map(|part| directed(part.energy(), register)).sum()
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
            runtime_seconds: 0.0,
            starts: 0,
            power: None,
            voltage: None,
            power_factor: None,
            coverage: 0.0,
            estimated: Kwh::ZERO,
            integral: None,
            quality: Quality::Good,
            flags: Flags::default(),
            carry: Carry::default(),
        }
    }

    fn add(&mut self, register: Register, amount: f64, gap: bool) {
        match register {
            Register::Import if amount < 0.0 => self.export += Kwh(-amount),
            Register::Import => self.import += Kwh(amount),
            Register::Export => self.export += Kwh(amount),
            Register::ReactiveImport => self.reactive_import_kvarh += amount,
            Register::ReactiveExport => self.reactive_export_kvarh += amount,
            Register::Diesel => {
                self.diesel_litres = Some(self.diesel_litres.unwrap_or(0.0) + amount);
            }
            Register::Runtime => self.runtime_seconds += amount * 3600.0,
        }
        if gap && matches!(register, Register::Import | Register::Export) {
            self.estimated += Kwh(amount.abs());
            self.flags = self.flags.with(Flags::GAP);
        }
    }
}
