//! What a meter's readings show about its registers, where nobody stated it: which one holds the import, and
//! how finely it counts.
//!
//! Both are what the readings show that are stored now, in whichever order they came: the first that holds
//! import energy tells the register, the smallest rise between two that follow each other the step. Where the
//! reading that told it has gone or become another, it is forgotten and learned anew.

use chrono::{DateTime, Utc};
use domain::energy::QUARTER;
use domain::meters::ImportRegister;
use sqlx::PgConnection;
use storage::energy::registers::{Judged, Learned};

use super::claims::Run;
use super::load::Computed;
use crate::Error;
use crate::recount::Subject;

/// Learns from a batch, and queues what was judged by what was thought before. Whether anything was.
pub(super) async fn learn(
    connection: &mut PgConnection,
    batch: &[(&Run, &Subject, Computed)],
) -> Result<bool, Error> {
    let (mut learned, mut judged) = (Vec::new(), Vec::new());
    for (run, subject, computed) in batch {
        let shown = ObservedRegister::of(run, computed);
        let (before, after) = (subject.learned, shown.learned(subject));
        if after == before {
            continue;
        }
        learned.push((run.meter(), after));
        let meter = run.meter();
        judged.extend(busy_kwh(subject, &after).map(|busy_kwh| Judged { meter, busy_kwh }));
    }
    if !learned.is_empty() {
        storage::energy::registers::learn(connection, &learned).await?;
    }
    if !judged.is_empty() {
        storage::energy::registers::queue_judged(connection, &judged).await?;
    }
    Ok(!judged.is_empty())
}

/// What the readings of a run show, and the time in which it would have seen any other.
struct ObservedRegister<'a> {
    computed: &'a Computed,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl<'a> ObservedRegister<'a> {
    fn of(run: &Run, computed: &'a Computed) -> Self {
        let stretch = &computed.stretch;
        let (from, to) = (stretch.start.min(run.span.from), stretch.end.max(run.span.to));
        Self { computed, from, to }
    }

    /// Whether it would have seen a reading of this time.
    fn holds(&self, at: Option<DateTime<Utc>>) -> bool {
        at.is_some_and(|at| (self.from..self.to).contains(&at))
    }

    fn learned(&self, subject: &Subject) -> Learned {
        let known = subject.learned;
        let (import_register, register_at) = self.register(subject).unzip();
        let rules = subject.rules.register;
        let is_other = rules.is_some() && counted(subject, import_register) != rules;
        // The rises of the one say nothing of the other.
        let (step_kwh, step_at) = if is_other { (None, None) } else { self.step(known) };
        Learned { import_register, register_at: register_at.flatten(), step_kwh, step_at }
    }

    fn register(&self, subject: &Subject) -> Option<(ImportRegister, Option<DateTime<Utc>>)> {
        let known = subject.learned;
        let first = self.computed.folded.first.map(|(at, register)| (register, Some(at)));
        let Some(register) = known.import_register else { return first };
        let is_kept = known.register_at.is_none_or(|at| subject.is_dropped(at));
        let is_earlier = first.is_some_and(|(_, at)| at <= known.register_at);
        match (is_kept, is_earlier, self.holds(known.register_at)) {
            (false, true, _) => first,
            (false, false, true) => None,
            _ => Some((register, known.register_at)),
        }
    }

    fn step(&self, known: Learned) -> (Option<f64>, Option<DateTime<Utc>>) {
        let rise = self.computed.folded.smallest_rise;
        let is_finer = rise.is_some_and(|rise| known.step_kwh.is_none_or(|step| rise.kwh < step));
        let is_the_same = rise.is_some_and(|rise| known.step_kwh == Some(rise.kwh));
        let told = rise.map(|rise| (rise.kwh, rise.at)).unzip();
        if is_finer || (is_the_same && (known.step_at.is_none() || self.holds(known.step_at))) {
            told
        } else if self.holds(known.step_at) {
            (None, None)
        } else {
            (known.step_kwh, known.step_at)
        }
    }
}

/// The register that import is taken from: as stated, else as learned.
fn counted(subject: &Subject, learned: Option<ImportRegister>) -> Option<ImportRegister> {
    subject.stated_register.or(learned)
}

/// From which energy on a quarter-hour was judged by what is no longer thought, kWh; none where nothing was.
///
/// By how much a register may rise within its rated power rests on the step, too. A rise that used that has
/// half of what may flow in a quarter-hour in one of them.
fn busy_kwh(subject: &Subject, after: &Learned) -> Option<f64> {
    const BUSY_SHARE: f64 = 0.5;
    let before = subject.learned;
    let is_other_register = before.import_register.is_some()
        && counted(subject, before.import_register) != counted(subject, after.import_register);
    let is_other_step = !subject.step_is_stated && before.step_kwh != after.step_kwh;
    if is_other_register || (is_other_step && after.step_kwh.is_none()) {
        return Some(f64::NEG_INFINITY);
    }
    let rated = subject.rules.rated.map_or(f64::INFINITY, |rated| rated.0);
    is_other_step.then_some(BUSY_SHARE * rated * QUARTER.as_seconds_f64() / 3600.0)
}
