//! Playwright against the finished program: the browser tests, and the pictures of every page.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{files, peers, process, tools};

/// The browser tests.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    process::run(&mut playwright(workspace)?)
}

/// Pictures of every page in every width and both schemes, with a sheet of them all, and those in the
/// documentation. Fails when a page complains or does not fit.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target.join("screenshots");
    files::remove_folder(&folder)?;
    let mut playwright = playwright(workspace)?;
    playwright.args(["--config", "screenshots.config.ts"]);
    playwright.env("WATTLENS_SCREENSHOTS", folder);
    process::run(&mut playwright)
}

fn playwright(workspace: &Workspace) -> Result<Command> {
    let server = workspace.server("release");
    if !server.exists() {
        bail!("{} is missing: run `cargo xtask build` first", server.display());
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
