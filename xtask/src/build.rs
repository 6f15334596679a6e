//! The server's release build, ready to copy elsewhere.

use anyhow::{Context, Result};

use crate::files;
use crate::process;
use crate::workspace::Workspace;

pub(crate) fn server(workspace: &Workspace) -> Result<()> {
    process::run(workspace.cargo().args(["build", "--release", "--package", "server"]))
}

/// Puts the web assets where the server looks for them: `site` beside the program.
pub(crate) fn beside(workspace: &Workspace) -> Result<()> {
    let server = workspace.server("release");
    let site = server.parent().context("the server has no folder")?.join("site");
    files::remove_folder(&site)?;
    files::copy(&workspace.site(), &site)?;
    println!("built {} and {}", server.display(), site.display());
    Ok(())
}
