//! The browser's side: the front end compiled, split and bound, styles and files, in one folder
//! that the server hands out.
//!
//! ```text
//! target/site/site.json          {"pkg": "pkg/<hash>"}: which package is current
//! target/site/pkg/<hash>/        frontend.js, frontend_bg.wasm, chunks, main.css; never changes
//! target/site/pkg/<hash>/leaflet the map library, loaded by the page of the grid alone
//! target/site/…                  what is in public/
//! ```

pub(crate) mod leaflet;
mod package;
mod style;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::BrotliCompress;
use brotli::enc::BrotliEncoderParams;
use serde_json::{Value, json};

use crate::files::{self, Fingerprint};
use crate::process;
use crate::progress::Activity;
use crate::workspace::Workspace;

/// Who works here, in what is said meanwhile.
const WHO: &str = "browser";

/// How much time goes into a small download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    /// Fast to build.
    Development,
    /// Compiled as for a release, and packed no tighter than takes a moment: for this machine's own
    /// browser.
    Local,
    /// Small: optimised and compressed.
    Release,
}

impl Quality {
    /// What may stand there instead: what was packed tighter need not be packed again.
    fn satisfied_by(self) -> &'static [Self] {
        match self {
            Self::Development => &[Self::Development],
            Self::Local => &[Self::Local, Self::Release],
            Self::Release => &[Self::Release],
        }
    }

    /// How hard brotli tries, of 11; none where nothing is compressed.
    fn compression(self) -> Option<i32> {
        match self {
            Self::Development => None,
            Self::Local => Some(5),
            Self::Release => Some(11),
        }
    }
}

/// Builds the site into the workspace's site folder, unless nothing has changed since.
pub(crate) fn build(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<()> {
    let wasm = compile(workspace, quality, activity)?;
    activity.now(WHO, "packed".to_owned());
    let style = style::bundle(&workspace.root.join("style/main.css"))?;
    let public = workspace.root.join("public");

    let mut inputs = Fingerprint::default();
    inputs.add_folder(&workspace.root.join("xtask/src/site"))?;
    inputs.add("site", &files::read(&workspace.root.join("xtask/src/site.rs"))?);
    inputs.add("tools", &files::read(&workspace.end2end().join("package-lock.json"))?);
    inputs.add("wasm", &wasm);
    inputs.add("style", style.as_bytes());
    inputs.add_folder(&public)?;
    let site = workspace.site();
    let stamp = workspace.target.join("site.inputs");
    let named = |quality: Quality| format!("{quality:?} {}", inputs.name());
    let built = fs::read_to_string(&stamp).unwrap_or_default();
    let is_current = quality.satisfied_by().iter().any(|&quality| built == named(quality));
    if is_current && package(workspace).is_ok() {
        return Ok(());
    }

    let new = workspace.target.join("site.new");
    files::remove_folder(&new)?;
    let unnamed = new.join("pkg/unnamed");
    package::build(workspace, &wasm, quality, &unnamed)?;
    leaflet::build(workspace, quality, &unnamed)?;
    files::write(&unnamed.join("main.css"), style)?;
    files::copy(&public, &new)?;
    if let Some(effort) = quality.compression() {
        compress(&new, effort)?;
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

fn compile(workspace: &Workspace, quality: Quality, activity: &Activity) -> Result<Vec<u8>> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let profile = match quality {
        Quality::Development => "wasm-dev",
        Quality::Local | Quality::Release => "wasm-release",
    };
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package=frontend", "--lib", "--target", TARGET, "--profile", profile]);
    // The splitter finds its way by the linker's relocations.
    let mut flags = vec!["-Clink-args=--emit-relocs".to_owned()];
    flags.extend(
        folders(workspace)?.iter().map(|it| format!("--remap-path-prefix={}=", it.display())),
    );
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    process::watch(&mut cargo, activity, WHO)?;
    files::read(&workspace.target.join(TARGET).join(profile).join("frontend.wasm"))
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

/// Puts a brotli file in place of each file that gains from it: so it is sent, and unpacked for the few
/// who do not take it.
fn compress(folder: &Path, effort: i32) -> Result<()> {
    let mut files = files::below(folder)?;
    files.retain(|file| {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        ["css", "geojson", "html", "js", "svg", "txt", "wasm", "webmanifest"].contains(&ending)
    });
    files::in_parallel(&files, |file| {
        let parameters = BrotliEncoderParams { quality: effort, lgwin: 22, ..Default::default() };
        let mut compressed = Vec::new();
        BrotliCompress(&mut files::read(file)?.as_slice(), &mut compressed, &parameters)?;
        let mut name = file.as_os_str().to_owned();
        name.push(".br");
        files::write(Path::new(&name), compressed)?;
        fs::remove_file(file).with_context(|| file.display().to_string())
    })
}
