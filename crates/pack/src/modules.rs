//! The main module and a chunk for each lazy route.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

/// The path at which Leptos' scripts expect the splitter's loader; the number of underscores is part of it.
const LOADER: &str = "./__wasm_split.______________________.js";

pub(crate) fn build(wasm: &Path, folder: &Path, names: bool) -> Result<()> {
    let wasm = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    fs::create_dir_all(folder)?;
    let main = folder.join("frontend_split.wasm");
    split(&wasm, folder, &main)?;
    bind(&main, folder, names)?;
    fs::remove_file(&main)?;
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
    fs::write(folder.join("__wasm_split_manifest.json"), manifest)?;
    Ok(())
}

fn bind(main: &Path, folder: &Path, names: bool) -> Result<()> {
    Bindgen::new()
        .input_path(main)
        .out_name("frontend")
        .typescript(false)
        // The chunks reach into the main module by these.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(!names)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .context("wasm-bindgen")
}
