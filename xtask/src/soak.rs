//! The program for a while among devices, while faults strike.

use anyhow::{Result, bail};

use crate::process;
use crate::site::Quality;
use crate::tools::Tool;
use crate::workspace::Workspace;

/// The length of the soak in `test --long`: each kind of fault strikes about once.
pub(crate) const MINUTES: u64 = 3;
pub(crate) const SEED: u64 = 2;

/// The tools that it needs.
pub(crate) const NEEDS: [Tool; 3] = [Tool::Postgres, Tool::Mosquitto, Tool::FakeTime];

/// Plays a seed, and fails where a reading is lost or a figure wrong in the end.
pub(crate) fn play(workspace: &Workspace, minutes: u64, seed: u64) -> Result<()> {
    let program = workspace.server(Quality::Release);
    if !program.exists() {
        bail!("{} is missing: run `cargo xtask build` first", program.display());
    }
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--release", "--package=soak", "--", "--program"]).arg(program);
    cargo.args(["--minutes", &minutes.to_string(), "--seed", &seed.to_string()]);
    process::run(&mut cargo)
}
