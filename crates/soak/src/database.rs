//! The program's private Postgres, as far as faults strike it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Its first process, found by the lock beside its socket.
pub(crate) fn first_process(url: &str) -> Result<Pid> {
    let folder = url.split("host=").nth(1).context("no private database")?.replace("%2F", "/");
    let lock = fs::read_to_string(Path::new(&folder).join(".s.PGSQL.5432.lock"))?;
    Ok(Pid::from_raw(lock.lines().next().context("an empty lock")?.trim().parse()?))
}

/// Sends a signal to all its processes.
pub(crate) fn signal_all(url: &str, signal: Signal) -> Result<()> {
    let first = first_process(url)?;
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // Behind the name, which may hold blanks: the state, then the parent.
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1));
        if parent.and_then(|parent| parent.parse().ok()) == Some(first.as_raw()) {
            // One that has ended meanwhile needs none.
            kill(Pid::from_raw(pid), signal).ok();
        }
    }
    kill(first, signal)?;
    Ok(())
}
