//! A program that ends with all that it started, also when somebody presses Ctrl-C.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// A program that was asked to end is killed after this time.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(50);

/// Ends the program that runs when this process is asked to end, and lives on to tidy up.
#[derive(Clone, Default)]
pub(super) struct Guard {
    is_told: Arc<AtomicBool>,
    /// The process group of the program; 0 while none runs.
    group: Arc<AtomicI32>,
}

impl Guard {
    /// Takes over Ctrl-C and the signals that ask a process to end.
    pub(super) fn set() -> Result<Self> {
        let guard = Self::default();
        let heard = guard.clone();
        ctrlc::set_handler(move || {
            heard.is_told.store(true, Ordering::SeqCst);
            signal(heard.group.load(Ordering::SeqCst), Some(Signal::SIGTERM));
        })?;
        Ok(guard)
    }

    /// Whether this process was asked to end.
    pub(super) fn is_told(&self) -> bool {
        self.is_told.load(Ordering::SeqCst)
    }

    /// Runs a program and hands on each line of its output; its errors go into ours.
    pub(super) fn run(&self, command: &mut Command, mut hear: impl FnMut(&str)) -> Result<()> {
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let group = i32::try_from(child.id())?;
        self.group.store(group, Ordering::SeqCst);
        if self.is_told() {
            signal(group, Some(Signal::SIGTERM));
        }
        let output = BufReader::new(child.stdout.take().context("no standard output")?);
        for line in output.lines().map_while(Result::ok) {
            hear(&line);
        }
        let status = child.wait()?;
        self.group.store(0, Ordering::SeqCst);
        end(group);
        if !status.success() {
            bail!("{status}");
        }
        Ok(())
    }
}

/// Sends a signal to a group, or none, and says whether the group is there.
fn signal(group: i32, signal: Option<Signal>) -> bool {
    // Group 0 would be our own.
    group > 0 && killpg(Pid::from_raw(group), signal).is_ok()
}

/// Ends the processes that a program left behind.
fn end(group: i32) {
    let since = Instant::now();
    signal(group, Some(Signal::SIGTERM));
    while since.elapsed() < PATIENCE && signal(group, None) {
        thread::sleep(LOOK);
    }
    signal(group, Some(Signal::SIGKILL));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_a_program_leaves_behind_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let (mut heard, mut shell) = (Vec::new(), Command::new("sh"));
        let left = "(trap ': >ended; exit' TERM; : >begun; while :; do sleep 0.1; done)";
        let line =
            format!("{left} >/dev/null & until [ -e begun ]; do sleep 0.05; done; echo a row");
        shell.args(["-c", &line]).current_dir(folder.path());
        Guard::default().run(&mut shell, |line| heard.push(line.to_owned())).unwrap();
        assert_eq!(heard, ["a row"]);
        assert!(folder.path().join("ended").exists());
        assert!(Guard::default().run(&mut Command::new("false"), |_| {}).is_err());
    }
}
