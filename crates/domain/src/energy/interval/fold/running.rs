//! Power that runs on between samples: where energy lies, the integral, running time and starts.

use chrono::{DateTime, TimeDelta, Utc};

use super::Run;
use crate::energy::interval::power::Line;
use crate::energy::interval::{Flags, Register};
use crate::energy::staleness::patience;
use crate::{Kw, Kwh};

/// How long a meter that speaks only when something changes is taken to go on as before.
const HELD: TimeDelta = TimeDelta::minutes(5);
/// Power below this share of the rated power, and below this many kW, is standing still.
const IDLE_SHARE: f64 = 0.005;
const IDLE: Kw = Kw(0.05);

impl Run<'_> {
    /// Goes on with power: weights, the integral, running time and starts.
    pub(super) fn run_on(&mut self, at: DateTime<Utc>, power: f64) {
        if let Some((from, first)) = self.carry.power.filter(|(from, _)| *from < at) {
            let line = Line { from, to: at, first, last: power };
            let near = at - from <= self.rules.gap_limit(from);
            for base in self.carry.registers.iter_mut().filter(|base| base.track.at < at) {
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
        let by_register =
            self.import_base().is_some() || self.carry.base(Register::Export).is_some();
        let bridged = line.to - line.from <= patience(self.rules.poll_at(line.from));
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

    /// Lines that lie before every energy register's last believed reading tell nothing more.
    pub(super) fn forget_lines(&mut self) {
        let energy = [self.import_base(), self.carry.base(Register::Export)];
        let oldest = energy.into_iter().flatten().map(|base| base.track.at).min();
        match oldest {
            Some(oldest) => {
                let told = self.lines.partition_point(|line| line.to <= oldest);
                self.lines.drain(..told);
            }
            None => self.lines.clear(),
        }
    }
}

pub(super) fn directed((import, export): (f64, f64), register: Register) -> f64 {
    if register == Register::Export { export } else { import }
}

pub(super) fn energy_in(
    lines: &[Line],
    register: Register,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> f64 {
    let parts = lines.iter().filter_map(|line| line.between(from, to));
    parts.map(|part| directed(part.energy(), register)).sum()
}
