//! Why there is no private Postgres.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Why the private cluster cannot be used, in words that say what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No usable Postgres on this machine.
    #[error(
        "no PostgreSQL 15 to 18 found: install it with `{install}`, or name a running one with \
         --database-url"
    )]
    NoBinaries {
        /// The command that installs one on this operating system.
        install: String,
    },

    /// No tools for copies of a database.
    #[error("no pg_dump and pg_restore for PostgreSQL {major} found: install them ({install})")]
    NoTools {
        /// The server's major version.
        major: u32,
        /// How to, on this operating system.
        install: String,
    },

    /// What was named is no backup.
    #[error(
        "{0} is no backup of Wattlens, or a damaged one: name a file that `wattlens backup` made"
    )]
    NoBackup(PathBuf),

    /// What names the database is no URL.
    #[error("a database URL reads postgres://user:password@host:5432/name")]
    NoUrl,

    /// The cluster's files were written by a major version that is not installed.
    #[error(
        "{folder} was made by PostgreSQL {made}, but installed here is PostgreSQL {installed}: \
         install PostgreSQL {made}, or name an empty data folder with --data-dir"
    )]
    WrongMajor {
        /// The cluster's folder.
        folder: PathBuf,
        /// The major version that wrote it.
        made: u32,
        /// The major versions found on this machine.
        installed: String,
    },

    /// Another process keeps this data folder's cluster.
    #[error("{folder} is in use by {by}: stop that one, or choose another --data-dir")]
    InUse {
        /// The data folder.
        folder: PathBuf,
        /// The other process, as it called itself.
        by: String,
        /// Since when.
        since: SystemTime,
    },

    /// No cluster runs for this data folder.
    #[error("no cluster runs in {0}: start it with `wattlens serve --data-dir {0}`")]
    NotRunning(PathBuf),

    /// Root needs a user who may run Postgres.
    #[error(
        "Postgres refuses to run as root, and there is no user `postgres` or `nobody` to run it \
         as: create one with `useradd --system postgres`, or start as a normal user"
    )]
    NoUnprivilegedUser,

    /// The cluster's files are someone else's.
    #[error("{folder} belongs to user id {uid}: start as that user, or run `chown -R` on it")]
    WrongOwner {
        /// The cluster's folder.
        folder: PathBuf,
        /// Whose it is.
        uid: u32,
    },

    /// The cluster's folder holds something, but not a cluster.
    #[error("{0} is not a Postgres cluster: move it away, or choose another --data-dir")]
    NotACluster(PathBuf),

    /// The data folder is a file.
    #[error("{0} is not a folder: name another one with --data-dir")]
    NotAFolder(PathBuf),

    /// A step of Postgres failed.
    #[error("{step} failed: {output}")]
    Postgres {
        /// What was being done.
        step: &'static str,
        /// What Postgres said about it.
        output: String,
    },

    /// A step of Postgres took too long.
    #[error("{step} took longer than {seconds} s; the log is in {log}")]
    Deadline {
        /// What was being done.
        step: &'static str,
        /// How long was waited.
        seconds: u64,
        /// Where Postgres writes.
        log: PathBuf,
    },

    /// A file or process operation failed.
    #[error("cannot {step} {path}: {source}")]
    Io {
        /// What was being done.
        step: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: attaches the step and the file to an I/O error.
    pub(crate) fn io(step: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { step, path, source }
    }
}
