//! Sets right what was dated by a clock that was set back.
//!
//! Meters that say no time are dated by the computer's clock. Where that leaps ahead and is set back by as much,
//! what came meanwhile lies in the future: it would be taken for a step of the register when that time comes. Where
//! it is set back otherwise it shows times for the second time, and two clocks would tell of one time in turn.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::operation::leap::{Leap, SetBack, Watch};
use domain::{Reading, Source};
use parking_lot::{Mutex, MutexGuard};
use sqlx::PgPool;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::boot;
use super::note::{self, Note};
use crate::instants::AHEAD;
use crate::operation::supervision::Pulse;
use crate::{Core, Error};

/// How often the clock is looked at, and how late a leap of it is seen at most.
const LOOK: Duration = Duration::from_millis(250);
const SEEN_WITHIN: TimeDelta = TimeDelta::seconds(1);
/// How often, and for how long, it is looked for what a wrong clock dated: some of it is still on its way.
const SEEK: Duration = Duration::from_secs(5);
const SOUGHT_FOR: Duration = Duration::from_mins(10);
/// What was told in a longer time is not set aside: then it is the clock of now that is wrong.
const SHORT: TimeDelta = TimeDelta::hours(2);

/// What is known of the computer's clock; all who look at it see the same.
#[derive(Debug)]
pub(crate) struct Computer(Mutex<Seen>);

#[derive(Debug)]
struct Seen {
    watch: Watch,
    /// What is to be done about leaps, until it is taken up.
    todo: Vec<Todo>,
    /// What the clock dated before it was set back.
    wrong: Vec<Wrong>,
}

/// Times of a clock that was set back since: later than one instant and no later than another.
#[derive(Debug, Clone, Copy)]
struct Wrong {
    after: DateTime<Utc>,
    until: DateTime<Utc>,
    by: TimeDelta,
    seen: Instant,
}

/// What is to be done after the clock was set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Todo {
    /// What is later than one instant and no later than another is dated earlier by a time.
    Redate(DateTime<Utc>, DateTime<Utc>, TimeDelta),
    /// What is later than one instant and no later than another is set aside.
    SetAside(DateTime<Utc>, DateTime<Utc>),
}

impl Todo {
    /// What follows from a leap that was seen at an instant, by the clock after it.
    pub fn after(leap: SetBack, now: DateTime<Utc>) -> Option<Self> {
        match leap {
            // All that it dated lies in the future: nothing that is dated rightly lies among it.
            SetBack::FromAhead { by, lasted } if lasted + AHEAD < by => {
                let first = now + by - lasted - SEEN_WITHIN;
                Some(Self::Redate(first, now + by + SEEN_WITHIN, by))
            }
            SetBack::FromAhead { by, .. } | SetBack::By(by) => {
                (by <= SHORT).then_some(Self::SetAside(now - SEEN_WITHIN, now + by))
            }
        }
    }
}

impl Todo {
    /// Whether nothing that is dated rightly can lie among it yet, by the clock of now.
    fn holds(self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Redate(after, ..) => now + AHEAD < after + SEEN_WITHIN,
            Self::SetAside(..) => true,
        }
    }
}

impl Computer {
    /// Goes on from what an earlier process saw since the machine was started.
    pub(crate) async fn open(pool: &PgPool) -> Result<Self, Error> {
        let left = note::left(pool).await?;
        let anew = || Watch::new(Utc::now() - boot::passed());
        let watch = left.map_or_else(anew, Watch::resumed);
        Ok(Self(Mutex::new(Seen { watch, todo: Vec::new(), wrong: Vec::new() })))
    }

    /// Whether it leapt ahead and nobody knows yet whether it is right.
    pub(crate) fn is_ahead(&self) -> bool {
        self.look().watch.leap().is_some()
    }

    fn look(&self) -> MutexGuard<'_, Seen> {
        let mut seen = self.0.lock();
        seen.look(boot::passed(), Utc::now());
        seen
    }

    /// When a device's reading was taken that lies in the future because it waited while the clock was set back; the time
    /// that it says where it did not.
    pub(crate) fn rightly(&self, reading: &Reading) -> DateTime<Utc> {
        let is_of_device = matches!(reading.source, Source::Modbus | Source::Mqtt | Source::Http);
        if !is_of_device || reading.at <= Utc::now() + AHEAD {
            return reading.at;
        }
        let seen = self.look();
        let waited = seen.wrong.iter().rfind(|of| of.after < reading.at && reading.at <= of.until);
        waited.map_or(reading.at, |wrong| reading.at - wrong.by)
    }

    /// What is to be done, once, and the leap that is not known to be over.
    fn next(&self) -> (Vec<Todo>, Option<Leap>) {
        let mut seen = self.look();
        (std::mem::take(&mut seen.todo), seen.watch.leap())
    }
}

impl Seen {
    fn look(&mut self, passed: TimeDelta, now: DateTime<Utc>) {
        self.wrong.retain(|wrong| wrong.seen.elapsed() < SOUGHT_FOR);
        let Some(leap) = self.watch.look(passed, now) else { return };
        let (by, after, what) = match leap {
            SetBack::FromAhead { by, lasted } => {
                (by, now + by - lasted - SEEN_WITHIN, "was ahead and is set right")
            }
            SetBack::By(by) => (by, now, "was set back"),
        };
        tracing::warn!("the clock {what} by {:.1} s", by.as_seconds_f64());
        let todo = Todo::after(leap, now);
        if todo.is_none() {
            tracing::warn!("what it dated before stays: leave it out with corrections");
        }
        self.todo.extend(todo);
        let until = now + by + SEEN_WITHIN;
        self.wrong.push(Wrong { after, until, by, seen: Instant::now() });
    }
}

