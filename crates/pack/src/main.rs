//! Turns what is compiled for the browser into what it loads: modules bound to JavaScript, and compressed files. A
//! program of its own, so that `cargo xtask` starts without compiling its libraries.

mod compress;
mod module;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(about)]
enum Command {
    /// Bind a compiled module to JavaScript
    Module {
        wasm: PathBuf,
        folder: PathBuf,
        /// Keep the names of functions, for a debugger
        #[arg(long)]
        names: bool,
    },
    /// Replace each file of a folder that gains from it by a brotli file
    Compress {
        folder: PathBuf,
        /// From 0, fast, to 11, small
        #[arg(long)]
        effort: i32,
    },
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Module { wasm, folder, names } => module::bind(&wasm, &folder, names),
        Command::Compress { folder, effort } => compress::folder(&folder, effort),
    }
}
