//! The `wattlens` program.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use rust_embed::Embed;
use server::assets::Inside;
use server::{config, start};

/// The system's own keeps what each thread once needed: a checked password is 19 MB, and threads are many.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The web assets as they stood when the program was built. Here and not in the library, so that a
/// change of them links the program anew and compiles nothing else.
#[derive(Embed)]
#[folder = "$WATTLENS_SITE"]
struct Site;

fn main() -> ExitCode {
    let command = match config::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(config::Exit { message, code }) => {
            if code == 0 {
                print!("{message}");
            } else {
                eprintln!("{message}");
            }
            return ExitCode::from(code);
        }
    };
    start::log(&command);
    match start::perform(command, Inside::of::<Site>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wattlens: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
