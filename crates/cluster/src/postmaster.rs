//! What a running cluster says of itself in its `postmaster.pid`.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::Error;
use crate::socket;

/// The process that owns a cluster's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Postmaster {
    pub(crate) pid: Pid,
    pub(crate) socket_folder: PathBuf,
    pub(crate) status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Starting,
    Ready,
    Stopping,
}

impl Postmaster {
    /// The live postmaster of `cluster`, if there is one.
    pub(crate) fn of(cluster: &Path) -> Result<Option<Self>, Error> {
        let file = file(cluster);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", &file)(error)),
        };
        Ok(parse(&text).filter(|postmaster| is_postmaster(postmaster.pid, cluster)))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        // It may have ended by itself; whoever signals goes on to wait for its end anyway.
        let _ = kill(self.pid, signal);
    }
}

/// Removes what a killed postmaster of `cluster` left, in the one case Postgres does not manage
/// by itself: its process number lives on, as another program or as a zombie nobody waits for.
pub(crate) fn remove_stale_files(cluster: &Path, socket_folder: &Path) -> Result<(), Error> {
    let text = fs::read_to_string(file(cluster)).unwrap_or_default();
    let reused = parse(&text).is_some_and(|left| kill(left.pid, None).is_ok());
    if reused {
        for file in [file(cluster), socket_folder.join(socket::LOCK)] {
            fs::remove_file(&file).map_err(Error::io("remove", &file))?;
        }
    }
    Ok(())
}

/// Whether process `pid` is a postmaster of `cluster`.
pub(crate) fn is_postmaster(pid: Pid, cluster: &Path) -> bool {
    if !Path::new("/proc/self/cmdline").exists() {
        return kill(pid, None).is_ok();
    }
    // A zombie has no command line.
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| {
        line.split(|&byte| byte == 0).any(|argument| argument == cluster.as_os_str().as_bytes())
    })
}

fn file(cluster: &Path) -> PathBuf {
    cluster.join("postmaster.pid")
}

/// Lines: process, data folder, start time, port, socket folder, address, shared memory, status.
fn parse(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    let socket_folder = lines.nth(3).unwrap_or_default().into();
    let status = match lines.nth(2).map(str::trim) {
        Some("ready") => Status::Ready,
        Some("stopping") => Status::Stopping,
        _ => Status::Starting,
    };
    Some(Postmaster { pid: Pid::from_raw(pid), socket_folder, status })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_file_at_every_stage_of_a_start() {
        let half = parse("4242\n/data/postgres\n1763629000\n5432\n").unwrap();
        assert_eq!((half.pid, half.status), (Pid::from_raw(4242), Status::Starting));

        let text =
            "4242\n/data/postgres\n1763629000\n5432\n/data/postgres\n\n  123 456\nready   \n";
        let ready = parse(text).unwrap();
        assert_eq!(ready.status, Status::Ready);
        assert_eq!(ready.socket_folder, Path::new("/data/postgres"));

        assert_eq!(parse(""), None);
    }

    #[test]
    fn another_program_under_a_stale_number_is_no_postmaster() {
        let own = Pid::this();
        assert!(!is_postmaster(own, Path::new("/data/postgres")));
    }
}
