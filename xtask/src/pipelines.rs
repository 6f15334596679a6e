//! What each command does, step by step.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::progress::{Activity, Progress, Stage, spoken, told};
use crate::site::Quality;
use crate::tools::{self, Tool};
use crate::workspace::Workspace;
use crate::{browser, budgets, build, checks, soak, structure};

/// Where the demo is served.
const ADDRESS: &str = "127.0.0.1:3000";

/// One step of the tests.
struct Step {
    name: &'static str,
    /// What has to be installed before it.
    needs: &'static [Tool],
    run: fn(&Workspace, &Activity) -> Result<()>,
}

/// `cargo xtask test`: what is quick first, what needs the finished program last. Nothing is compiled
/// twice: the tests run on the libraries that the program is made of.
const TEST: &[Step] = &[
    Step { name: "structure", needs: &[], run: |workspace, _| structure::check(workspace) },
    Step { name: "fmt", needs: &[Tool::Components], run: |workspace, _| checks::format(workspace) },
    Step {
        name: "deny",
        needs: &[Tool::CargoDeny],
        run: |workspace, _| checks::dependencies(workspace),
    },
    Step {
        name: "clippy",
        needs: &[Tool::Components],
        run: |workspace, _| checks::lints(workspace),
    },
    Step {
        name: "clippy-wasm",
        needs: &[Tool::Components, Tool::WasmTarget],
        run: |workspace, _| checks::browser_lints(workspace),
    },
    Step {
        name: "build",
        needs: &build::NEEDS,
        run: |workspace, activity| build::both(workspace, Quality::Release, activity),
    },
    Step { name: "program", needs: &[], run: build::program },
    Step { name: "budgets", needs: &[], run: |workspace, _| budgets::check(workspace) },
    Step {
        name: "rust-tests",
        needs: &[Tool::Postgres, Tool::Mosquitto],
        run: |workspace, _| checks::rust_tests(workspace),
    },
    Step {
        name: "browser",
        needs: &[Tool::NpmPackages, Tool::Postgres, Tool::Chromium, Tool::Mosquitto, Tool::Peers],
        run: |workspace, _| browser::test(workspace),
    },
    Step {
        name: "soak",
        needs: &soak::NEEDS,
        run: |workspace, _| soak::play(workspace, soak::MINUTES, soak::SEED),
    },
];

/// The names that `--only` and `--skip` take.
pub(crate) fn test_steps() -> Vec<&'static str> {
    TEST.iter().map(|step| step.name).collect()
}

pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(workspace, &build::STAGES);
    build::build(workspace, &mut progress, Quality::Release, &[])
}

/// Installs what is missing, builds, and becomes the server.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    if let Err(error) = TcpListener::bind(ADDRESS) {
        bail!("{ADDRESS} cannot be listened on ({error}): stop what uses it, then run this again");
    }
    let start = Stage { name: "start", typical: Duration::from_secs(10) };
    let stages: Vec<_> = build::STAGES.into_iter().chain([start]).collect();
    let mut progress = Progress::new(workspace, &stages);
    // Nothing but this machine's own browser is to be waited for.
    build::build(workspace, &mut progress, Quality::Local, &[Tool::Postgres])?;
    println!("{}: http://{ADDRESS} answers in a few seconds; Ctrl-C stops it", progress.next());
    let server = workspace.server("release");
    let mut command = Command::new(&server);
    command.args(["serve", "--demo", "--listen", ADDRESS, "--data-dir"]);
    let error = command.arg(workspace.root.join("data")).exec();
    Err(error).with_context(|| format!("cannot start {}", server.display()))
}

/// Builds, then looks at every page.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<()> {
    let look = Stage { name: "take the pictures", typical: Duration::from_mins(15) };
    let stages: Vec<_> = build::STAGES.into_iter().chain([look]).collect();
    let mut progress = Progress::new(workspace, &stages);
    let needs = [Tool::Postgres, Tool::Chromium];
    build::build(workspace, &mut progress, Quality::Release, &needs)?;
    progress.step(|_| browser::screenshots(workspace))
}

/// Lets faults strike the program, once what that takes is there.
pub(crate) fn soak(workspace: &Workspace, minutes: u64, seed: u64) -> Result<()> {
    tools::ensure(workspace, soak::NEEDS)?;
    soak::play(workspace, minutes, seed)
}

/// Runs the steps to the end even if some fail, so that one run shows everything.
pub(crate) fn test(workspace: &Workspace, only: &[String], skip: &[String]) -> Result<()> {
    let named = |list: &[String], step: &Step| list.iter().any(|name| name == step.name);
    let chosen = |step: &&Step| (only.is_empty() || named(only, step)) && !named(skip, step);
    let steps: Vec<&Step> = TEST.iter().filter(chosen).collect();

    let started = Instant::now();
    tools::ensure(workspace, steps.iter().flat_map(|step| step.needs).copied())?;
    let set_up = ("set-up", (true, started.elapsed()));
    println!("== set-up took {}", spoken(started.elapsed()));
    let run = |step: &Step| (step.name, attempt(workspace, step));
    let results: Vec<_> = [set_up].into_iter().chain(steps.into_iter().map(run)).collect();

    println!();
    for (name, (passed, took)) in &results {
        println!("{name:<26} {:<6} {:>12}", if *passed { "ok" } else { "FAILED" }, spoken(*took));
    }
    let failed = results.iter().filter(|(_, (passed, _))| !passed).count();
    let passed = results.len() - failed;
    println!("steps: {passed} passed, {failed} failed in {}", spoken(started.elapsed()));
    if failed > 0 {
        bail!("{failed} of {} steps failed", results.len());
    }
    Ok(())
}

fn attempt(workspace: &Workspace, step: &Step) -> (bool, Duration) {
    println!("\n== {}", step.name);
    let started = Instant::now();
    let activity = Activity::default();
    let result = told(&activity, |_| String::new(), || (step.run)(workspace, &activity));
    let took = started.elapsed();
    match &result {
        Ok(()) => println!("== {}: ok in {}", step.name, spoken(took)),
        Err(error) => println!("== {}: FAILED in {}: {error:#}", step.name, spoken(took)),
    }
    (result.is_ok(), took)
}
