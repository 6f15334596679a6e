//! The unprivileged user whose processes and files the cluster is.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{User, geteuid};

use crate::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    uid: u32,
    gid: u32,
    /// We are root and become this user for every Postgres process.
    switched: bool,
}

impl Owner {
    /// Whoever started us, but never root.
    pub(crate) fn for_new_cluster() -> Result<Self, Error> {
        if !geteuid().is_root() {
            return Ok(Self {
                uid: geteuid().as_raw(),
                gid: nix::unistd::getegid().as_raw(),
                switched: false,
            });
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self { uid: user.uid.as_raw(), gid: user.gid.as_raw(), switched: true })
            .ok_or(Error::NoUnprivilegedUser)
    }

    /// The user who owns an existing cluster, if we may act as them.
    pub(crate) fn of_cluster(folder: &Path) -> Result<Self, Error> {
        let metadata = fs::metadata(folder).map_err(Error::io("inspect", folder))?;
        let (uid, gid) = (metadata.uid(), metadata.gid());
        let me = geteuid();
        let allowed = if me.is_root() { uid != 0 } else { uid == me.as_raw() };
        if !allowed {
            let folder = folder.to_owned();
            return Err(Error::WrongOwner { folder, uid });
        }
        Ok(Self { uid, gid, switched: me.is_root() })
    }

    pub(crate) fn uid(self) -> u32 {
        self.uid
    }

    /// Whether root acts for someone else.
    pub(crate) fn is_switched(self) -> bool {
        self.switched
    }

    /// A command that runs as this user, away from the terminal and its signals, and without
    /// settings of our environment meant for other Postgres clusters.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null()).process_group(0);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C");
        if self.switched {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this user can run `program` with `folder` as its working folder.
    pub(crate) fn can_run(self, program: &Path, folder: &Path) -> Result<bool, Error> {
        let answer = self
            .command(program)
            .arg("--version")
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match answer {
            Ok(status) => Ok(status.success()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(Error::io("run", program)(error)),
        }
    }

    /// Creates an empty folder that only this user and root can enter.
    pub(crate) fn create_private_folder(self, folder: &Path) -> Result<(), Error> {
        fs::create_dir(folder).map_err(Error::io("create", folder))?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .map_err(Error::io("protect", folder))?;
        if self.switched {
            chown(folder, Some(self.uid), Some(self.gid))
                .map_err(Error::io("hand over", folder))?;
        }
        Ok(())
    }
}
