//! Everything a developer runs, in Rust so that it works on every system: set-up, run, test,
//! build, bench.
//!
//! `pipelines` says what each command does, as a list of small steps; the steps are in `checks`
//! (what only looks), `build` and `site` (what makes something), `browser` and `bench`; `tools`
//! installs what the steps need, and `peers` what the tests talk to. `progress` says how far a long command
//! is, `trouble` and `room` why it cannot go on. What may not live here: anything the product does.

mod bench;
mod browser;
mod budgets;
mod build;
mod checks;
mod develop;
mod figures;
mod files;
mod negative;
mod outside;
mod peers;
mod pipelines;
mod process;
mod progress;
mod room;
mod site;
mod soak;
mod structure;
mod timings;
mod tools;
mod trouble;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};

use crate::pipelines::{Depth, Selection};
use crate::workspace::Workspace;

/// Sets up, runs, tests and builds Wattlens.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and start it with the demo plant on <http://127.0.0.1:3000>
    Run {
        /// Build unoptimised, and build and start again whenever a source changes
        #[arg(long)]
        dev: bool,
    },
    /// Check everything: format, lints, tests, dependencies, browser
    Test {
        /// Only these steps
        #[arg(long, value_name = "STEP", value_parser = pipelines::test_steps())]
        only: Vec<String>,
        /// All but these steps
        #[arg(long, value_name = "STEP", value_parser = pipelines::test_steps())]
        skip: Vec<String>,
        /// Also what takes long: sizes as shipped, 10,000 cases of each property, 300 scenarios, a soak
        #[arg(long)]
        long: bool,
        /// Print what each step, test binary and the slowest tests took, and write target/timings.json
        #[arg(long)]
        timings: bool,
    },
    /// Hold every figure against the second opinion, in scenarios made from seeds
    CheckFigures {
        /// How many
        #[arg(long, default_value_t = 300)]
        scenarios: u64,
        /// The first seed; the others follow it
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Send every operation of the API what nobody should send it
    CheckRefusals {
        /// How many to each
        #[arg(long, default_value_t = 800)]
        requests: u64,
        /// The seed of the requests
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Let a tester of another maker hold a running program against the document of its API
    CheckApi {
        /// Its address, such as <http://127.0.0.1:8080>; what it holds is changed
        #[arg(long)]
        server: String,
        /// How many requests to each operation, at most
        #[arg(long, default_value_t = 20)]
        requests: u64,
    },
    /// Let faults strike the program among 200 devices, and hold what is stored against what they counted
    Soak {
        /// For how long
        #[arg(long, default_value_t = soak::MINUTES)]
        minutes: u64,
        /// The seed of devices and faults
        #[arg(long, default_value_t = soak::SEED)]
        seed: u64,
    },
    /// Make target/release/wattlens, web assets inside
    Build,
    /// Build, then take a picture of every page into target/screenshots, and those in docs/images
    Screenshots,
    /// Write docs/profiles.md from the device profiles
    Docs,
    /// Measure, and write the figures into docs/benchmarks.md
    Bench {
        /// One benchmark; all of them if left out
        #[arg(value_parser = bench::names())]
        name: Option<String>,
    },
}

fn main() -> ExitCode {
    let Some(task) = Arguments::parse().command else {
        return print_commands();
    };
    if let Err(error) = perform(task) {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn perform(task: Task) -> Result<()> {
    let workspace = Workspace::load()?;
    match task {
        Task::Run { dev: false } => pipelines::run(&workspace),
        Task::Run { dev: true } => develop::run(&workspace),
        Task::Test { only, skip, long, timings } => {
            let depth = if long { Depth::Long } else { Depth::Usual };
            pipelines::test(workspace, &Selection { only, skip, depth, timings })
        }
        Task::CheckFigures { scenarios, seed } => figures::check(&workspace, scenarios, seed),
        Task::CheckRefusals { requests, seed } => negative::check(&workspace, requests, seed),
        Task::CheckApi { server, requests } => outside::check(&workspace, &server, requests),
        Task::Soak { minutes, seed } => pipelines::soak(&workspace, minutes, seed),
        Task::Build => pipelines::build(&workspace),
        Task::Screenshots => pipelines::screenshots(&workspace),
        Task::Docs => checks::write_profiles(&workspace),
        Task::Bench { name } => bench::run(&workspace, name.as_deref()),
    }
}

fn print_commands() -> ExitCode {
    match Arguments::command().print_help() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
