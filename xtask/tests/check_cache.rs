//! `.ci/run` with a `cargo` that only says where it was called.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A checkout with the real `.ci/run` in it, a home, and programs in front of the system's.
struct Checkout {
    folder: tempfile::TempDir,
}

impl Checkout {
    fn new() -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap() };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/run");
        for folder in [".ci", ".cargo", "xtask", "crates", "target"] {
            fs::create_dir_all(made.path("tree").join(folder)).unwrap();
        }
        fs::create_dir_all(made.path("programs")).unwrap();
        fs::copy(script, made.path("tree/.ci/run")).unwrap();
        for file in ["Cargo.lock", "Cargo.toml", ".cargo/config.toml", "xtask/a", "crates/a"] {
            fs::write(made.path("tree").join(file), "1").unwrap();
        }
        made.program("cargo", "echo built in $PWD: $(cat crates/a); exit ${STATUS:-0}");
        made.program("rustc", "echo rustc 1");
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn cache(&self) -> PathBuf {
        self.path("home/.cache/wattlens-ci")
    }

    fn program(&self, name: &str, does: &str) {
        let file = self.path("programs").join(name);
        fs::write(&file, format!("#!/bin/sh\n{does}\n")).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs the check; returns its output and whether it passed.
    fn check(&self, more: &[(&str, &str)]) -> (String, bool) {
        let path = format!("{}:{}", self.path("programs").display(), env!("PATH"));
        let mut command = Command::new("bash");
        command.arg(self.path("tree/.ci/run")).env_remove("XDG_CACHE_HOME").env("PATH", path);
        command.env("HOME", self.path("home")).env("CI", "true").envs(more.iter().copied());
        let output = command.output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.success())
    }

    /// Asserts how the next check begins, and that it builds the tree as it is.
    #[track_caller]
    fn begins(&self, how: &str) {
        let (printed, passed) = self.check(&[]);
        assert!(passed && printed.starts_with(&format!("check: {how}")), "{how}: {printed}");
        let source = fs::read_to_string(self.path("tree/crates/a")).unwrap();
        assert!(printed.contains(&format!(": {source}")), "{printed}");
        let in_place = how.contains("in place");
        let folder = if in_place { self.path("tree") } else { self.cache().join("tree") };
        assert!(printed.contains(&format!("built in {}", folder.display())), "{printed}");
    }
}

fn has_rsync() -> bool {
    Command::new("rsync").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_check_is_warm_until_what_all_is_built_with_changes() {
    if !has_rsync() {
        return;
    }
    let checkout = Checkout::new();
    checkout.begins("cold, in /");
    let built = checkout.cache().join("tree/target/built");
    fs::create_dir_all(built.parent().unwrap()).unwrap();
    fs::write(&built, "").unwrap();
    fs::write(checkout.path("tree/crates/a"), "2").unwrap();
    checkout.begins("warm");
    assert!(built.exists(), "what was built stays");
    for file in ["Cargo.lock", ".cargo/config.toml", "xtask/a", ".ci/run"] {
        let path = checkout.path("tree").join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, format!("{text}\n# changed\n")).unwrap();
        checkout.begins("cold, in /");
        assert!(!built.exists(), "{file}");
        checkout.begins("warm");
        fs::create_dir_all(built.parent().unwrap()).unwrap();
        fs::write(&built, "").unwrap();
    }
    checkout.program("rustc", "echo rustc 2");
    checkout.begins("cold, in /");
    let (_, passed) = checkout.check(&[("STATUS", "1")]);
    assert!(!passed, "a check that fails says so");
    checkout.begins("warm");
}

#[test]
fn what_may_hold_a_secret_is_not_kept() {
    if !has_rsync() {
        return;
    }
    let checkout = Checkout::new();
    for file in [".git/config", ".git/HEAD", "data/vault.key"] {
        let file = checkout.path("tree").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "secret").unwrap();
    }
    checkout.begins("cold, in /");
    let kept = |file: &str| checkout.cache().join("tree").join(file).exists();
    assert_eq!([".git/HEAD", ".git/config", "data"].map(kept), [true, false, false]);
    let mode = fs::metadata(checkout.cache()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn a_cache_that_cannot_be_used_is_said_in_one_line() {
    if !has_rsync() {
        return;
    }
    let checkout = Checkout::new();
    let (printed, _) = checkout.check(&[("CI", "")]);
    assert!(printed.starts_with("check: cold, in place: CI is not set"), "{printed}");

    checkout.begins("cold, in /");
    fs::remove_file(checkout.cache().join("key")).unwrap();
    checkout.begins("cold, in /");

    // Held as by a second check at the same time.
    let lock = File::open(checkout.cache().join("lock")).unwrap();
    lock.lock().unwrap();
    checkout.begins("cold, in place: another check uses the cache");
    drop(lock);

    checkout.program("df", "echo x; echo x 1 1 1 1% /");
    checkout.begins("cold, in place: the disk of");
    assert!(!checkout.cache().join("tree").exists(), "what fills the disk is removed first");
    fs::remove_file(checkout.path("programs/df")).unwrap();
    checkout.program("du", "echo 99999999");
    checkout.begins("cold, in /");
    fs::remove_file(checkout.path("programs/du")).unwrap();

    checkout.program("rsync", "exit 11");
    checkout.begins("cold, in place: the tree could not be copied");
    fs::remove_file(checkout.path("programs/rsync")).unwrap();
    checkout.begins("cold, in /");

    // Root may write everywhere: a file in the folder's place is refused to root, too.
    fs::remove_dir_all(checkout.cache()).unwrap();
    fs::write(checkout.cache(), "").unwrap();
    checkout.begins("cold, in place: /");
}
