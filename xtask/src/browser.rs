//! Playwright against the finished program: the browser tests, and the pictures of every page.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::site::Quality;
use crate::tools::Tool;
use crate::workspace::Workspace;
use crate::{files, peers, process, timings, tools};

pub(crate) const NEEDS: [Tool; 5] =
    [Tool::NpmPackages, Tool::Postgres, Tool::Chromium, Tool::Mosquitto, Tool::Peers];

/// The browser tests.
pub(crate) fn test(workspace: &Workspace, quality: Quality) -> Result<()> {
    let mut playwright = playwright(workspace, quality)?;
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_FILE", timings::browser_report(workspace));
    playwright.env("WATTLENS_FOUNDED", founded(workspace));
    process::run(&mut playwright)
}

/// The folder in which a Rust test leaves the demo that it has founded, with a file `founded` in it.
fn founded(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tmp/demo")
}

/// Lets the browser tests found a demo of their own, unless this check's Rust tests do so before.
pub(crate) fn forget_the_demo(workspace: &Workspace) -> Result<()> {
    let file = founded(workspace).join("founded");
    if file.exists() {
        fs::remove_file(&file).with_context(|| file.display().to_string())
    } else {
        Ok(())
    }
}

/// Pictures of every page in every width and both schemes, with a sheet of them all, and those in the
/// documentation. Fails when a page complains or does not fit.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target.join("screenshots");
    files::remove_folder(&folder)?;
    let mut playwright = playwright(workspace, Quality::Release)?;
    playwright.args(["--config", "screenshots.config.ts"]);
    playwright.env("WATTLENS_SCREENSHOTS", folder);
    process::run(&mut playwright)
}

fn playwright(workspace: &Workspace, quality: Quality) -> Result<Command> {
    let server = workspace.server(quality);
    if !server.exists() {
        bail!("{} is missing: run the steps `build` and `program` first", server.display());
    }
    let mut playwright = tools::npm(&workspace.end2end())?;
    playwright.args(["exec", "--", "playwright", "test"]);
    playwright.env("WATTLENS_PROGRAM", server);
    playwright.env("WATTLENS_TEST_DATA", workspace.target.join("end2end"));
    playwright.env("WATTLENS_PYMODBUS", peers::python_path(workspace));
    if let Some(chromium) = tools::chromium(workspace)? {
        playwright.env("CHROMIUM", chromium);
    }
    Ok(playwright)
}
