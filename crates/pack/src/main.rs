//! Turns the compiled front end into what a browser loads: the main module, a chunk for each lazy route, and
//! their compressed files. A program of its own, so that `cargo xtask` starts without compiling its libraries.

mod compress;
mod modules;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(about)]
enum Command {
    /// Split a compiled front end into its modules and bind them to JavaScript
    Modules {
        wasm: PathBuf,
        folder: PathBuf,
        /// Keep the names of functions, for a debugger
        #[arg(long)]
        names: bool,
    },
    /// Bind a compiled module without lazy routes to JavaScript
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
        Command::Modules { wasm, folder, names } => modules::build(&wasm, &folder, names),
        Command::Module { wasm, folder, names } => modules::build_whole(&wasm, &folder, names),
        Command::Compress { folder, effort } => compress::folder(&folder, effort),
    }
}
