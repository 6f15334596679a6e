//! Steps that look at the code and change nothing.

use std::fs::{self, DirBuilder};
use std::num::NonZero;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail};
use cluster::{Cluster, Options};
use serde_json::Value;

use crate::build;
use crate::pipelines::Depth;
use crate::process;
use crate::room;
use crate::site::{self, Quality};
use crate::tools;
use crate::workspace::Workspace;

/// Cases of each property, scenarios of the second opinion, and wrong requests to each operation, where time is no
/// matter.
const LONG_CASES: &str = "10000";
const LONG_SCENARIOS: &str = "300";
const LONG_REQUESTS: &str = "300";
/// Slots for tests on each core: those that compute take two, see `nextest.toml`. Each may open a dozen of the three
/// hundred connections.
const SLOTS_BY_CORE: usize = 4;
const MOST_SLOTS: usize = 24;

pub(crate) fn format(workspace: &Workspace) -> Result<()> {
    process::run(workspace.cargo().args(["fmt", "--all", "--check"]))
}

pub(crate) fn lints(workspace: &Workspace, quality: Quality) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["clippy", "--profile", quality.profile(), "--workspace", "--all-targets"]);
    process::run(cargo.args(["--", "--deny=warnings"]).env("SQLX_OFFLINE", "true"))
}

/// The same for what only the browser compiles.
pub(crate) fn browser_lints(workspace: &Workspace, quality: Quality) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["clippy", "--profile", quality.browser_profile()]);
    cargo.args(site::MODULES.map(|module| format!("--package={module}")));
    process::run(cargo.args(["--target=wasm32-unknown-unknown", "--", "--deny=warnings"]))
}

/// Every Rust test, against a Postgres of their own, in the profile of the program, so that neither is compiled
/// for the other once more.
pub(crate) fn rust_tests(workspace: &Workspace, depth: Depth) -> Result<()> {
    let on_disk = || workspace.target.join("test-postgres");
    let folder = &room::in_memory(workspace).unwrap_or_else(on_disk);
    make_folder(workspace, folder)?;
    let cluster = test_cluster(workspace, folder)?;
    let passed = migrate(workspace, depth, &cluster).and_then(|()| {
        let profile = if depth == Depth::Long { "long" } else { "default" };
        let program = [depth.quality().profile(), profile];
        let program = tests(workspace, &cluster, depth, program, &build::PROGRAM);
        program.and(tests(workspace, &cluster, depth, ["tools", "own"], &build::TOOLS))
    });
    cluster.stop()?;
    remove(folder)?;
    passed
}

/// Makes a folder for a cluster. What a command that was interrupted left there, perhaps still running, goes; what a
/// command still works in stays.
pub(crate) fn make_folder(workspace: &Workspace, folder: &Path) -> Result<()> {
    if folder.exists() {
        match test_cluster(workspace, folder) {
            Ok(left) => left.stop()?,
            Err(error) if is_in_use(&error) => {
                return Err(error.context("wait for the other command in this checkout, or end it"));
            }
            // One that cannot start is of no use.
            Err(_) => {}
        }
        remove(folder)?;
    }
    // Postgres, which enters it, runs as another user where this one is root.
    Ok(DirBuilder::new().mode(0o711).create(folder)?)
}

fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<cluster::Error>(), Some(cluster::Error::InUse { .. }))
}

/// Removes the folder of a cluster, and what lies elsewhere where Postgres may not enter it.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    if let Ok(cluster) = fs::canonicalize(folder.join("postgres")) {
        fs::remove_dir_all(cluster)?;
    }
    Ok(fs::remove_dir_all(folder)?)
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
fn migrate(workspace: &Workspace, depth: Depth, cluster: &Cluster) -> Result<()> {
    let database = ["--database-url", &cluster.url_of("template1")];
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--profile", depth.quality().profile(), "--package=server"]);
    process::run(cargo.args(["--bin=wattlens", "--", "migrate"]).args(database))
}

/// Runs the tests of packages, built with a profile of Cargo, with a profile of `nextest.toml`.
fn tests(
    workspace: &Workspace,
    cluster: &Cluster,
    depth: Depth,
    [build, profile]: [&str; 2],
    packages: &[&str],
) -> Result<()> {
    let mut cargo = workspace.cargo();
    if process::succeeds(workspace.cargo().args(["nextest", "--version"])) {
        cargo.args(["nextest", "run", "--cargo-profile", build]);
        cargo.args(["--profile", profile]).args(packages);
        cargo.arg("--config-file").arg(workspace.root.join("xtask/nextest.toml"));
        let cores = available_parallelism().map_or(1, NonZero::get);
        let slots = (SLOTS_BY_CORE * cores).min(MOST_SLOTS);
        cargo.args(["--test-threads", &slots.to_string()]);
    } else {
        println!(
            "cargo-nextest is not installed: `cargo test` takes longer, ends no test that hangs and tells no times; \
             `cargo install --locked cargo-nextest` installs it"
        );
        cargo.args(["test", "--profile", build, "--no-fail-fast"]).args(packages);
    }
    // As many statements as the program keeps on each connection: one that is dropped is planned once more.
    let url = format!("{}&statement-cache-capacity=200", cluster.url());
    cargo.env("DATABASE_URL", url).env("SQLX_OFFLINE", "true");
    // A failed assertion says what was wrong; the frames of the runtime bury it.
    cargo.env("RUST_BACKTRACE", "0");
    if depth == Depth::Long {
        cargo.env("PROPTEST_CASES", LONG_CASES).env("WATTLENS_SCENARIOS", LONG_SCENARIOS);
        cargo.env("WATTLENS_REQUESTS", LONG_REQUESTS);
    }
    let seed = seed(workspace);
    println!("properties: PROPTEST_RNG_SEED={seed}");
    process::run(cargo.env("PROPTEST_RNG_SEED", seed.to_string()))
}

/// The seed of property tests: derived from the commit, so that a check can be repeated and the next commit
/// draws other cases. Without git, 1.
fn seed(workspace: &Workspace) -> u64 {
    let mut git = Command::new("git");
    git.current_dir(&workspace.root).args(["rev-parse", "HEAD"]);
    let commit = process::output(&mut git).unwrap_or_default();
    commit.get(..15).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(1)
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

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn a_folder_in_which_another_command_works_stays() {
        let (workspace, folder) = (Workspace::load().unwrap(), tempfile::tempdir().unwrap());
        let lock = folder.path().join("postgres.lock");
        let held = File::create(&lock).unwrap();
        held.lock().unwrap();
        let refused = make_folder(&workspace, folder.path()).unwrap_err();
        assert!(format!("{refused:#}").contains("is in use by another process"), "{refused:#}");
        assert!(lock.exists());
    }
}
