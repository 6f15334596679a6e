//! The program with its web assets inside, ready to copy elsewhere.

use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, anyhow, bail};

use crate::process;
use crate::progress::{Activity, Progress, Stage};
use crate::room;
use crate::site::{self, Quality};
use crate::tools::{self, Tool};
use crate::workspace::Workspace;

/// What is needed to build.
pub(crate) const NEEDS: [Tool; 2] = [Tool::WasmTarget, Tool::NpmPackages];

/// The steps. What they typically take was measured on two cores, from nothing.
pub(crate) const STAGES: [Stage; 3] = [
    Stage { name: "get what is missing", typical: Duration::from_secs(20) },
    Stage { name: "compile the server and the browser's side", typical: Duration::from_mins(10) },
    Stage { name: "put both into one program", typical: Duration::from_secs(15) },
];

/// Does the steps, as the next ones of a command.
pub(crate) fn build(
    workspace: &Workspace,
    progress: &mut Progress,
    quality: Quality,
    needs: &[Tool],
) -> Result<()> {
    progress.step(|_| {
        room::check(workspace)?;
        tools::ensure(workspace, NEEDS.iter().chain(needs).copied())
    })?;
    progress.step(|activity| both(workspace, quality, activity))?;
    progress.step(|activity| program(workspace, activity))
}

/// The server's library and the browser's side, so that no core waits for the other's last crate.
pub(crate) fn both(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let browser = || site::build(workspace, quality, activity);
    at_once(|| library(workspace, activity), browser)
}

/// Both sides at once; one after the other where memory is short.
pub(crate) fn at_once(
    server: impl FnOnce() -> Result<()>,
    browser: impl FnOnce() -> Result<()> + Send,
) -> Result<()> {
    if room::is_narrow() {
        browser()?;
        return server();
    }
    thread::scope(|scope| {
        let browser = scope.spawn(browser);
        server()?;
        browser.join().map_err(|_| anyhow!("the browser's side was not built"))?
    })
}

fn library(workspace: &Workspace, activity: &Activity) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package=server", "--lib"]);
    process::watch(room::spare(&mut cargo), activity, "server")
}

/// The program itself, with the assets that stand in the site's folder.
pub(crate) fn program(workspace: &Workspace, activity: &Activity) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package=server", "--bin=wattlens"]);
    process::watch(room::spare(&mut cargo), activity, "server")?;
    let server = workspace.server("release");
    let Ok(about) = fs::metadata(&server) else {
        bail!("{} was not built", server.display());
    };
    println!("built {}, {} MB", server.display(), about.len() / 1_000_000);
    Ok(())
}
