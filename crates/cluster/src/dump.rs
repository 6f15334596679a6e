//! Everything in a database as one file, and back: with Postgres' own tools, which read a snapshot while
//! others go on writing.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use percent_encoding::percent_decode_str;
use url::Url;

use crate::Error;
use crate::binaries::{self, Binaries};

/// The table that every database of this program has.
const MARK: &str = " TABLE DATA public _sqlx_migrations ";
const TABLE_DATA: &str = " TABLE DATA ";

/// `pg_dump` and `pg_restore` of one version.
#[derive(Debug, Clone)]
pub struct Tools {
    folder: PathBuf,
}

/// How far a tool is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The table that it has begun with.
    pub table: String,
    /// Which one it is, from 1.
    pub nth: usize,
}

impl Tools {
    /// Those that fit a server of this major version: of the same one, else of the next later one.
    /// Looked for where Postgres is looked for, `extra` included.
    ///
    /// # Errors
    /// There are none.
    pub fn find(extra: &[PathBuf], major: u32) -> Result<Self, Error> {
        let folder = Binaries::with_tool("pg_dump", extra, major);
        folder.map(|folder| Self { folder }).ok_or_else(|| binaries::no_tools(major))
    }

    /// Writes everything in a database into a file, which takes the place of an older one once it is
    /// whole. Its owner alone may read it.
    ///
    /// # Errors
    /// What the tool says, or the file cannot be written; then an older file stays.
    pub fn dump(&self, url: &str, file: &Path, told: impl FnMut(&Step)) -> Result<u64, Error> {
        let unfinished = unfinished(file);
        let written = self.dump_into(url, &unfinished, told).and_then(|()| {
            let bytes = sync(&unfinished)?;
            fs::rename(&unfinished, file).map_err(Error::io("write", file))?;
            Ok(bytes)
        });
        if written.is_err() {
            fs::remove_file(&unfinished).ok();
        }
        written
    }

    fn dump_into(&self, url: &str, file: &Path, told: impl FnMut(&Step)) -> Result<(), Error> {
        let mut private = File::options();
        private.write(true).create(true).truncate(true).mode(0o600);
        let into = private.open(file).map_err(Error::io("write", file))?;
        let mut command = self.command("pg_dump", url)?;
        command
            .args(["--format=custom", "--no-owner", "--no-privileges", "--verbose"])
            .stdout(into);
        follow(command, "writing the backup", "dumping contents of table ", told)
    }

    /// How many tables a file has the rows of.
    ///
    /// # Errors
    /// It cannot be read, or no database of this program was written into it.
    pub fn tables_in(&self, file: &Path) -> Result<usize, Error> {
        File::open(file).map_err(Error::io("read", file))?;
        let program = self.folder.join("pg_restore");
        let output = Command::new(&program).arg("--list").arg(file).output();
        let output = output.map_err(Error::io("run", &program))?;
        let list = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() || !list.contains(MARK) {
            return Err(Error::NoBackup(file.to_owned()));
        }
        Ok(list.lines().filter(|line| line.contains(TABLE_DATA)).count())
    }

    /// Brings what a file holds into an empty database: all of it or nothing.
    ///
    /// # Errors
    /// What the tool says.
    pub fn restore(&self, file: &Path, url: &str, told: impl FnMut(&Step)) -> Result<(), Error> {
        let mut command = self.command("pg_restore", url)?;
        command.args(["--no-owner", "--no-privileges", "--verbose"]);
        command.args(["--exit-on-error", "--single-transaction"]).arg(file).stdout(Stdio::null());
        follow(command, "restoring the backup", "processing data for table ", told)
    }

    /// One of the tools, which finds the database by its arguments but for the password: arguments are seen
    /// by everybody on the machine.
    fn command(&self, name: &str, url: &str) -> Result<Command, Error> {
        let mut url = Url::parse(url).map_err(|_| Error::NoUrl)?;
        let mut command = Command::new(self.folder.join(name));
        if let Some(password) = url.password() {
            command.env("PGPASSWORD", percent_decode_str(password).decode_utf8_lossy().as_ref());
            url.set_password(None).map_err(|()| Error::NoUrl)?;
        }
        command.arg("--dbname").arg(url.as_str()).env("LC_ALL", "C").stdin(Stdio::null());
        Ok(command)
    }
}

/// Runs a tool to its end, and tells of each table that it begins with.
fn follow(
    mut command: Command,
    step: &'static str,
    begins: &str,
    mut told: impl FnMut(&Step),
) -> Result<(), Error> {
    let program = PathBuf::from(command.get_program());
    let mut child = command.stderr(Stdio::piped()).spawn().map_err(Error::io("run", &program))?;
    let (mut nth, mut last) = (0, String::new());
    if let Some(said) = child.stderr.take() {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if let Some((_, table)) = line.split_once(begins) {
                nth += 1;
                told(&Step { table: table.trim_matches('"').replace("public.", ""), nth });
            } else if line.contains("error:") {
                last = line;
            }
        }
    }
    let status = child.wait().map_err(Error::io("wait for", &program))?;
    if status.success() { Ok(()) } else { Err(Error::Postgres { step, output: last }) }
}

/// Beside the file, so that the one can take the other's place.
fn unfinished(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".unfinished");
    name.into()
}

/// Brings a file to the disk, and answers its size in bytes.
fn sync(path: &Path) -> Result<u64, Error> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.sync_all().map_err(Error::io("write", path))?;
    Ok(file.metadata().map_err(Error::io("inspect", path))?.len())
}
