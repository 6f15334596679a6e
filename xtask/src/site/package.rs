//! From the compiled front end to what the browser loads: the main module and a chunk for each
//! lazy route.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::files;
use crate::process;
use crate::site::Quality;
use crate::workspace::Workspace;

/// Where Leptos' scripts expect the splitter's loader; the number of underscores is part of it.
const LOADER: &str = "./__wasm_split.______________________.js";

pub(super) fn build(
    workspace: &Workspace,
    wasm: &[u8],
    quality: Quality,
    folder: &Path,
) -> Result<()> {
    fs::create_dir_all(folder)?;
    let main = folder.join("frontend_split.wasm");
    split(wasm, folder, &main)?;
    bind(&main, folder, quality)?;
    fs::remove_file(&main)?;
    if quality == Quality::Release {
        optimise(workspace, folder)?;
    }
    Ok(())
}

fn split(wasm: &[u8], folder: &Path, main: &Path) -> Result<()> {
    let mut options = wasm_split_cli_support::Options::new(wasm);
    options.output_dir = folder;
    options.main_out_path = main;
    options.main_module = "./frontend.js";
    options.link_name = LOADER;
    let modules = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("splitting the front end: {error:#}"))?;
    let manifest = serde_json::to_string(&modules.prefetch_map)?;
    files::write(&folder.join("__wasm_split_manifest.json"), manifest)
}

fn bind(main: &Path, folder: &Path, quality: Quality) -> Result<()> {
    Bindgen::new()
        .input_path(main)
        .out_name("frontend")
        .typescript(false)
        // The chunks reach into the main module by these.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(quality != Quality::Development)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .context("wasm-bindgen")
}

/// Passes of wasm-opt: small as it is, then once more with the control flow laid out anew until that
/// gains nothing more. None that reasons about a whole program: the chunks call into each other. The lowest
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

fn optimise(workspace: &Workspace, folder: &Path) -> Result<()> {
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
