//! Steps that look at the code and change nothing.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail};
use cluster::{Cluster, Options};
use serde_json::Value;

use crate::process;
use crate::room;
use crate::tools;
use crate::workspace::Workspace;

/// Tests at once for each core. With one, half of two cores is idle; with three, tests that wait for what
/// others compute take too long.
const TESTS_BY_CORE: usize = 2;

pub(crate) fn format(workspace: &Workspace) -> Result<()> {
    process::run(workspace.cargo().args(["fmt", "--all", "--check"]))
}

pub(crate) fn lints(workspace: &Workspace) -> Result<()> {
    let arguments =
        ["clippy", "--release", "--workspace", "--all-targets", "--", "--deny=warnings"];
    process::run(workspace.cargo().env("SQLX_OFFLINE", "true").args(arguments))
}

/// The same for what only the browser compiles.
pub(crate) fn browser_lints(workspace: &Workspace) -> Result<()> {
    let target = ["--package=frontend", "--target=wasm32-unknown-unknown"];
    let profile = ["clippy", "--profile=wasm-release"];
    process::run(workspace.cargo().args(profile).args(target).args(["--", "--deny=warnings"]))
}

/// Every Rust test, against a Postgres of their own. Built as the program is, so that neither is
/// compiled for the other once more, and months of data are computed in seconds.
pub(crate) fn rust_tests(workspace: &Workspace) -> Result<()> {
    let in_memory = room::in_memory(workspace);
    let on_disk = || workspace.target.join("test-postgres");
    let cluster = test_cluster(workspace, &in_memory.clone().unwrap_or_else(on_disk))?;
    migrate(workspace, &cluster)?;
    // xtask is a build of its own: its tools would ask for other features of crates that the program has.
    let program = tests(workspace, &cluster, &["--workspace", "--exclude=xtask"]);
    let own = tests(workspace, &cluster, &["--package=xtask"]);
    cluster.stop()?;
    if let Some(folder) = in_memory {
        fs::remove_dir_all(folder)?;
    }
    program.and(own)
}

/// Of a server for tests: quick, and free to forget. The last two are what the program asks for on its own connections,
/// which tests open by themselves.
const FOR_TESTS: [(&str, &str); 5] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "300"),
    ("jit", "off"),
    ("plan_cache_mode", "force_generic_plan"),
];

/// A Postgres for tests, in a folder of its own.
pub(crate) fn test_cluster(workspace: &Workspace, folder: &Path) -> Result<Cluster> {
    let options = Options {
        search: tools::postgres_folders(workspace),
        settings: FOR_TESTS.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        name: "cargo xtask".to_owned(),
    };
    Ok(Cluster::start(folder, &options)?)
}

/// Gives every database that a test makes the schema from the start: they are copies of this one, and
/// half a second of each test would go into migrations otherwise.
fn migrate(workspace: &Workspace, cluster: &Cluster) -> Result<()> {
    let database = ["--database-url", &cluster.url_of("template1")];
    let program = ["run", "--quiet", "--release", "--package=server", "--bin=wattlens", "--"];
    process::run(workspace.cargo().args(program).arg("migrate").args(database))
}

fn tests(workspace: &Workspace, cluster: &Cluster, packages: &[&str]) -> Result<()> {
    let mut cargo = workspace.cargo();
    if process::succeeds(workspace.cargo().args(["nextest", "--version"])) {
        // A second try tells a real fault from a machine that stood still; it is reported as flaky.
        cargo.args(["nextest", "run", "--cargo-profile=release"]).args(packages);
        cargo.args(["--no-fail-fast", "--retries=1"]);
        cargo.arg("--config-file").arg(workspace.root.join("xtask/nextest.toml"));
        // They wait for Postgres and for each other's clocks more than they compute.
        let threads = TESTS_BY_CORE * available_parallelism().map_or(1, NonZero::get);
        cargo.args(["--test-threads", &threads.to_string()]);
    } else {
        println!("cargo-nextest is not installed: using the slower `cargo test`");
        cargo.args(["test", "--release", "--no-fail-fast"]).args(packages);
        cargo.args(["--lib", "--bins", "--tests"]);
    }
    cargo.env("DATABASE_URL", cluster.url()).env("SQLX_OFFLINE", "true");
    // A failed assertion says what was wrong; the frames of the runtime bury it.
    cargo.env("RUST_BACKTRACE", "0");
    process::run(&mut cargo)
}

/// Writes docs/profiles.md, by the test that holds it against the profiles.
pub(crate) fn write_profiles(workspace: &Workspace) -> Result<()> {
    let test = ["test", "--package=domain", "--test=profiles_page"];
    process::run(workspace.cargo().args(test).env("WATTLENS_WRITE_DOCS", "1"))
}

/// Bans, licences and sources always; known vulnerabilities where their databases are in reach.
pub(crate) fn dependencies(workspace: &Workspace) -> Result<()> {
    let deny = tools::cargo_deny(workspace)?;
    let command = || {
        let mut command = Command::new(&deny);
        command.current_dir(&workspace.root).args(["--workspace"]);
        command
    };
    process::run(command().args([
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))?;
    if process::succeeds(command().args(["fetch", "db"])) {
        process::run(command().args(["check", "--disable-fetch", "advisories"]))?;
    } else {
        println!("advisories: not checked (their database cannot be fetched)");
    }
    npm_audit(workspace)
}

fn npm_audit(workspace: &Workspace) -> Result<()> {
    let mut audit = tools::npm(&workspace.end2end())?;
    let answer = audit.args(["audit", "--json"]).output().context("npm audit")?;
    let report: Value = serde_json::from_slice(&answer.stdout).unwrap_or_default();
    match report["metadata"]["vulnerabilities"]["total"].as_u64() {
        Some(0) => println!("npm audit: no known vulnerabilities"),
        Some(count) => bail!("npm audit finds {count} vulnerabilities: run it in end2end/"),
        None => println!("npm audit: not checked (the registry does not answer)"),
    }
    Ok(())
}
