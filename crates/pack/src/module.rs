//! A module, bound to JavaScript.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

pub(crate) fn bind(wasm: &Path, folder: &Path, names: bool) -> Result<()> {
    let name = wasm.file_stem().and_then(|name| name.to_str()).context("a module has a name")?;
    let mut bindgen = Bindgen::new();
    bindgen.out_name(name).typescript(false).demangle(false).remove_name_section(!names);
    bindgen
        .web(true)?
        .omit_default_module_path(false)
        .input_path(wasm)
        .generate(folder)
        .context("wasm-bindgen")
}
