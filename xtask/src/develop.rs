//! `cargo xtask run --dev`: unoptimised builds, and a new start whenever a source changes.

use std::fs;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::files;
use crate::process;
use crate::progress::{Activity, told};
use crate::room;
use crate::site::{self, Quality};
use crate::tools::Tool;
use crate::workspace::Workspace;

/// What the running program is made of.
const SOURCES: &[&str] = &["app", "crates", "frontend", "public", "server", "style"];
const LOOK_EVERY: Duration = Duration::from_millis(300);

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for tool in [Tool::WasmTarget, Tool::NpmPackages, Tool::Postgres] {
        tool.ensure(workspace)?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || told.store(true, Ordering::Relaxed))?;

    let mut server: Option<Child> = None;
    let mut built = None;
    while !stop.load(Ordering::Relaxed) {
        let newest = newest_change(workspace)?;
        if built != Some(newest) {
            built = Some(newest);
            match build(workspace) {
                Ok(()) => {
                    end(&mut server)?;
                    server = Some(start(workspace)?);
                }
                Err(error) => eprintln!("{error:#}\nwaiting for a change"),
            }
        }
        thread::sleep(LOOK_EVERY);
    }
    end(&mut server)
}

/// One side after the other: both are built in one folder, which Cargo locks.
fn build(workspace: &Workspace) -> Result<()> {
    let activity = Activity::default();
    told(
        &activity,
        |_| String::new(),
        || {
            let mut cargo = workspace.cargo();
            cargo.args(["build", "--package=server"]);
            process::watch(room::spare(&mut cargo), &activity, "server")?;
            site::build(workspace, Quality::Development, &activity)
        },
    )
}

fn start(workspace: &Workspace) -> Result<Child> {
    let program = workspace.server("debug");
    let mut command = Command::new(&program);
    command.args(["serve", "--demo", "--data-dir"]).arg(workspace.root.join("data"));
    command.arg("--site-root").arg(workspace.site());
    command.spawn().with_context(|| format!("cannot start {}", program.display()))
}

/// Stops the server as an operator would, and waits until it is gone.
fn end(server: &mut Option<Child>) -> Result<()> {
    let Some(mut child) = server.take() else { return Ok(()) };
    if child.try_wait()?.is_none() {
        kill(Pid::from_raw(child.id().try_into()?), Signal::SIGTERM)?;
        child.wait()?;
    }
    Ok(())
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