/// Work under way.
#[derive(Debug, Clone, Copy)]
struct Job {
    todo: Todo,
    /// When it was done for the first time.
    done: Option<Instant>,
    next: Instant,
}

impl Job {
    fn is_redating(&self) -> bool {
        matches!(self.todo, Todo::Redate(..))
    }

    /// Whether there is something left to do. What is set aside once gives way to what comes at the same times.
    fn is_open(&self) -> bool {
        let is_sought = || self.is_redating() && self.todo.holds(Utc::now());
        self.done.is_none_or(|done| is_sought() && done.elapsed() < SOUGHT_FOR)
    }
}

/// Runs until the stop signal. The clock is looked at while a database that stands still holds up the work.
pub(crate) async fn run(
    core: Core,
    computer: Arc<Computer>,
    stop: CancellationToken,
    pulse: Pulse,
) {
    let looks = async {
        while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            drop(computer.look());
        }
    };
    tokio::join!(looks, work(&core, &computer, &stop, &pulse));
}

async fn work(core: &Core, computer: &Computer, stop: &CancellationToken, pulse: &Pulse) {
    let mut jobs: Vec<Job> = Vec::new();
    let mut note = Note::default();
    while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        let now = Instant::now();
        let (todo, leap) = computer.next();
        jobs.extend(todo.into_iter().map(|todo| Job { todo, done: None, next: now }));
        let mut is_well = note.keep(core.pool(), leap, jobs.iter().any(Job::is_redating)).await;
        for job in jobs.iter_mut().filter(|job| job.next <= now) {
            is_well &= go_on(core, job).await;
        }
        jobs.retain(Job::is_open);
        if is_well {
            pulse.beat();
        }
    }
}

/// Whether it could be done.
async fn go_on(service: &Core, job: &mut Job) -> bool {
    job.next = Instant::now() + SEEK;
    if !job.todo.holds(Utc::now()) {
        tracing::warn!("what the clock dated too late has become the present and stays there");
        job.done = Some(Instant::now());
        return true;
    }
    match right(service, job.todo).await {
        Ok(count) => {
            job.done.get_or_insert_with(Instant::now);
            tell(job.todo, count);
            true
        }
        Err(error) => {
            let cause = error.cause();
            tracing::warn!("what a wrong clock dated is not set right yet: {cause}");
            false
        }
    }
}

fn tell(todo: Todo, count: u64) {
    match todo {
        _ if count == 0 => {}
        Todo::Redate(..) => {
            tracing::info!("{count} readings that the clock dated too late are dated anew");
        }
        Todo::SetAside(..) => tracing::info!(
            "{count} readings of times that the clock shows for the second time are kept beside the others"
        ),
    }
}

/// Does it for the meters of real sites; answers how many readings these were.
///
/// # Errors
/// The database fails; then nothing is changed.
pub async fn right(service: &Core, todo: Todo) -> Result<u64, Error> {
    let (pool, meters) = (service.pool(), service.registry().known().real_meters());
    let count = match todo {
        Todo::Redate(after, until, by) => {
            storage::readings::redate(pool, &meters, after, until, by).await?
        }
        Todo::SetAside(after, until) => {
            storage::readings::set_aside(pool, &meters, after, until).await?
        }
    };
    Ok(count)
}

#[cfg(test)]
mod tests {
    use domain::{MeterId, Quality, Values};

    use super::*;

    #[test]
    fn what_a_clock_dated_is_sought_until_its_time_comes_near() {
        let now = Utc::now();
        let leap = SetBack::FromAhead { by: TimeDelta::minutes(6), lasted: TimeDelta::seconds(6) };
        let todo = Todo::after(leap, now).unwrap();
        let holds = |seconds| todo.holds(now + TimeDelta::seconds(seconds));
        // Devices may be ahead by five minutes, and be right.
        assert!(holds(0) && holds(53) && !holds(54) && !holds(360));
    }

    #[test]
    fn what_was_on_its_way_while_the_clock_was_set_right_is_of_when_it_came() {
        let (now, day) = (Utc::now(), TimeDelta::days(1));
        let (after, until) = (now + day - SEEN_WITHIN * 10, now + day + SEEN_WITHIN);
        let wrong = Wrong { after, until, by: day, seen: Instant::now() };
        let watch = Watch::new(now - boot::passed());
        let computer = Computer(Mutex::new(Seen { watch, todo: Vec::new(), wrong: vec![wrong] }));
        let dated = |source: Source, at: DateTime<Utc>| {
            let values = Values { active_power_kw: Some(1.0), ..Values::default() };
            let quality = Quality::Good;
            computer.rightly(&Reading { meter: MeterId(1), at, quality, source, values }) - now
        };
        let second = TimeDelta::seconds(1);
        assert_eq!(dated(Source::Mqtt, now + day - second), -second);
        assert_eq!(dated(Source::Modbus, now + day - second), -second);
        // What says its own time is as wrong as it was, and so is what lies before or beyond what it dated.
        assert_eq!(dated(Source::Api, now + day - second), day - second);
        assert_eq!(dated(Source::Mqtt, now + day * 2), day * 2);
        assert_eq!(dated(Source::Mqtt, now + day / 2), day / 2);
        assert_eq!(dated(Source::Mqtt, now - second), -second);
    }
}
