//! Where a cluster's files are.

use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tracing::warn;

use crate::Error;
use crate::binaries::{Binaries, hash};
use crate::owner::Owner;

/// Where clusters of root's data folders live that the cluster's user cannot enter.
pub(crate) const SYSTEM_FOLDER: &str = "/var/lib/wattlens";

/// Bytes of the name of whoever holds a folder that are read.
const LONGEST_NAME: u64 = 200;

/// The data folder of an installation, absolute; its cluster is at `postgres` below it, a folder
/// or a link to one under [`SYSTEM_FOLDER`].
#[derive(Debug)]
pub(crate) struct DataFolder(PathBuf);

impl DataFolder {
    /// Opens the folder, and makes it first if need be.
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        if path.exists() && !path.is_dir() {
            return Err(Error::NotAFolder(path.to_owned()));
        }
        fs::create_dir_all(path).map_err(Error::io("create", path))?;
        Self::existing(path)
    }

    pub(crate) fn existing(path: &Path) -> Result<Self, Error> {
        path.canonicalize().map(Self).map_err(Error::io("open", path))
    }

    /// Takes the folder for the process of this name, until the file is closed.
    pub(crate) fn lock(&self, name: &str) -> Result<File, Error> {
        let path = self.0.join("postgres.lock");
        let mut options = File::options();
        // What stands in it is another's as long as that one holds it.
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(self.in_use(file)),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        let named = file.set_len(0).and_then(|()| file.write_all(name.as_bytes()));
        if let Err(error) = named {
            // The folder is held all the same.
            warn!(%error, "others will not see who uses {}", self.0.display());
        }
        Ok(file)
    }

    /// Who holds the folder, as far as its lock tells.
    fn in_use(&self, lock: File) -> Error {
        let since =
            lock.metadata().and_then(|of| of.modified()).unwrap_or_else(|_| SystemTime::now());
        let mut name = String::new();
        let read = lock.take(LONGEST_NAME).read_to_string(&mut name);
        let by = match name.trim() {
            named if read.is_ok() && !named.is_empty() => named.to_owned(),
            _ => "another process".to_owned(),
        };
        Error::InUse { folder: self.0.clone(), by, since }
    }

    /// What Postgres writes before its own log is open.
    pub(crate) fn startup_log(&self) -> PathBuf {
        self.0.join("postgres-startup.log")
    }

    /// The cluster's folder where one was made already.
    pub(crate) fn cluster(&self) -> Result<Option<PathBuf>, Error> {
        let link = self.0.join("postgres");
        if !link.is_symlink() && !link.exists() {
            return Ok(None);
        }
        let folder = link.canonicalize().map_err(Error::io("open", &link))?;
        if folder.join("PG_VERSION").exists() {
            Ok(Some(folder))
        } else {
            Err(Error::NotACluster(link))
        }
    }

    /// Where a new cluster for `owner` belongs.
    pub(crate) fn place_for(&self, owner: Owner, binaries: &Binaries) -> Result<PathBuf, Error> {
        if owner.can_run(&binaries.program("postgres"), &self.0)? {
            return Ok(self.0.join("postgres"));
        }
        fs::create_dir_all(SYSTEM_FOLDER).map_err(Error::io("create", Path::new(SYSTEM_FOLDER)))?;
        // A folder of that name may be left from a data folder that was deleted since.
        let name = format!("{:016x}", hash(&self.0));
        let mut place = Path::new(SYSTEM_FOLDER).join(&name);
        let mut number = 1;
        while place.exists() {
            number += 1;
            place.set_file_name(format!("{name}-{number}"));
        }
        Ok(place)
    }

    /// Makes the finished cluster at `made` the one of this data folder, at `place`.
    pub(crate) fn adopt(&self, made: &Path, place: &Path) -> Result<PathBuf, Error> {
        fs::rename(made, place).map_err(Error::io("rename", made))?;
        let link = self.0.join("postgres");
        if place != link {
            symlink(place, &link).map_err(Error::io("create", &link))?;
        }
        Ok(place.to_owned())
    }
}

/// The major version that made a cluster.
pub(crate) fn major_version(cluster: &Path) -> Result<u32, Error> {
    let file = cluster.join("PG_VERSION");
    let text = fs::read_to_string(&file).map_err(Error::io("read", &file))?;
    let digits = text.trim().split('.').next().unwrap_or_default();
    digits.parse().map_err(|_| Error::NotACluster(cluster.to_owned()))
}
