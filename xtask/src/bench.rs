//! Benchmarks: each is a `[[bench]]` of the crate it measures.

use std::thread;

use anyhow::{Context, Result};
use cluster::{Cluster, Options};

use crate::process;
use crate::tools::{self, Tool};
use crate::workspace::Workspace;

/// Name and crate.
const BENCHES: &[(&str, &str)] = &[
    ("ingest", "service"),
    ("rollup", "service"),
    ("hierarchy", "service"),
    ("bills", "service"),
    ("feasibility", "server"),
    ("pages", "server"),
    ("people", "server"),
    ("modbus", "acquisition"),
    ("mixed", "server"),
];

pub(crate) fn names() -> Vec<&'static str> {
    BENCHES.iter().map(|(name, _)| *name).collect()
}

/// Runs one benchmark or all, against a Postgres that keeps its promises: fsync is on.
pub(crate) fn run(workspace: &Workspace, name: Option<&str>) -> Result<()> {
    Tool::Postgres.ensure(workspace)?;
    let options = Options {
        search: tools::postgres_folders(workspace),
        name: "cargo xtask bench".to_owned(),
        ..Options::default()
    };
    let cluster = Cluster::start(&workspace.target.join("bench-postgres"), &options)?;
    println!("cores: {}", thread::available_parallelism()?);
    println!("PostgreSQL: {}", cluster.binaries().major());
    for (bench, package) in
        BENCHES.iter().filter(|(bench, _)| name.is_none_or(|name| name == *bench))
    {
        println!("\n== {bench}");
        let mut cargo = workspace.cargo();
        cargo.args(["bench", "--package", package, "--bench", bench]);
        cargo.env("DATABASE_URL", cluster.url()).env("SQLX_OFFLINE", "true");
        process::run(&mut cargo).with_context(|| format!("benchmark `{bench}`"))?;
    }
    cluster.stop()?;
    Ok(())
}
