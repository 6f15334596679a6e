//! The steps of each command.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::progress::{Activity, Progress, Stage, spoken, told};
use crate::site::Quality;
use crate::tools::{self, Tool};
use crate::workspace::Workspace;
use crate::{browser, budgets, build, checks, soak, structure, timings};

/// The address of the demo.
const ADDRESS: &str = "127.0.0.1:3000";

/// How much a check tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Each change: minutes.
    Usual,
    /// Before a release: the sizes of what is shipped, long properties, all scenarios, a soak.
    Long,
}

impl Depth {
    pub(crate) fn quality(self) -> Quality {
        match self {
            Self::Usual => Quality::Quick,
            Self::Long => Quality::Release,
        }
    }
}

/// One step of the tests.
struct Step {
    name: &'static str,
    /// Tools to install first.
    needs: &'static [Tool],
    run: fn(&Workspace, Depth, &Activity) -> Result<()>,
    /// The least depth at which it runs.
    from: Depth,
}

impl Step {
    const fn new(
        name: &'static str,
        needs: &'static [Tool],
        run: fn(&Workspace, Depth, &Activity) -> Result<()>,
    ) -> Self {
        Self { name, needs, run, from: Depth::Usual }
    }

    const fn long(self) -> Self {
        Self { from: Depth::Long, ..self }
    }
}

/// The steps of `cargo xtask test`: quick ones first, those that need the finished program last. Nothing is
/// compiled twice: the tests link the libraries of the program, and Clippy compiles what is checked. What is
/// shipped the compiler itself builds, so the long check has the lints as steps.
const TEST: &[Step] = &[
    Step::new("structure", &[], |workspace, _, _| structure::check(workspace)),
    Step::new("fmt", &[Tool::Components], |workspace, _, _| checks::format(workspace)),
    Step::new("deny", &[Tool::CargoDeny], |workspace, _, _| checks::dependencies(workspace)),
    Step::new("clippy", &[Tool::Components], |workspace, depth, _| {
        checks::lints(workspace, depth.quality())
    })
    .long(),
    Step::new("clippy-wasm", &[Tool::Components, Tool::WasmTarget], |workspace, depth, _| {
        checks::browser_lints(workspace, depth.quality())
    })
    .long(),
    Step::new("build", &build::NEEDS, |workspace, depth, activity| {
        build::both(workspace, depth.quality(), activity)
    }),
    Step::new("program", &[], |workspace, depth, activity| {
        build::program(workspace, depth.quality(), activity)
    }),
    Step::new("compile-tests", &[Tool::Components], |workspace, depth, activity| {
        build::tests(workspace, depth.quality(), activity)
    }),
    Step::new("sizes", &[], |workspace, _, _| budgets::check(workspace)).long(),
    Step::new("rust-tests", &[Tool::Postgres, Tool::Mosquitto], |workspace, depth, _| {
        checks::rust_tests(workspace, depth)
    }),
    Step::new("browser", &browser::NEEDS, |workspace, depth, _| {
        browser::test(workspace, depth.quality())
    }),
    Step::new("soak", &soak::NEEDS, |workspace, _, _| {
        soak::play(workspace, soak::MINUTES, soak::SEED)
    })
    .long(),
];

/// The names that `--only` and `--skip` take.
pub(crate) fn test_steps() -> Vec<&'static str> {
    TEST.iter().map(|step| step.name).collect()
}

pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(workspace, &build::STAGES);
    build::build(workspace, &mut progress, Quality::Release, &[])?;
    budgets::check(workspace)
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
    build::build(workspace, &mut progress, Quality::Quick, &[Tool::Postgres])?;
    println!("{}: http://{ADDRESS} answers in a few seconds; Ctrl-C stops it", progress.next());
    let server = workspace.server(Quality::Quick);
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

/// The steps to run, and how thoroughly.
pub(crate) struct Selection {
    pub(crate) only: Vec<String>,
    pub(crate) skip: Vec<String>,
    pub(crate) depth: Depth,
    pub(crate) timings: bool,
}

impl Selection {
    /// A step that is named in `only` runs at any depth.
    fn includes(&self, step: &Step) -> bool {
        let is_named = |list: &[String]| list.iter().any(|name| name == step.name);
        let is_due = step.from == Depth::Usual || self.depth == Depth::Long;
        let is_chosen = if self.only.is_empty() { is_due } else { is_named(&self.only) };
        is_chosen && !is_named(&self.skip)
    }
}

/// Runs the steps to the end even if some fail, so that one run shows everything.
pub(crate) fn test(workspace: Workspace, selection: &Selection) -> Result<()> {
    let lints = selection.depth == Depth::Usual;
    let workspace = &if lints { workspace.with_lints() } else { workspace };
    let steps: Vec<&Step> = TEST.iter().filter(|step| selection.includes(step)).collect();

    let started = Instant::now();
    timings::clear(workspace)?;
    browser::forget_the_demo(workspace)?;
    tools::ensure(workspace, steps.iter().flat_map(|step| step.needs).copied())?;
    let set_up = ("set-up", (true, started.elapsed()));
    println!("== set-up took {}", spoken(started.elapsed()));
    let run = |step: &Step| (step.name, attempt(workspace, selection.depth, step));
    let results: Vec<_> = [set_up].into_iter().chain(steps.into_iter().map(run)).collect();

    println!();
    for (name, (passed, took)) in &results {
        println!("{name:<26} {:<6} {:>12}", if *passed { "ok" } else { "FAILED" }, spoken(*took));
    }
    if selection.timings {
        let steps: Vec<_> = results.iter().map(|(name, (_, took))| (*name, *took)).collect();
        timings::report(workspace, &steps)?;
    }
    let failed = results.iter().filter(|(_, (passed, _))| !passed).count();
    let passed = results.len() - failed;
    println!("steps: {passed} passed, {failed} failed in {}", spoken(started.elapsed()));
    if failed > 0 {
        bail!("{failed} of {} steps failed", results.len());
    }
    Ok(())
}

fn attempt(workspace: &Workspace, depth: Depth, step: &Step) -> (bool, Duration) {
    println!("\n== {}", step.name);
    let started = Instant::now();
    let activity = Activity::default();
    let result = told(&activity, |_| String::new(), || (step.run)(workspace, depth, &activity));
    let took = started.elapsed();
    match &result {
        Ok(()) => println!("== {}: ok in {}", step.name, spoken(took)),
        Err(error) => println!("== {}: FAILED in {}: {error:#}", step.name, spoken(took)),
    }
    (result.is_ok(), took)
}
