//! A small disk of its own for the data folder, which can be full. Only root can make one.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

/// Room for what an hour brings, with the log that Postgres writes ahead.
const SIZE: &str = "size=3g,mode=0755";
const BLOCK: usize = 8 << 20;

/// Taken away when dropped.
#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// One at a folder, which Postgres, that root starts as another user, can enter; none for others than root.
    pub(crate) fn open(folder: &Path) -> Result<Option<Self>> {
        if !nix::unistd::geteuid().is_root() {
            return Ok(None);
        }
        fs::create_dir_all(folder)?;
        if let Some(above) = folder.parent() {
            fs::set_permissions(above, Permissions::from_mode(0o711))?;
        }
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(folder);
        ensure!(mount.status()?.success(), "no disk could be made at {}", folder.display());
        Ok(Some(Self { folder: folder.to_owned() }))
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }

    /// Fills it to the last byte.
    pub(crate) fn fill(&self) -> Result<()> {
        let (mut ballast, block) = (File::create(self.ballast())?, vec![1; BLOCK]);
        loop {
            match ballast.write(&block) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Makes room again.
    pub(crate) fn free(&self) -> Result<()> {
        Ok(fs::remove_file(self.ballast())?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What still runs there keeps it until it ends.
        Command::new("umount").arg("-l").arg(&self.folder).status().ok();
    }
}
