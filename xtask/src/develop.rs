//! `cargo xtask run --dev`: unoptimised builds, and a new start whenever a source changes.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use cluster::{Cluster, Options};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::build;
use crate::files;
use crate::process;
use crate::progress::{Activity, told};
use crate::room;
use crate::site::{self, Quality};
use crate::tools::{self, Tool};
use crate::workspace::Workspace;

/// The folders whose changes rebuild the program.
const SOURCES: &[&str] = &["app", "crates", "frontend", "public", "server", "style"];
const LOOK_EVERY: Duration = Duration::from_millis(300);

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for tool in [Tool::WasmTarget, Tool::NpmPackages, Tool::Postgres] {
        tool.ensure(workspace)?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || told.store(true, Ordering::Relaxed))?;

    // It outlives the program's new starts, which a change would wait for otherwise.
    let options = Options {
        search: tools::postgres_folders(workspace),
        name: "cargo xtask run --dev".to_owned(),
        ..Options::default()
    };
    let database = Cluster::start(&data(workspace), &options)?;
    let mut program = Program { database: database.url(), child: None };
    let mut built = None;
    while !stop.load(Ordering::Relaxed) {
        let newest = newest_change(workspace)?;
        if built != Some(newest) {
            built = Some(newest);
            if let Err(error) = build(workspace, &mut program) {
                eprintln!("{error:#}\nwaiting for a change");
            }
        }
        thread::sleep(LOOK_EVERY);
    }
    let ended = program.end();
    database.stop()?;
    ended
}

/// The folder of the plant's data, shared with `cargo xtask run`.
fn data(workspace: &Workspace) -> PathBuf {
    workspace.root.join("data")
}

/// Builds both sides and starts the server: both at once the first time; later the server's, which
/// shows what changed, before the browser's.
fn build(workspace: &Workspace, program: &mut Program) -> Result<()> {
    let activity = Activity::default();
    let server = || {
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--package=server"]);
        process::watch(room::spare(&mut cargo), &activity, "server")
    };
    let browser = || site::build(workspace, Quality::Development, &activity);
    let silent = |_| String::new();
    if program.child.is_none() {
        told(&activity, silent, || build::at_once(server, browser))?;
        return program.start(workspace);
    }
    told(&activity, silent, server)?;
    let shown = site::package(workspace)?;
    program.start(workspace)?;
    told(&activity, silent, browser)?;
    if site::package(workspace)? == shown { Ok(()) } else { program.start(workspace) }
}

/// The server while it runs.
struct Program {
    /// The address of its database.
    database: String,
    child: Option<Child>,
}

impl Program {
    /// Starts it anew.
    fn start(&mut self, workspace: &Workspace) -> Result<()> {
        self.end()?;
        let path = workspace.server(Quality::Development);
        let mut command = Command::new(&path);
        command.args(["serve", "--demo", "--database-url", &self.database]);
        command.arg("--data-dir").arg(data(workspace)).arg("--site-root").arg(workspace.site());
        let started = command.spawn();
        self.child = Some(started.with_context(|| format!("cannot start {}", path.display()))?);
        Ok(())
    }

    /// Stops it as an operator would, and waits until it is gone.
    fn end(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        if child.try_wait()?.is_none() {
            kill(Pid::from_raw(child.id().try_into()?), Signal::SIGTERM)?;
            child.wait()?;
        }
        Ok(())
    }
}

/// When and how many: a deleted file changes only the number.
fn newest_change(workspace: &Workspace) -> Result<(SystemTime, usize)> {
    let mut newest = (SystemTime::UNIX_EPOCH, 0);
    for folder in SOURCES {
        for file in files::below(&workspace.root.join(folder))? {
            // An editor may have replaced it since it was listed.
            if let Ok(changed) = fs::metadata(&file).and_then(|metadata| metadata.modified()) {
                newest = (newest.0.max(changed), newest.1 + 1);
            }
        }
    }
    Ok(newest)
}
