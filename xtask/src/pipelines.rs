//! What each command does, step by step.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::site::Quality;
use crate::tools::Tool;
use crate::workspace::Workspace;
use crate::{browser, budgets, build, checks, profiles, site, structure};

/// One step of a command.
struct Step {
    name: &'static str,
    /// What has to be installed before it.
    needs: &'static [Tool],
    run: fn(&Workspace) -> Result<()>,
}

const SITE: Step = Step {
    name: "site",
    needs: &[Tool::WasmTarget, Tool::NpmPackages],
    run: |workspace| site::build(workspace, Quality::Release),
};

const SERVER: Step = Step { name: "server", needs: &[], run: build::server };

const BESIDE: Step = Step { name: "assets beside the server", needs: &[], run: build::beside };

/// `cargo xtask build`: the server, the browser's side, and the one beside the other.
const BUILD: &[Step] = &[SERVER, SITE, BESIDE];

/// `cargo xtask test`: what is quick first, what needs the finished program last.
const TEST: &[Step] = &[
    Step { name: "structure", needs: &[], run: structure::check },
    Step { name: "profiles", needs: &[], run: profiles::check },
    Step { name: "fmt", needs: &[Tool::Components], run: checks::format },
    Step { name: "deny", needs: &[Tool::CargoDeny], run: checks::dependencies },
    Step { name: "clippy", needs: &[Tool::Components], run: checks::lints },
    Step {
        name: "clippy-wasm",
        needs: &[Tool::Components, Tool::WasmTarget],
        run: checks::browser_lints,
    },
    Step { name: "rust-tests", needs: &[Tool::Postgres, Tool::Mosquitto], run: checks::rust_tests },
    SITE,
    Step { name: "budgets", needs: &[], run: budgets::check },
    SERVER,
    BESIDE,
    Step {
        name: "browser",
        needs: &[Tool::NpmPackages, Tool::Postgres, Tool::Chromium, Tool::Mosquitto, Tool::Peers],
        run: browser::test,
    },
];

/// `cargo xtask screenshots`, once everything is built.
const SCREENSHOTS: Step = Step {
    name: "screenshots",
    needs: &[Tool::NpmPackages, Tool::Postgres, Tool::Chromium],
    run: browser::screenshots,
};

/// The names that `--only` and `--skip` take.
pub(crate) fn test_steps() -> Vec<&'static str> {
    TEST.iter().map(|step| step.name).collect()
}

/// Installs what is missing, builds, and becomes the server.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    Tool::Postgres.ensure(workspace)?;
    build(workspace)?;
    let server = workspace.server("release");
    let error = Command::new(&server)
        .args(["serve", "--demo", "--data-dir"])
        .arg(workspace.root.join("data"))
        .arg("--site-root")
        .arg(workspace.site())
        .exec();
    Err(error).with_context(|| format!("cannot start {}", server.display()))
}

pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    install(workspace, BUILD)?;
    for step in BUILD {
        (step.run)(workspace).with_context(|| format!("step `{}`", step.name))?;
    }
    Ok(())
}

/// Builds, then looks at every page.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<()> {
    build(workspace)?;
    install(workspace, [&SCREENSHOTS])?;
    (SCREENSHOTS.run)(workspace).with_context(|| format!("step `{}`", SCREENSHOTS.name))
}

/// Runs the steps to the end even if some fail, so that one run shows everything.
pub(crate) fn test(workspace: &Workspace, only: &[String], skip: &[String]) -> Result<()> {
    let named = |list: &[String], step: &Step| list.iter().any(|name| name == step.name);
    let chosen = |step: &&Step| (only.is_empty() || named(only, step)) && !named(skip, step);
    let steps: Vec<&Step> = TEST.iter().filter(chosen).collect();

    let started = Instant::now();
    install(workspace, steps.iter().copied())?;
    println!("== set-up took {}", seconds(started.elapsed()));
    let results: Vec<_> =
        steps.into_iter().map(|step| (step.name, attempt(workspace, step))).collect();

    println!();
    for (name, (passed, took)) in &results {
        println!("{name:<26} {:<6} {:>8}", if *passed { "ok" } else { "FAILED" }, seconds(*took));
    }
    let failed = results.iter().filter(|(_, (passed, _))| !passed).count();
    let passed = results.len() - failed;
    println!("steps: {passed} passed, {failed} failed in {}", seconds(started.elapsed()));
    if failed > 0 {
        bail!("{failed} of {} steps failed", results.len());
    }
    Ok(())
}

fn attempt(workspace: &Workspace, step: &Step) -> (bool, Duration) {
    println!("\n== {}", step.name);
    let started = Instant::now();
    let result = (step.run)(workspace);
    let took = started.elapsed();
    match &result {
        Ok(()) => println!("== {}: ok in {}", step.name, seconds(took)),
        Err(error) => println!("== {}: FAILED in {}: {error:#}", step.name, seconds(took)),
    }
    (result.is_ok(), took)
}

fn install<'a>(workspace: &Workspace, steps: impl IntoIterator<Item = &'a Step>) -> Result<()> {
    let mut done: Vec<Tool> = Vec::new();
    for &tool in steps.into_iter().flat_map(|step| step.needs) {
        if !done.contains(&tool) {
            tool.ensure(workspace)?;
            done.push(tool);
        }
    }
    Ok(())
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
