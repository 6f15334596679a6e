//! The main module and a chunk for each lazy route; other modules as they are.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

/// The path at which Leptos' scripts expect the splitter's loader; the number of underscores is part of it.
const LOADER: &str = "./__wasm_split.______________________.js";

/// The step that a fault is told of.
const BINDING: &str = "wasm-bindgen";

pub(crate) fn build(wasm: &Path, folder: &Path, names: bool) -> Result<()> {
    let wasm = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    fs::create_dir_all(folder)?;
    let main = folder.join("frontend_split.wasm");
    split(&wasm, folder, &main)?;
    // The chunks reach into the main module by its exports.
    let mut bindgen = binding("frontend", names)?;
    bindgen.keep_lld_exports(true).input_path(&main).generate(folder).context(BINDING)?;
    fs::remove_file(&main)?;
    Ok(())
}

/// Binds a module that is loaded as a whole.
pub(crate) fn build_whole(wasm: &Path, folder: &Path, names: bool) -> Result<()> {
    let name = wasm.file_stem().and_then(|name| name.to_str()).context("a module has a name")?;
    fs::create_dir_all(folder)?;
    let mut output = binding(name, names)?.input_path(wasm).generate_output().context(BINDING)?;
    // The linker's relocations are for the splitter, which takes them out; here they would be shipped.
    let sections = &mut output.wasm_mut().customs;
    let linked: Vec<_> = sections
        .iter()
        .filter(|(_, it)| it.name() == "linking" || it.name().starts_with("reloc."))
        .map(|(id, _)| id)
        .collect();
    for id in linked {
        sections.delete(id);
    }
    output.emit(folder).context(BINDING)
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

fn binding(name: &str, names: bool) -> Result<Bindgen> {
    let mut bindgen = Bindgen::new();
    bindgen.out_name(name).typescript(false).demangle(false).remove_name_section(!names);
    bindgen.web(true).context(BINDING)?;
    Ok(bindgen)
}
