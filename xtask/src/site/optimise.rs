//! Modules and scripts as small as they get.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::files;
use crate::process;
use crate::workspace::Workspace;

/// Passes of wasm-opt: small as it is, then once more with the control flow laid out anew until that
/// gains nothing more. The lowest
/// addresses are the far end of the stack, which Rust's linker lays first: no data is there.
const PASSES: [&str; 9] = [
    "--low-memory-unused",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--converge",
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
];
const FEATURES: [&str; 2] = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];

/// Runs wasm-opt over the modules of a folder, and esbuild over its scripts.
pub(super) fn modules(workspace: &Workspace, folder: &Path) -> Result<()> {
    let tool = |name| workspace.end2end().join("node_modules/.bin").join(name);
    let (wasm_opt, esbuild) = (tool("wasm-opt"), tool("esbuild"));
    let all = files::below(folder)?;
    files::in_parallel(&all, |file| {
        let mut command = match file.extension().and_then(|ending| ending.to_str()) {
            Some("wasm") => {
                let mut command = Command::new(&wasm_opt);
                command.args(PASSES).args(FEATURES).arg(file).arg("-o").arg(file);
                command
            }
            Some("js") => {
                let mut command = Command::new(&esbuild);
                let written = format!("--outfile={}", file.display());
                command
                    .args(["--minify", "--format=esm", "--allow-overwrite"])
                    .arg(file)
                    .arg(written);
                command
            }
            _ => return Ok(()),
        };
        process::output(&mut command).map(|_| ())
    })
}
