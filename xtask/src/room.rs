//! Whether the machine has room for a build: disk and memory.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use nix::sys::statvfs::statvfs;
use nix::unistd::geteuid;

use crate::files::Fingerprint;
use crate::site::Quality;
use crate::workspace::Workspace;

/// Disk space of a build from nothing, in bytes.
const DISK: u64 = 4 << 30;
/// Below this much memory two compilers at once are too many.
const MEMORY: u64 = 6 << 30;
/// Memory that Linux shows as a folder, and how much of it the databases of tests need.
const SHARED: &str = "/dev/shm";
const DATABASES: u64 = 4 << 30;
/// The files that state a container's memory limit, under versions 2 and 1 of cgroups.
const CONTAINER: [&str; 2] =
    ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/// A folder in memory for the databases of tests, where there is room for them: each test makes nine hundred files,
/// and a disk takes three times as long for them. None where there is not.
pub(crate) fn in_memory(workspace: &Workspace) -> Option<PathBuf> {
    let mut checkout = Fingerprint::default();
    checkout.add("root", workspace.root.as_os_str().as_bytes());
    let folder = Path::new(SHARED).join(format!("wattlens-tests-{}", checkout.name()));
    if let Ok(found) = fs::symlink_metadata(&folder) {
        // Anyone may have put it there.
        if found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & 0o022 == 0 {
            return Some(folder);
        }
        println!("{} is open to others: the databases of tests go to the disk", folder.display());
        return None;
    }
    let is_wide =
        free(Path::new(SHARED)).ok()? >= DATABASES && memory().min()? >= MEMORY + DATABASES;
    is_wide.then_some(folder)
}

/// Says that the disk is too small before an hour is spent on finding out. What is already built needs
/// no room again.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    fs::create_dir_all(&workspace.target)?;
    let free = free(&workspace.target)?;
    if free < DISK
        && ![Quality::Quick, Quality::Release].iter().any(|it| workspace.server(*it).exists())
    {
        bail!(
            "{} has {:.1} GB of free space and a build takes {} GB: free some, or set CARGO_TARGET_DIR \
             to a folder on a larger disk",
            workspace.target.display(),
            gigabytes(free),
            DISK >> 30
        );
    }
    Ok(())
}

fn free(folder: &Path) -> Result<u64> {
    let disk = statvfs(folder)?;
    Ok(disk.blocks_available() * disk.fragment_size())
}

fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 30)
}

/// Bytes of memory, where the system tells: what can be had of the machine's, and what a container may use of it.
fn memory() -> impl Iterator<Item = u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text));
    let limit = |path: &&str| fs::read_to_string(path).ok()?.trim().parse().ok();
    let container = CONTAINER.iter().filter_map(limit);
    machine.into_iter().chain(container)
}

/// Whether memory is short.
pub(crate) fn is_narrow() -> bool {
    memory().any(|bytes| bytes < MEMORY)
}

/// Has Cargo run one compiler at a time where memory is short.
pub(crate) fn spare(cargo: &mut Command) -> &mut Command {
    if is_narrow() { cargo.env("CARGO_BUILD_JOBS", "1") } else { cargo }
}

/// Bytes of memory that can be had, by `/proc/meminfo`.
fn available(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_linux_writes_it() {
        let text = "MemTotal:       4030000 kB\nMemAvailable:    3500000 kB\n";
        assert_eq!(available(text), Some(3_500_000 << 10));
        assert_eq!(available("MemFree: 1 kB"), None);
    }
}
