//! The trail of a meter: its recent register positions, and its position at each quarter-hour.
//!
//! A trail answers how much energy passed in a window of the last two days without asking the
//! database. It takes samples in order of time; a late one is refused, and its owner reloads the
//! trail.

mod early;
mod known;
mod samples;
mod seldom;

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeSet, VecDeque};

use crate::energy::interval::Judge;
use crate::energy::{Energy, QUARTER, floor, staleness};
use crate::meters::{ImportRegister, Meter};
use crate::{Kwh, Quality, Values};

/// How far back single samples are kept: two balance windows and a little.
pub const RECENT: TimeDelta = TimeDelta::minutes(36);
/// How far back quarter-hours are kept: today and yesterday, on days of 25 hours too.
pub const QUARTERS: TimeDelta = TimeDelta::hours(51);

/// Live windows end on multiples of this, so that they move with the readings and not with the clock. What a trail answers
/// about such instants is exact; between two of them it keeps two samples of a meter that is read more often.
pub const GRAIN: TimeDelta = TimeDelta::seconds(5);

/// What a trail needs of a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistorySample {
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Total register, kWh.
    pub total_kwh: Option<f64>,
    /// Import register, kWh.
    pub import_kwh: Option<f64>,
    /// Export register, kWh.
    pub export_kwh: Option<f64>,
    /// Active power, kW; none where it is not certain when it was that.
    pub power_kw: Option<f64>,
    /// Running hours counter.
    pub runtime_hours: Option<f64>,
    /// Whether it was computed from other meters.
    pub is_computed: bool,
}

impl HistorySample {
    /// The sample in a reading's values.
    pub fn of(at: DateTime<Utc>, quality: Quality, values: &Values) -> Self {
        Self {
            at,
            total_kwh: values.total_energy_kwh,
            import_kwh: values.energy_import_kwh,
            export_kwh: values.energy_export_kwh,
            power_kw: values.active_power_kw.filter(|_| quality.is_dated()),
            runtime_hours: values.runtime_hours,
            is_computed: quality == Quality::Derived,
        }
    }
}

/// Where a meter's registers stood at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    at: DateTime<Utc>,
    import: f64,
    export: f64,
    runtime: f64,
    /// Registers of one run can be subtracted; a reset begins a new one.
    run: u32,
    /// Energy that is uncertain because the instant lies in a gap.
    uncertain: f64,
}

impl Mark {
    /// The position between two marks of one run. In a silence longer than `limit` the share of its
    /// energy on either side is a guess, and the larger share is how wrong it may be.
    fn between(a: &Self, b: &Self, at: DateTime<Utc>, limit: TimeDelta) -> Option<Self> {
        if a.run != b.run {
            return None;
        }
        let whole = b.at - a.at;
        let share = (at - a.at).as_seconds_f64() / whole.as_seconds_f64();
        let mix = |from: f64, to: f64| from + (to - from) * share;
        let energy = (b.import - a.import) + (b.export - a.export);
        let is_guess = whole > limit && share > 0.0 && share < 1.0;
        Some(Self {
            at,
            import: mix(a.import, b.import),
            export: mix(a.export, b.export),
            runtime: mix(a.runtime, b.runtime),
            run: a.run,
            uncertain: if is_guess { energy * share.max(1.0 - share) } else { 0.0 },
        })
    }
}

/// A sample that is older than the newest one: the trail must be loaded again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late;

/// The recent past of one meter.
#[derive(Debug, Clone)]
pub struct RegisterHistory {
    register: Option<ImportRegister>,
    judge: Judge,
    /// Energy since it was first read, import and export, kWh.
    counted: (f64, f64),
    /// Whether a step that is not known here lies before the next mark.
    breaks: bool,
    /// When it was read last, believed or not.
    read_at: Option<DateTime<Utc>>,
    leaves_out_power: bool,
    /// Power at the last mark, kW, of a meter without a register.
    power: Option<f64>,
    /// Whether the last mark is of a rise that waits for a later reading.
    waits: bool,
    /// When its export was read last, of one that ever rose.
    export_read: Option<DateTime<Utc>>,
    step_kwh: f64,
    poll: TimeDelta,
    recent: VecDeque<Mark>,
    quarters: VecDeque<Mark>,
    gaps: VecDeque<(DateTime<Utc>, DateTime<Utc>)>,
    first: Option<DateTime<Utc>>,
    anew: BTreeSet<DateTime<Utc>>,
}

