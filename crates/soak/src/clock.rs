//! What time the program takes it to be: libfaketime shows it, and the Postgres that it starts, another time of
//! day, while time passes as it does.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use tokio::process::Command;

/// How long until another time is seen, in seconds: the library looks no more often.
const SEEN_AFTER_SECONDS: &str = "1";

#[derive(Debug, Clone)]
pub(crate) struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// A clock that shows the time as it is.
    pub(crate) fn right(folder: &Path) -> Result<Self> {
        let clock = Self { library: library()?, file: folder.join("clock") };
        clock.lead(TimeDelta::zero())?;
        Ok(clock)
    }

    /// Has a program go by this clock.
    pub(crate) fn give(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.file)
            .env("FAKETIME_CACHE_DURATION", SEEN_AFTER_SECONDS)
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("NO_FAKE_STAT", "1");
    }

    /// The clock is so far ahead of the time from now on.
    pub(crate) fn lead(&self, by: TimeDelta) -> Result<()> {
        let written = self.file.with_extension("new");
        fs::write(&written, format!("{:+}\n", by.num_seconds()))?;
        Ok(fs::rename(written, &self.file)?)
    }
}

/// Where Debian has it, for each kind of machine in a folder of its own.
fn library() -> Result<PathBuf> {
    let folders = fs::read_dir("/usr/lib")?.flatten().map(|entry| entry.path());
    let mut found = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    found.find(|path| path.exists()).context("libfaketime is missing: install `faketime`")
}
