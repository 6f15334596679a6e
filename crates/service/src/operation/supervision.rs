//! One watch over every task that runs as long as the program does.
//!
//! A task that panics, or ends though nobody asked it to, is logged with its cause, counted, and begun
//! again after a pause that doubles up to a minute. By its beats a task says that it goes on; one that
//! gives none for longer than it may is late, and nobody has to guess why a figure stands still.

use std::array;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use acquisition::Backoff;
pub(crate) use acquisition::panic_message;
use domain::operation::task::Task;
use futures::FutureExt as _;
use parking_lot::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The pause before a task that fell begins again, and the longest one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// A task that went on for as long as this has recovered: what it falls over later is something else.
const STEADY: Duration = Duration::from_mins(5);

/// A task of which a part fell is said to have stumbled for this long.
const STUMBLED: Duration = Duration::from_mins(1);

/// How a task is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It goes on.
    Running,
    /// A part of what it works on fell a moment ago; the rest goes on.
    Partly,
    /// It gave no sign of going on for longer than it may.
    Late,
    /// It fell and has not come back yet.
    Down,
}

/// What is known of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which.
    pub task: Task,
    /// How it is doing.
    pub condition: Condition,
    /// How often it was begun again.
    pub restarts: u64,
    /// How long ago it gave a sign of going on.
    pub beat_age: Duration,
    /// Why it fell last, since the program started.
    pub cause: Option<String>,
}

impl Report {
    /// How it is doing, in a word.
    pub const fn word(&self) -> &'static str {
        match self.condition {
            Condition::Running => "running",
            Condition::Partly => "partly down",
            Condition::Late => "late",
            Condition::Down => "down",
        }
    }
}

/// Knows of every task that was given to it how it is doing; cheap to clone.
#[derive(Clone)]
pub struct Supervision(Arc<[Mutex<Option<Post>>; Task::ALL.len()]>);

#[derive(Clone)]
struct Post {
    beat: Instant,
    restarts: u64,
    is_down: bool,
    /// When a part of its work fell.
    stumbled: Option<Instant>,
    cause: Option<String>,
}

/// With this a task says that it goes on.
#[derive(Clone)]
pub struct Pulse {
    supervision: Supervision,
    task: Task,
    is_again: bool,
}

impl Default for Supervision {
    fn default() -> Self {
        Self(Arc::new(array::from_fn(|_| Mutex::new(None))))
    }
}

impl Supervision {
    /// Runs a task until the stop signal, and begins it again whenever it falls.
    pub async fn keep<F: Future<Output = ()>>(
        self,
        task: Task,
        stop: CancellationToken,
        run: impl Fn(Pulse) -> F,
    ) {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let mut pulse = self.pulse(task);
        pulse.supervision.begin(task);
        loop {
            let begun = Instant::now();
            let ended = AssertUnwindSafe(run(pulse.clone())).catch_unwind().await;
            if ended.is_ok() && stop.is_cancelled() {
                return;
            }
            if begun.elapsed() >= STEADY {
                backoff.succeed();
            }
            let pause = backoff.fail();
            let cause = ended.map_or_else(
                |panic| panic_message(panic.as_ref()),
                |()| "it ended though nobody asked it to".to_owned(),
            );
            tracing::error!(
                "the task `{}` fell and begins again in {:.1} s: {cause}",
                task.as_str(),
                pause.as_secs_f64()
            );
            pulse.supervision.fell(task, cause);
            pulse.is_again = true;
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    /// With which a task says that it goes on; nobody hears of one that is not kept.
    pub fn pulse(&self, task: Task) -> Pulse {
        Pulse { supervision: self.clone(), task, is_again: false }
    }

    /// How every task is doing, the most needed first.
    pub fn reports(&self) -> Vec<Report> {
        Task::ALL.into_iter().filter_map(|task| self.report(task)).collect()
    }

    /// The tasks that are down or late, the most needed first.
    pub fn behind(&self) -> Vec<Report> {
        let mut reports = self.reports();
        reports.retain(|report| report.condition != Condition::Running);
        reports
    }

    /// Whether a task fell and has not come back yet.
    pub fn is_down(&self, task: Task) -> bool {
        self.post(task).lock().as_ref().is_some_and(|post| post.is_down)
    }

    fn report(&self, task: Task) -> Option<Report> {
        let (post, now) = (self.post(task).lock().clone()?, Instant::now());
        Some(Report {
            task,
            condition: post.condition(task, now),
            restarts: post.restarts,
            beat_age: now - post.beat,
            cause: post.cause,
        })
    }

    fn post(&self, task: Task) -> &Mutex<Option<Post>> {
        &self.0[task as usize]
    }

    fn begin(&self, task: Task) {
        let beat = Instant::now();
        let post = Post { beat, restarts: 0, is_down: false, stumbled: None, cause: None };
        *self.post(task).lock() = Some(post);
    }

    /// Notes that a part of what a task works on fell, and is begun again by the task itself.
    pub fn stumbled(&self, task: Task, cause: String) {
        if let Some(post) = self.post(task).lock().as_mut() {
            post.restarts += 1;
            post.stumbled = Some(Instant::now());
            post.cause = Some(cause);
        }
    }

    fn fell(&self, task: Task, cause: String) {
        if let Some(post) = self.post(task).lock().as_mut() {
            post.restarts += 1;
            post.is_down = true;
            post.cause = Some(cause);
        }
    }
}

impl Post {
    fn condition(&self, task: Task, now: Instant) -> Condition {
        if self.is_down {
            Condition::Down
        } else if now - self.beat > patience(task) {
            Condition::Late
        } else if self.stumbled.is_some_and(|at| now - at < STUMBLED) {
            Condition::Partly
        } else {
            Condition::Running
        }
    }
}

impl Pulse {
    /// Says that the task goes on.
    pub fn beat(&self) {
        if let Some(post) = self.supervision.post(self.task).lock().as_mut() {
            post.beat = Instant::now();
            post.is_down = false;
        }
    }

    /// Whether the task fell before, and what it keeps may be half done.
    pub const fn is_again(&self) -> bool {
        self.is_again
    }
}

/// How long a task may give no sign of going on. What works through much at once does so after each
/// part; what looks after something once an hour is given a look more than that.
const fn patience(task: Task) -> Duration {
    match task {
        Task::Postgres | Task::Writer | Task::Live => Duration::from_secs(30),
        Task::Rollup | Task::Today | Task::Drivers => Duration::from_mins(5),
        Task::Retention => Duration::from_hours(3),
        _ => Duration::from_mins(15),
    }
}

#[cfg(test)]
mod tests;
