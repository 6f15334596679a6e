//! The machine on which something is measured.

use std::fs;
use std::process::Command;
use std::{env, thread};

use anyhow::Result;
use cluster::Cluster;

use crate::process;

/// Its cores, processor, memory and Postgres, as far as the system tells.
pub(super) fn described(cluster: &Cluster) -> Result<String> {
    let cores = thread::available_parallelism()?;
    let read = |file| fs::read_to_string(file).unwrap_or_default();
    let processor = value(&read("/proc/cpuinfo"), "model name");
    let processor = processor.unwrap_or_else(|| env::consts::ARCH.to_owned());
    let memory = value(&read("/proc/meminfo"), "MemTotal").and_then(|text| gigabytes(&text));
    let memory = memory.map_or_else(String::new, |gigabytes| format!(", {gigabytes} GB"));
    let postgres = cluster.binaries().folder().join("postgres");
    let postgres = process::output(Command::new(postgres).arg("--version"))?;
    // As in "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
    let version = postgres.split_whitespace().nth(2).unwrap_or_default();
    Ok(format!("{cores} cores, {processor}{memory}, PostgreSQL {version}"))
}

/// The value of a line such as `name : value`.
fn value(text: &str, name: &str) -> Option<String> {
    let mut values = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = values.find(|(found, _)| found.trim() == name)?;
    Some(value.trim().replace('|', "/"))
}

/// Whole gigabytes of a size such as `4030000 kB`.
fn gigabytes(text: &str) -> Option<u64> {
    let kilobytes: u64 = text.strip_suffix("kB")?.trim().parse().ok()?;
    Some((kilobytes + (1 << 19)) >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_read_as_linux_describes_it() {
        let text = "processor\t: 0\nmodel name\t: Some | CPU\n";
        assert_eq!(value(text, "model name").as_deref(), Some("Some / CPU"));
        assert_eq!(value(text, "model"), None);
        assert_eq!(gigabytes("8147000 kB"), Some(8));
    }
}
