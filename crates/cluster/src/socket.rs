//! The Unix socket of a cluster: where it is, and the URL that leads to it.

use std::env;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::binaries::hash;
use crate::owner::Owner;

/// What Postgres calls its socket for the standard port.
const SOCKET: &str = ".s.PGSQL.5432";

/// The file that says which process has the socket.
pub(crate) const LOCK: &str = ".s.PGSQL.5432.lock";

/// The longest socket path every supported system takes (macOS: 104 bytes with the final zero).
const LONGEST: usize = 100;

/// The folder for the cluster's socket: the cluster's own, which no one else can enter, or one
/// like it under the run directory where that path is too long.
pub(crate) fn folder(cluster: &Path, owner: Owner) -> Result<PathBuf, Error> {
    if fits(cluster) {
        return Ok(cluster.to_owned());
    }
    let folder = run_directory(owner).join(format!("wattlens-{:016x}", hash(cluster)));
    if folder.is_symlink() || folder.exists() {
        // Anyone may have put it there, in a shared folder such as /tmp.
        let metadata = fs::symlink_metadata(&folder).map_err(Error::io("inspect", &folder))?;
        if !metadata.is_dir() || metadata.uid() != owner.uid() || metadata.mode() & 0o077 != 0 {
            return Err(Error::WrongOwner { folder, uid: metadata.uid() });
        }
    } else {
        owner.create_private_folder(&folder)?;
    }
    Ok(folder)
}

/// Removes the folder of a stopped cluster's socket where it was made for nothing else.
pub(crate) fn remove_folder(folder: &Path, cluster: &Path) -> Result<(), Error> {
    if folder == cluster || !folder.exists() {
        return Ok(());
    }
    fs::remove_dir(folder).map_err(Error::io("remove", folder))
}

/// Whether a socket in `folder` has a name that Postgres and its clients take. Postgres splits
/// the setting at commas and strips quotes, so only plain characters are let through.
fn fits(folder: &Path) -> bool {
    let path = folder.join(SOCKET);
    let bytes = path.as_os_str().as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    bytes.len() <= LONGEST && bytes.iter().all(plain)
}

fn run_directory(owner: Owner) -> PathBuf {
    let own = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    // Root's own run directory is closed to the user the cluster runs as.
    let candidates = if owner.is_switched() { [Some("/run".into()), None] } else { [own, None] };
    let usable = |folder: &PathBuf| folder.is_dir() && folder.as_os_str().len() <= 50;
    candidates.into_iter().flatten().find(usable).unwrap_or_else(|| "/tmp".into())
}

/// The URL of database `database` behind a socket in `folder`, as sqlx and psql take it.
pub(crate) fn url(folder: &Path, database: &str) -> String {
    let encoded = |&byte: &u8| {
        if byte.is_ascii_alphanumeric() || b"._-~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    let host: String = folder.as_os_str().as_bytes().iter().map(encoded).collect();
    format!("postgres://postgres@localhost:5432/{database}?host={host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_carries_any_folder() {
        assert_eq!(
            url(Path::new("/var/lib/a b,ü"), "wattlens"),
            "postgres://postgres@localhost:5432/wattlens?host=%2Fvar%2Flib%2Fa%20b%2C%C3%BC"
        );
    }

    #[test]
    fn only_short_and_plain_folders_hold_the_socket() {
        assert!(fits(Path::new("/var/lib/wattlens/0123456789abcdef")));
        assert!(fits(Path::new(&format!("/{}", "a".repeat(LONGEST - SOCKET.len() - 2)))));
        assert!(!fits(Path::new(&format!("/{}", "a".repeat(LONGEST - SOCKET.len() - 1)))));
        assert!(!fits(Path::new("/srv/a,b")));
    }
}