impl RegisterHistory {
    /// An empty trail of `meter`, read every `poll`.
    pub fn new(meter: &Meter, poll: TimeDelta) -> Self {
        Self {
            register: meter.import_register,
            judge: Judge::new(meter, poll),
            counted: (0.0, 0.0),
            breaks: false,
            read_at: None,
            waits: false,
            leaves_out_power: false,
            power: None,
            export_read: None,
            step_kwh: meter.register_step_kwh.unwrap_or(0.0),
            poll,
            recent: VecDeque::new(),
            quarters: VecDeque::new(),
            gaps: VecDeque::new(),
            first: None,
            anew: BTreeSet::new(),
        }
    }

    /// With the samples at which the registers begin anew: what they did since the one before is not known.
    #[must_use]
    pub fn with_anew(self, anew: BTreeSet<DateTime<Utc>>) -> Self {
        Self { anew, ..self }
    }

    /// The instant of the newest sample.
    pub fn last_at(&self) -> Option<DateTime<Utc>> {
        self.recent.back().map(|mark| mark.at)
    }

    /// The instant of the sample before the newest one.
    pub(crate) fn read_before(&self) -> Option<DateTime<Utc>> {
        self.recent.iter().nth_back(1).map(|mark| mark.at)
    }

    /// Silence longer than this is a gap.
    pub fn gap_limit(&self) -> TimeDelta {
        staleness::gap_limit(self.poll)
    }

    /// Adds the next sample. One without any value that moves energy changes nothing.
    ///
    /// # Errors
    /// [`Late`] when it is not newer than the newest.
    pub fn push(&mut self, sample: &HistorySample) -> Result<(), Late> {
        if self.read_at.is_some_and(|last| sample.at <= last) {
            return Err(Late);
        }
        self.read_at = Some(sample.at);
        self.judge.note(sample.is_computed);
        self.forget_what_waited();
        self.meet_register(sample);
        let power_kw = sample.power_kw.filter(|kw| self.judge.power(sample.at, *kw));
        let believed = HistorySample { power_kw, ..*sample };
        if let Some(mark) = self.mark(&believed) {
            self.put(mark);
        }
        self.leaves_out_power = power_kw.is_none() && sample.power_kw.is_some();
        Ok(())
    }

    /// Whether the power of the newest sample is not believed, or not yet.
    pub fn leaves_out_power(&self) -> bool {
        self.leaves_out_power
    }

    fn put(&mut self, mark: Mark) {
        if let Some(last) = self.recent.back().copied() {
            self.note_quarters(&last, &mark);
            if mark.at - last.at > self.gap_limit() {
                self.gaps.push_back((last.at, mark.at));
            }
        } else if is_quarter(mark.at) {
            self.quarters.push_back(mark);
        }
        self.first.get_or_insert(mark.at);
        self.recent.push_back(mark);
        self.thin();
        self.forget(mark.at);
    }

    /// Of the samples of one run between two instants of the grain the first and the last are kept, and the two newest
    /// of all: a meter that is read once a second would take 100 kB.
    fn thin(&mut self) {
        let Some(middle) = self.recent.len().checked_sub(3) else { return };
        let Some(before) = middle.checked_sub(1) else { return };
        let [first, last] = [before, middle + 1].map(|place| self.recent[place]);
        let is_one = floor(first.at, GRAIN).is_some_and(|from| last.at - from < GRAIN);
        if is_one && first.run == last.run {
            self.recent.remove(middle);
        }
    }

    /// A mark of a rise that waits for a later reading stands until that one comes.
    fn forget_what_waited(&mut self) {
        if !std::mem::take(&mut self.waits) {
            return;
        }
        let Some(waited) = self.recent.pop_back() else { return };
        let before = self.recent.back().map_or(waited.at, |mark| mark.at);
        self.quarters.retain(|mark| mark.at <= before);
        self.gaps.retain(|gap| gap.1 <= before);
    }

    /// A register may come later than power does. Where it stands then is where it begins: nothing of it passed
    /// since the sample before.
    fn meet_register(&mut self, sample: &HistorySample) {
        if self.register.is_none() {
            let import = sample.import_kwh.map(|_| ImportRegister::Import);
            self.register = import.or(sample.total_kwh.map(|_| ImportRegister::Total));
            if self.register.is_some() {
                self.recent.clear();
                self.quarters.clear();
                self.gaps.clear();
                self.first = None;
            }
        }
    }

    fn counts_both_ways(&self) -> bool {
        self.judge.is_net() && self.register == Some(ImportRegister::Total)
    }

