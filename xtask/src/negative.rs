//! Wrong requests to every operation of the API.

use anyhow::Result;

use crate::checks::test_cluster;
use crate::process;
use crate::tools::Tool;
use crate::workspace::Workspace;

/// Sends so many wrong requests to each operation, drawn from a seed, and prints which were not refused as they
/// should be.
pub(crate) fn check(workspace: &Workspace, requests: u64, seed: u64) -> Result<()> {
    Tool::Postgres.ensure(workspace)?;
    let cluster = test_cluster(workspace, &workspace.target.join("negative-postgres"))?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--release", "--package=api-tests", "--test=api", "--"]);
    cargo.args(["whatever_is_sent_is_refused_in_one_form_or_done", "--nocapture"]);
    cargo.env("DATABASE_URL", cluster.url()).env("SQLX_OFFLINE", "true");
    cargo.env("WATTLENS_REQUESTS", requests.to_string()).env("WATTLENS_SEED", seed.to_string());
    let sent = process::run(&mut cargo);
    cluster.stop()?;
    sent
}
