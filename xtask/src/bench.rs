//! Benchmarks: those of a crate are one `[[bench]]` of it. They run one after the other against a Postgres that
//! keeps its promises (fsync is on), and their figures go into docs/benchmarks.md.

mod guard;
mod machine;
mod page;

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use benchmark::Row;
use cluster::{Cluster, Options};

use crate::tools::{self, Tool};
use crate::workspace::Workspace;
use crate::{checks, peers, process};
use guard::Guard;
use page::Page;

/// A benchmark and the crate that it measures.
type Bench = (&'static str, &'static str);

const BENCHES: [Bench; 9] = [
    (INGEST, "service"),
    ("rollup", "service"),
    ("hierarchy", "service"),
    ("bills", "service"),
    ("feasibility", "server"),
    ("pages", "server"),
    ("people", "server"),
    ("modbus", "acquisition"),
    ("mixed", "server"),
];
/// The one that has a peer.
const INGEST: &str = "ingest";

pub(crate) fn names() -> Vec<&'static str> {
    BENCHES.iter().map(|(name, _)| *name).collect()
}

/// Runs one benchmark or all, and writes down what they measure.
pub(crate) fn run(workspace: &Workspace, name: Option<&str>) -> Result<()> {
    let benches: Vec<Bench> =
        BENCHES.into_iter().filter(|(bench, _)| name.is_none_or(|name| name == *bench)).collect();
    Tool::Postgres.ensure(workspace)?;
    if benches.iter().any(|(bench, _)| *bench == INGEST)
        && let Err(missing) = peers::influxdb()
    {
        println!("{INGEST} goes without its peer, InfluxDB: {missing:#}");
    }
    println!("compile the benchmarks");
    for bench in &benches {
        process::run(command(workspace, bench.1).arg("--no-run"))?;
    }
    let guard = Guard::set()?;
    let folder = workspace.target.join("bench");
    checks::make_folder(workspace, &folder)?;
    // Printing panics once the terminal is gone; the folder holds gigabytes by then.
    let measured =
        panic::catch_unwind(AssertUnwindSafe(|| measure(workspace, &folder, &benches, &guard)));
    checks::remove(&folder)?;
    measured.unwrap_or_else(|payload| panic::resume_unwind(payload))
}

fn command(workspace: &Workspace, package: &str) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--package", package, "--bench", "benchmarks"]);
    cargo.env("SQLX_OFFLINE", "true");
    cargo
}

/// Runs benchmarks, with all that they need in a folder.
fn measure(workspace: &Workspace, folder: &Path, benches: &[Bench], guard: &Guard) -> Result<()> {
    let temporary = folder.join("tmp");
    fs::create_dir(&temporary)?;
    let options = Options {
        search: tools::postgres_folders(workspace),
        name: "cargo xtask bench".to_owned(),
        ..Options::default()
    };
    let cluster = Cluster::start(folder, &options)?;
    let mut page = Page::load(workspace, machine::described(&cluster)?)?;
    let (mut worse, mut failed) = (Vec::new(), Vec::new());
    for (n, &bench) in benches.iter().enumerate() {
        if guard.is_told() {
            break;
        }
        println!("\n== {} ({} of {})", bench.0, n + 1, benches.len());
        let mut cargo = command(workspace, bench.1);
        cargo
            .args(["--quiet", "--", bench.0])
            .env("DATABASE_URL", cluster.url())
            .env("TMPDIR", &temporary);
        let (mut rows, mut unread) = (Vec::new(), Vec::new());
        let ran = guard.run(&mut cargo, |line| match serde_json::from_str::<Row>(line) {
            Ok(row) => {
                println!("{}", page::spoken(&row));
                if let Some(fault) = page.worse(bench.0, &row) {
                    println!("   WORSE: {fault}");
                    worse.push(fault);
                }
                rows.push(row);
            }
            Err(error) => unread.push(format!("{line} ({error})")),
        });
        let written = ran.and_then(|()| match unread.first() {
            Some(line) => bail!("its output has a line that is no figure: {line}"),
            None if rows.is_empty() => bail!("its output has no figure"),
            None => page.replace(bench.0, &rows),
        });
        if let Err(error) = written {
            println!("{}: {error:#}", bench.0);
            failed.push(bench.0);
        }
    }
    cluster.stop()?;
    for fault in &worse {
        println!("worse than before: {fault}");
    }
    if guard.is_told() {
        bail!("interrupted; what was measured to the end stands in docs/benchmarks.md");
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    println!("written into docs/benchmarks.md");
    Ok(())
}
