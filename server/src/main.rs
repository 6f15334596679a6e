//! The `wattlens` program.

use std::process::ExitCode;

use server::config::Command;
use server::{config, configuration, start};

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
    let done = match command {
        Command::Serve(settings) => start::block_on(start::serve(settings)),
        Command::Migrate(database) => start::block_on(start::migrate(database)),
        Command::ExportConfig(settings) => start::block_on(configuration::export(settings)),
        Command::ImportConfig(settings) => start::block_on(configuration::import(settings)),
        Command::Rebuild(settings) => start::block_on(start::rebuild(settings)),
        Command::DatabaseUrl { data_dir } => start::database_url(&data_dir),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wattlens: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
