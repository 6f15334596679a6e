//! Every figure against the second opinion, in as many scenarios as asked for.

use anyhow::Result;

use crate::checks::test_cluster;
use crate::process;
use crate::tools::Tool;
use crate::workspace::Workspace;

/// Plays scenarios from a seed on, and prints what fails, made small.
pub(crate) fn check(workspace: &Workspace, scenarios: u64, seed: u64) -> Result<()> {
    Tool::Postgres.ensure(workspace)?;
    let cluster = test_cluster(workspace, &workspace.target.join("figures-postgres"))?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--release", "--package=second-opinion", "--test=agreement"]);
    cargo.args(["--", "--nocapture", "--test-threads=1"]);
    cargo.env("DATABASE_URL", cluster.url()).env("SQLX_OFFLINE", "true");
    cargo.env("WATTLENS_SCENARIOS", scenarios.to_string()).env("WATTLENS_SEED", seed.to_string());
    cargo.env("RUST_BACKTRACE", "0");
    let played = process::run(&mut cargo);
    cluster.stop()?;
    played
}