    /// Without a register energy is the integral of power, by trapezoids split where power changes
    /// its sign, and never across a gap.
    fn integrate(&mut self, sample: &HistorySample, last: Option<&Mark>) -> Option<Mark> {
        let power = sample.power_kw?;
        let before = self.power.replace(power);
        let blank = self.mark_of(sample.at, sample.runtime_hours);
        let mark = |import, export, run| Mark { import, export, run, ..blank };
        let Some(last) = last else { return Some(mark(0.0, 0.0, 0)) };
        let elapsed = sample.at - last.at;
        let Some(before) = before.filter(|_| elapsed <= staleness::patience(self.poll)) else {
            return Some(mark(last.import, last.export, last.run + 1));
        };
        let hours = elapsed.as_seconds_f64() / 3600.0;
        let (import, export) = trapezoid(before, power, hours);
        Some(mark(last.import + import, last.export + export, last.run))
    }

    fn note_quarters(&mut self, last: &Mark, mark: &Mark) {
        let Some(mut boundary) = floor(last.at, QUARTER) else { return };
        boundary += QUARTER;
        let oldest = mark.at - QUARTERS;
        while boundary <= mark.at {
            let at = if boundary == mark.at {
                Some(*mark)
            } else {
                Mark::between(last, mark, boundary, staleness::lag_limit(self.poll))
            };
            self.quarters.extend(at.filter(|_| boundary >= oldest));
            boundary += QUARTER;
        }
    }

    fn forget(&mut self, now: DateTime<Utc>) {
        while self.recent.len() > 2 && self.recent[1].at < now - RECENT {
            self.recent.pop_front();
        }
        while self.quarters.front().is_some_and(|mark| mark.at < now - QUARTERS) {
            self.quarters.pop_front();
        }
        while self.gaps.front().is_some_and(|gap| gap.1 < now - QUARTERS) {
            self.gaps.pop_front();
        }
    }

    fn mark_at(&self, at: DateTime<Utc>) -> Option<Mark> {
        if let Ok(i) = self.quarters.binary_search_by_key(&at, |mark| mark.at) {
            return self.quarters.get(i).copied();
        }
        let after = self.recent.partition_point(|mark| mark.at < at);
        let right = self.recent.get(after)?;
        if right.at == at {
            return Some(Mark { uncertain: 0.0, ..*right });
        }
        let left = self.recent.get(after.checked_sub(1)?)?;
        Mark::between(left, right, at, staleness::lag_limit(self.poll))
    }

    /// Energy between two instants that the trail has passed; none where an end is not known, or
    /// where a register fell in between.
    pub fn energy(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Energy> {
        let (a, b) = (self.mark_at(from)?, self.mark_at(to)?);
        (a.run == b.run).then(|| Energy {
            import: Kwh(b.import - a.import),
            export: Kwh(b.export - a.export),
            uncertain: Kwh(a.uncertain + b.uncertain),
            coverage: self.coverage(from, to),
        })
    }

    /// Running hours between two instants; none where an end is not known.
    pub fn runtime_hours(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<f64> {
        let (a, b) = (self.mark_at(from)?, self.mark_at(to)?);
        (b.runtime >= a.runtime).then_some(b.runtime - a.runtime)
    }

    /// Share of a window backed by readings, 0 to 1.
    pub fn coverage(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
        let (Some(first), true) = (self.first, to > from) else { return 0.0 };
        let overlap = |a: DateTime<Utc>, b: DateTime<Utc>| {
            (b.min(to) - a.max(from)).as_seconds_f64().max(0.0)
        };
        let missing: f64 = self.gaps.iter().map(|&(a, b)| overlap(a, b)).sum::<f64>()
            + if first > from { overlap(from, first) } else { 0.0 };
        (1.0 - missing / (to - from).as_seconds_f64()).clamp(0.0, 1.0)
    }

    /// The gaps that reach into a window, as far as they lie in it.
    pub fn gaps(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        self.gaps.iter().map(move |&(a, b)| (a.max(from), b.min(to))).filter(|(a, b)| a < b)
    }

    /// Whether a quarter-hour lies in a gap: its energy is real, its place an estimate.
    pub fn is_estimated(&self, start: DateTime<Utc>) -> bool {
        self.gaps.iter().any(|&(a, b)| a < start + QUARTER && b > start)
    }
}

/// Energy of a straight line of power over `hours`: what is above zero and what is below.
fn trapezoid(from: f64, to: f64, hours: f64) -> (f64, f64) {
    if from >= 0.0 && to >= 0.0 {
        return (f64::midpoint(from, to) * hours, 0.0);
    }
    if from <= 0.0 && to <= 0.0 {
        return (0.0, -f64::midpoint(from, to) * hours);
    }
    let crossing = from / (from - to);
    let first = from / 2.0 * crossing * hours;
    let second = to / 2.0 * (1.0 - crossing) * hours;
    if from > 0.0 { (first, -second) } else { (second, -first) }
}

fn is_quarter(at: DateTime<Utc>) -> bool {
    floor(at, QUARTER) == Some(at)
}

#[cfg(test)]
mod tests;
