//! The browser's side: its modules compiled and bound, styles and files, in one folder that the server hands out.
//!
//! ```text
//! target/site/site.json          {"pkg": "pkg/<hash>"}: which package is current
//! target/site/pkg/<hash>/        navigate.js, main.css, and of each module islands.js, islands_bg.wasm; never changes
//! target/site/pkg/<hash>/leaflet the map library, loaded by the page of the grid alone
//! target/site/…                  what is in public/
//! ```

pub(crate) mod leaflet;
pub(crate) mod navigate;
mod optimise;
mod style;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::files::{self, Fingerprint};
use crate::process;
use crate::progress::{Activity, work};
use crate::workspace::Workspace;

/// The name of the browser's side in progress lines.
pub(crate) const WHO: &str = "browser";

/// How much time goes into a fast program and a small download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    /// Unoptimised and incremental, for `run --dev`.
    Development,
    /// Built soon, for this machine's own browser: `run` and `test`.
    Quick,
    /// As shipped: optimised and compressed.
    Release,
}

impl Quality {
    /// The profile of the server's side.
    pub(crate) fn profile(self) -> &'static str {
        match self {
            Self::Development => "dev",
            Self::Quick => "quick",
            Self::Release => "release",
        }
    }

    /// The profile of the browser's side, a folder of its own, so that both sides can be built at once.
    pub(crate) fn browser_profile(self) -> &'static str {
        match self {
            Self::Development => "wasm-dev",
            Self::Quick => "wasm-quick",
            Self::Release => "wasm-release",
        }
    }

    /// How hard brotli tries, of 11; none where nothing is compressed.
    fn compression(self) -> Option<i32> {
        match self {
            Self::Development => None,
            Self::Quick => Some(1),
            Self::Release => Some(11),
        }
    }
}

/// Seconds of a core for the tool that packs, and for packing.
const PACKING: f64 = 60.0;

/// The crates to compile for the browser, with their weights, and the packing.
pub(crate) fn work(workspace: &Workspace) -> Result<BTreeMap<String, f64>> {
    let mut crates = BTreeMap::new();
    for module in MODULES {
        crates.extend(work::crates(workspace, module, Some(TARGET))?);
    }
    crates.insert("packing".to_owned(), PACKING);
    Ok(crates)
}

/// Builds the site into the workspace's site folder, unless nothing has changed since.
pub(crate) fn build(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let built = build_if_changed(workspace, quality, activity);
    activity.work(|work| work.end(WHO));
    built
}

fn build_if_changed(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    compile(workspace, quality, activity)?;
    activity.now(WHO, "packed".to_owned());
    let style = style::bundle(&workspace.root.join("style/main.css"))?;
    let public = workspace.root.join("public");

    let mut inputs = Fingerprint::default();
    for folder in ["xtask/src/site", "crates/pack/src"] {
        inputs.add_folder(&workspace.root.join(folder))?;
    }
    inputs.add("site", &files::read(&workspace.root.join("xtask/src/site.rs"))?);
    inputs.add("tools", &files::read(&workspace.end2end().join("package-lock.json"))?);
    for module in MODULES {
        inputs.add(module, &files::read(&compiled(workspace, quality, module))?);
    }
    inputs.add(navigate::SCRIPT, &files::read(&workspace.root.join(navigate::SOURCE))?);
    inputs.add("style", style.as_bytes());
    inputs.add_folder(&public)?;
    let site = workspace.site();
    let stamp = workspace.target.join("site.inputs");
    let named = |quality: Quality| format!("{quality:?} {}", inputs.name());
    let built = fs::read_to_string(&stamp).unwrap_or_default();
    if built == named(quality) && package(workspace).is_ok() {
        return Ok(());
    }

    let new = workspace.target.join("site.new");
    files::remove_folder(&new)?;
    let unnamed = new.join("pkg/unnamed");
    modules(workspace, quality, &unnamed)?;
    navigate::build(workspace, quality, &unnamed)?;
    leaflet::build(workspace, quality, &unnamed)?;
    files::write(&unnamed.join("main.css"), style)?;
    files::copy(&public, &new)?;
    if let Some(effort) = quality.compression() {
        let effort = effort.to_string();
        process::run(pack(workspace).arg("compress").arg(&new).args(["--effort", &effort]))?;
    }
    let mut content = Fingerprint::default();
    content.add_folder(&unnamed)?;
    let name = format!("pkg/{}", content.name());
    fs::rename(&unnamed, new.join(&name))?;
    files::write(&new.join("site.json"), json!({ "pkg": name }).to_string())?;
    files::remove_folder(&site)?;
    fs::rename(&new, &site)?;
    files::write(&stamp, named(quality))?;
    println!("built {}", site.join(name).display());
    Ok(())
}

/// The folder of the current package.
pub(crate) fn package(workspace: &Workspace) -> Result<PathBuf> {
    let site = workspace.site();
    let text = files::read(&site.join("site.json")).context("the site is not built")?;
    let value: Value = serde_json::from_slice(&text)?;
    let name = value["pkg"].as_str().context("site.json names no package")?;
    Ok(site.join(name))
}

const TARGET: &str = "wasm32-unknown-unknown";

/// The modules, of which a document loads one: with the islands of the frame, and with those of its page.
pub(crate) const MODULES: [&str; 3] = ["islands", "live", "map"];

/// A module as the compiler leaves it.
fn compiled(workspace: &Workspace, quality: Quality, module: &str) -> PathBuf {
    let folder = workspace.target.join(TARGET).join(quality.browser_profile());
    folder.join(module).with_extension("wasm")
}

fn compile(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let profile = quality.browser_profile();
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--lib", "--target", TARGET, "--profile", profile]);
    cargo.args(MODULES.map(|module| format!("--package={module}")));
    let flags: Vec<_> = folders(workspace)?
        .iter()
        .map(|it| format!("--remap-path-prefix={}=", it.display()))
        .collect();
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    process::watch(&mut cargo, activity, WHO)
}

/// The program that binds and compresses, compiled when it is first needed.
fn pack(workspace: &Workspace) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--profile=tools", "--package=pack", "--"]);
    cargo
}

fn modules(workspace: &Workspace, quality: Quality, folder: &Path) -> Result<()> {
    for module in MODULES {
        let mut pack = pack(workspace);
        pack.arg("module").arg(compiled(workspace, quality, module)).arg(folder);
        if quality == Quality::Development {
            pack.arg("--names");
        }
        process::run(&mut pack)?;
    }
    if quality == Quality::Release { optimise::modules(workspace, folder) } else { Ok(()) }
}

/// The folders that source files are in, which panics would name: without them the modules are smaller,
/// and the same wherever they are built.
fn folders(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.context("where does cargo keep its crates? set CARGO_HOME")?;
    let mut folders = vec![workspace.root.clone()];
    // Empty before the first crate was ever fetched.
    if let Ok(registries) = fs::read_dir(sources.join("registry/src")) {
        for registry in registries {
            folders.push(registry?.path());
        }
    }
    Ok(folders)
}
