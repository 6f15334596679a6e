//! How much there is to compile, and how long the rest takes at the speed so far.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::files;
use crate::process;
use crate::workspace::Workspace;

/// Seconds of one core that a crate of somebody else takes on average.
const FOREIGN: f64 = 0.9;
/// Seconds of one core for each byte of a crate of ours: many macros, in long files.
const BY_BYTE: f64 = 60e-6;
/// Below this part of the work its speed says little.
const ENOUGH: f64 = 0.03;

/// The work left of several builds, by crate, in seconds of a core of the machine on which the weights were measured.
#[derive(Default)]
pub(crate) struct Work {
    left: BTreeMap<(&'static str, String), f64>,
    whole: f64,
}

impl Work {
    /// Adds a build of some crates.
    pub(crate) fn expect(&mut self, who: &'static str, crates: BTreeMap<String, f64>) {
        for (name, weight) in crates {
            self.whole += weight;
            self.left.insert((who, name), weight);
        }
    }

    /// Takes a crate off that is up to date.
    pub(crate) fn skip(&mut self, who: &'static str, name: &str) {
        self.whole -= self.left.remove(&(who, name.to_owned())).unwrap_or_default();
    }

    /// Takes a crate off that is being compiled.
    pub(crate) fn done(&mut self, who: &'static str, name: &str) {
        self.left.remove(&(who, name.to_owned()));
    }

    /// Takes all of a build off.
    pub(crate) fn end(&mut self, who: &'static str) {
        self.left.retain(|(of, _), _| *of != who);
    }

    pub(super) fn left(&self, took: Duration) -> Option<Duration> {
        let left: f64 = self.left.values().sum();
        let done = self.whole - left;
        (self.whole > 0.0 && done > ENOUGH * self.whole).then(|| took.mul_f64(left / done))
    }
}

/// The crates that a package of ours is made of, itself included, for a target or this machine, with their weights.
pub(crate) fn crates(
    workspace: &Workspace,
    package: &str,
    target: Option<&str>,
) -> Result<BTreeMap<String, f64>> {
    let mut cargo = workspace.cargo();
    cargo.args(["tree", "--package", package, "--prefix=none", "--edges=normal,build"]);
    cargo.arg("--format={p}").args(target.iter().flat_map(|target| ["--target", target]));
    let tree = process::output(&mut cargo)?;
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let packages = workspace.metadata["packages"].as_array().context("no packages")?;
    let weigh = |name: &str| -> Result<f64> {
        let Some(own) = packages.iter().find(|package| package["name"] == name) else {
            return Ok(FOREIGN);
        };
        Ok(length(own)? * BY_BYTE)
    };
    names.into_iter().map(|name| Ok((name.to_owned(), weigh(name)?))).collect()
}

/// Bytes of a package's sources.
fn length(package: &Value) -> Result<f64> {
    let manifest = package["manifest_path"].as_str().context("no manifest_path")?;
    let folder = Path::new(manifest).parent().context("no folder")?;
    let mut bytes = 0;
    for file in files::below(&folder.join("src"))? {
        bytes += files::read(&file)?.len();
    }
    Ok(bytes as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_it_did_so_far() {
        let mut work = Work::default();
        let minute = Duration::from_mins(1);
        assert_eq!(work.left(minute), None);
        let crates = [("a", 10.0), ("b", 10.0), ("c", 30.0), ("d", 50.0)];
        work.expect("server", crates.map(|(name, weight)| (name.to_owned(), weight)).into());
        assert_eq!(work.left(minute), None);
        work.skip("server", "d");
        work.done("server", "a");
        assert_eq!(work.left(minute), Some(minute * 4));
        work.done("server", "c");
        work.done("server", "another");
        assert_eq!(work.left(minute), Some(minute / 4));
        work.end("server");
        assert_eq!(work.left(minute), Some(Duration::ZERO));
    }
}
