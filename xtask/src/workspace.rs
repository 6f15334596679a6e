//! Paths in the repository and its target folder.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;
use crate::site::Quality;

/// The repository and what Cargo knows of it.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the developer keeps it.
    pub(crate) target: PathBuf,
    /// The answer of `cargo metadata` for the members alone.
    pub(crate) metadata: Value,
    /// Whether Clippy compiles the project's own crates: its lints cost a tenth of a build, a build of its own a
    /// half.
    lints: bool,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        // Two checkouts with one target folder: Cargo takes the one's programs for the other's.
        if let Some(asked) =
            env::var_os("CARGO_MANIFEST_DIR").filter(|asked| here != Path::new(asked))
        {
            bail!(
                "this `cargo xtask` was built in {}, not in {}: run `cargo clean`, and give each checkout a target \
                 folder of its own",
                here.display(),
                asked.display()
            );
        }
        let root = here.parent().context("xtask is not inside the repository")?.to_owned();
        let mut cargo = cargo_in(&root);
        let answer = process::output(cargo.args(["metadata", "--no-deps", "--format-version=1"]))?;
        let metadata: Value = serde_json::from_str(&answer)?;
        let target = metadata["target_directory"].as_str().context("no target_directory")?.into();
        Ok(Self { root, target, metadata, lints: false })
    }

    /// The same, with Clippy in place of the compiler.
    pub(crate) fn with_lints(self) -> Self {
        Self { lints: true, ..self }
    }

    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = cargo_in(&self.root);
        if self.lints {
            cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
        }
        cargo
    }

    /// The folder of tools installed for this repository only.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The npm packages and the browser tests.
    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// The built web assets.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    pub(crate) fn server(&self, quality: Quality) -> PathBuf {
        let folder = if quality == Quality::Development { "debug" } else { quality.profile() };
        self.target.join(folder).join(format!("wattlens{}", env::consts::EXE_SUFFIX))
    }
}

fn cargo_in(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    // What Cargo says of xtask itself: build scripts that heed it would run anew, and all above them be
    // compiled again, whenever Cargo is run with xtask and without by turns.
    let of_xtask =
        |name: &str| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|it| name.starts_with(it));
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_xtask)) {
        command.env_remove(name);
    }
    command
}
