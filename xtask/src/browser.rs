//! Playwright against the finished program.

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{peers, process, tools};

pub(crate) fn test(workspace: &Workspace) -> Result<()> {
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
    process::run(&mut playwright)
}
