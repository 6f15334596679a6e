//! The script of the pages that the server draws whole, with the library that puts documents in place.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::site::Quality;
use crate::workspace::Workspace;

/// Its name in the package.
pub(crate) const SCRIPT: &str = "navigate.js";

/// The source, below the workspace.
pub(super) const SOURCE: &str = "frontend/navigate.ts";

pub(super) fn build(workspace: &Workspace, quality: Quality, package: &Path) -> Result<()> {
    let libraries = workspace.end2end().join("node_modules");
    let mut esbuild = Command::new(libraries.join(".bin/esbuild"));
    esbuild.args(["--bundle", "--format=esm", "--log-level=warning"]);
    if quality == Quality::Release {
        esbuild.args(["--minify", "--legal-comments=none"]);
    }
    esbuild.arg(workspace.root.join(SOURCE));
    esbuild.arg(format!("--outfile={}", package.join(SCRIPT).display()));
    process::output(esbuild.env("NODE_PATH", libraries)).map(|_| ())
}
