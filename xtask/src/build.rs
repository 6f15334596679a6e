//! The program with its web assets inside, ready to copy elsewhere.

use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, anyhow, bail};

use crate::process;
use crate::progress::work;
use crate::progress::{Activity, Progress, Stage};
use crate::room;
use crate::site::{self, Quality};
use crate::tools::{self, Tool};
use crate::workspace::Workspace;

/// The tools needed to build.
pub(crate) const NEEDS: [Tool; 2] = [Tool::WasmTarget, Tool::NpmPackages];

/// The steps. What they typically take was measured on two cores, from nothing.
pub(crate) const STAGES: [Stage; 3] = [
    Stage { name: "get what is missing", typical: Duration::from_secs(20) },
    Stage { name: "compile the server and the browser's side", typical: Duration::from_mins(6) },
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
    progress.step(|activity| program(workspace, quality, activity))
}

/// The name of the server's side in progress lines.
const SERVER: &str = "server";

/// The server's library and the browser's side, so that no core waits for the other's last crate.
pub(crate) fn both(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let server = work::crates(workspace, "server", None)?;
    activity.work(|work| work.expect(SERVER, server));
    let browser = site::work(workspace)?;
    activity.work(|work| work.expect(site::WHO, browser));
    let browser = || site::build(workspace, quality, activity);
    at_once(|| library(workspace, quality, activity), browser)
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

fn library(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--profile", quality.profile(), "--package=server", "--lib"]);
    process::watch(room::spare(&mut cargo), activity, SERVER)
}

/// The program, and the tests of all crates but the tools', which are a build of their own: they ask for other
/// features of crates that the program has.
pub(crate) fn tests(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--no-run", "--profile", quality.profile()]).args(PROGRAM);
    process::watch(room::spare(&mut cargo).env("SQLX_OFFLINE", "true"), activity, "tests")?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--no-run", "--profile=tools"]).args(TOOLS);
    process::watch(&mut cargo, activity, "tests")
}

/// The tests of all packages but the tools. Examples, which Cargo compiles beside tests, are left to Clippy.
pub(crate) const PROGRAM: [&str; 4] =
    ["--workspace", "--exclude=xtask", "--exclude=pack", "--tests"];
pub(crate) const TOOLS: [&str; 2] = ["--package=xtask", "--tests"];

/// The program itself, with the assets that stand in the site's folder.
pub(crate) fn program(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--profile", quality.profile(), "--package=server", "--bin=wattlens"]);
    process::watch(room::spare(&mut cargo), activity, SERVER)?;
    let server = workspace.server(quality);
    let Ok(about) = fs::metadata(&server) else {
        bail!("{} was not built", server.display());
    };
    println!("built {}, {} MB", server.display(), about.len() / 1_000_000);
    Ok(())
}
