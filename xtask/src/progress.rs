//! Progress of a long command: the step, how many there are, since when, and an estimate of the time left.

pub(crate) mod work;

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::process;
use crate::progress::work::Work;
use crate::workspace::Workspace;

/// How often a step says that it goes on: often where the line is written over, seldom in a log.
const TICK: Duration = Duration::from_secs(1);
const TICK_IN_LOG: Duration = Duration::from_secs(30);

/// A step, and how long it takes from nothing on two cores, for who has not run it before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) typical: Duration,
}

/// The steps of a command, told as they go.
pub(crate) struct Progress {
    stages: Vec<Stage>,
    done: usize,
    times: Times,
}

/// The current activity of a step, by actor, and the work left to compile.
#[derive(Clone, Default)]
pub(crate) struct Activity(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    texts: Vec<(&'static str, String)>,
    work: Work,
}

impl Activity {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self, who: &'static str, what: String) {
        let texts = &mut self.state().texts;
        match texts.iter_mut().find(|(name, _)| *name == who) {
            Some(entry) => entry.1 = what,
            None => texts.push((who, what)),
        }
    }

    /// Changes what is known of the work of this step.
    pub(crate) fn work(&self, change: impl FnOnce(&mut Work)) {
        change(&mut self.state().work);
    }

    fn text(&self) -> String {
        let state = self.state();
        let parts: Vec<_> =
            state.texts.iter().map(|(who, what)| format!(", {who}: {what}")).collect();
        parts.concat()
    }

    /// The time left, by what was compiled so far on this machine.
    fn left(&self, took: Duration) -> Option<Duration> {
        self.state().work.left(took)
    }
}

impl Progress {
    pub(crate) fn new(workspace: &Workspace, stages: &[Stage]) -> Self {
        Self { stages: stages.to_vec(), done: 0, times: Times::load(workspace) }
    }

    /// How the next step is headed.
    pub(crate) fn next(&self) -> String {
        format!("[{}/{}] {}", self.done + 1, self.stages.len(), self.stages[self.done].name)
    }

    /// Runs the next step.
    pub(crate) fn step<T>(&mut self, run: impl FnOnce(&Activity) -> Result<T>) -> Result<T> {
        let stage = self.stages[self.done];
        let head = self.next();
        let expected = self.times.of(stage);
        let after: Duration =
            self.stages[self.done + 1..].iter().map(|it| self.times.of(*it)).sum();
        println!("{head}: since {}{}", clock(), left(expected, after));
        let activity = Activity::default();
        let started = Instant::now();
        let left = |took: Duration| {
            let guess = activity.left(took).unwrap_or(expected.saturating_sub(took));
            left(guess, after)
        };
        let result = told(&activity, left, || run(&activity));
        let took = started.elapsed();
        let result = result.with_context(|| format!("step {head}"))?;
        println!("{head}: done in {}", spoken(took));
        self.times.keep(stage, took)?;
        self.done += 1;
        Ok(result)
    }
}

/// Runs something and says meanwhile what it does, since when, and what else there is to say at a time.
pub(crate) fn told<T>(
    activity: &Activity,
    say: impl Fn(Duration) -> String + Send,
    run: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let started = Instant::now();
    let (end, ended) = mpsc::channel::<()>();
    let terminal = io::stdout().is_terminal();
    let tick = if terminal { TICK } else { TICK_IN_LOG };
    thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                let (took, what) = (started.elapsed(), activity.text());
                if what.is_empty() {
                    continue;
                }
                let line = format!("      {}{what}{}", spoken(took), say(took));
                if terminal {
                    print!("\r\x1b[2K{line}");
                    io::stdout().flush().ok();
                } else {
                    println!("{line}");
                }
            }
            if terminal {
                print!("\r\x1b[2K");
            }
        });
        let result = run();
        drop(end);
        result
    })
}

/// About how much longer, this step and those after it.
fn left(step: Duration, after: Duration) -> String {
    match (step.as_secs(), after.as_secs()) {
        (0, 0) => ", nearly done".to_owned(),
        (0, _) => format!(", nearly done, then about {}", spoken(after)),
        (_, 0) => format!(", about {} to go", spoken(step)),
        _ => format!(", about {} to go, then about {}", spoken(step), spoken(after)),
    }
}

/// A duration as people say it.
pub(crate) fn spoken(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// The time of the wall clock; where the system does not tell it, that.
fn clock() -> String {
    let time = process::output(Command::new("date").arg("+%H:%M"));
    time.map_or_else(|_| "now".to_owned(), |time| time.trim().to_owned())
}

/// How long each step took the last time, beside what it made: gone with it, so that what is to be
/// made from nothing is expected to take its typical time.
struct Times {
    file: PathBuf,
    seconds: Map<String, Value>,
}

impl Times {
    fn load(workspace: &Workspace) -> Self {
        let file = workspace.target.join("xtask-times.json");
        let kept = fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Self { file, seconds: kept.unwrap_or_default() }
    }

    fn of(&self, stage: Stage) -> Duration {
        let kept = self.seconds.get(stage.name).and_then(Value::as_f64);
        kept.and_then(|kept| Duration::try_from_secs_f64(kept).ok()).unwrap_or(stage.typical)
    }

    fn keep(&mut self, stage: Stage, took: Duration) -> Result<()> {
        self.seconds.insert(stage.name.to_owned(), took.as_secs_f64().into());
        let text = serde_json::to_string(&self.seconds)?;
        fs::write(&self.file, text).with_context(|| self.file.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said_in_words() {
        let s = Duration::from_secs;
        assert_eq!(left(s(65), s(60)), ", about 1 min 05 s to go, then about 1 min 00 s");
        assert_eq!(left(s(9), s(0)), ", about 9 s to go");
        assert_eq!(left(s(0), s(0)), ", nearly done");
    }

    #[test]
    fn a_step_is_expected_to_take_what_it_took() {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage { name: "compile", typical: Duration::from_mins(5) };
        let file = folder.path().join("times.json");
        let mut times = Times { file: file.clone(), seconds: Map::new() };
        assert_eq!(times.of(stage), stage.typical);
        times.keep(stage, Duration::from_secs(7)).unwrap();
        let seconds = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(Times { file, seconds }.of(stage), Duration::from_secs(7));
    }
}
