//! The making of a new cluster.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tracing::info;

use crate::Error;
use crate::binaries::Binaries;
use crate::cluster::DATABASE;
use crate::folder::DataFolder;
use crate::owner::Owner;

/// Written once, into a file the operator may edit: for a machine that Postgres shares with the
/// server, and for writing that comes as a steady stream.
const SETTINGS: &str = "
# Set by Wattlens when it made this cluster; yours to change.
shared_buffers = 256MB
max_connections = 100
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_checkpoints = off
";

/// Makes the cluster of `data` with an empty database in it, and returns its folder. A cluster
/// exists whole or not at all: it gets its name when it is finished.
pub(crate) fn create(
    data: &DataFolder,
    owner: Owner,
    binaries: &Binaries,
) -> Result<PathBuf, Error> {
    let place = data.place_for(owner, binaries)?;
    info!(folder = %place.display(), version = binaries.major(), "creating the Postgres cluster");
    let unfinished = place.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(Error::io("remove", &unfinished))?;
    }
    owner.create_private_folder(&unfinished)?;
    initdb(owner, binaries, &unfinished)?;
    append_settings(&unfinished)?;
    create_database(owner, binaries, &unfinished)?;
    data.adopt(&unfinished, &place)
}

fn initdb(owner: Owner, binaries: &Binaries, folder: &Path) -> Result<(), Error> {
    let mut command = owner.command(&binaries.program("initdb"));
    command
        .arg("--pgdata")
        .arg(folder)
        .args(["--username=postgres", "--encoding=UTF8", "--locale=C", "--data-checksums"])
        // Who may reach the socket is decided by its folder.
        .args(["--auth-local=trust", "--auth-host=reject"]);
    if cfg!(target_os = "linux") {
        command.arg("--lc-ctype=C.UTF-8");
    }
    let output = command.output().map_err(Error::io("run", &binaries.program("initdb")))?;
    succeeded("initdb", &output)
}

fn append_settings(folder: &Path) -> Result<(), Error> {
    let file = folder.join("postgresql.conf");
    let mut open = OpenOptions::new().append(true).open(&file).map_err(Error::io("open", &file))?;
    open.write_all(SETTINGS.as_bytes()).map_err(Error::io("write", &file))
}

/// By Postgres' single-user mode: not every installation has a client program.
fn create_database(owner: Owner, binaries: &Binaries, folder: &Path) -> Result<(), Error> {
    let program = binaries.program("postgres");
    let mut command: Command = owner.command(&program);
    let mut child = command
        .args(["--single", "-c", "logging_collector=off", "-D"])
        .arg(folder)
        .arg("postgres")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Error::io("run", &program))?;
    if let Some(mut stdin) = child.stdin.take() {
        let statement = format!("CREATE DATABASE {DATABASE}\n");
        stdin.write_all(statement.as_bytes()).map_err(Error::io("write to", &program))?;
    }
    let output = child.wait_with_output().map_err(Error::io("wait for", &program))?;
    succeeded("creating the database", &output)
}

fn succeeded(step: &'static str, output: &Output) -> Result<(), Error> {
    let text = String::from_utf8_lossy(&output.stderr);
    // Single-user mode goes on after an error, and ends well.
    let failed = !output.status.success() || text.contains("ERROR:") || text.contains("FATAL:");
    if failed {
        return Err(Error::Postgres { step, output: text.trim().replace('\n', " / ") });
    }
    Ok(())
}
