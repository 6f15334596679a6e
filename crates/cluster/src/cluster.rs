//! A private Postgres, while it runs.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use tracing::{info, warn};

use crate::Error;
use crate::binaries::Binaries;
use crate::folder::{self, DataFolder};
use crate::initdb;
use crate::owner::Owner;
use crate::postmaster::{self, Postmaster, Status};
use crate::socket;

/// The database every cluster is made with.
pub(crate) const DATABASE: &str = "wattlens";

/// Recovery after a crash replays at most `max_wal_size`, so this is ample.
const START_WITHIN: Duration = Duration::from_mins(2);
/// A server told to stop has ten seconds for everything.
const STOP_WITHIN: Duration = Duration::from_secs(7);
const POLL_EVERY: Duration = Duration::from_millis(20);

/// How to start a cluster.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Folders to look for Postgres in, after `PATH` and the system's own: binaries, or a folder
    /// with a `node_modules`.
    pub search: Vec<PathBuf>,
    /// Settings that go over those of the cluster's `postgresql.conf`, such as
    /// `("fsync", "off")` for tests.
    pub settings: Vec<(String, String)>,
    /// What this process is called where others find the data folder in use.
    pub name: String,
}

/// A running private cluster. Dropped, it stops what it started; one that was found running is
/// left running unless [`Cluster::stop`] is called.
#[derive(Debug)]
pub struct Cluster {
    data: DataFolder,
    folder: PathBuf,
    owner: Owner,
    binaries: Binaries,
    settings: Vec<(String, String)>,
    socket_folder: PathBuf,
    /// `None` where an earlier process of ours started it.
    child: Option<Child>,
    stop_on_drop: bool,
    /// Held as long as the handle lives; the system lets go of it if we are killed.
    _lock: File,
}

impl Cluster {
    /// Starts the cluster of `data_dir` and waits until it accepts connections. The first start
    /// makes it; one left running by a killed process is adopted.
    pub fn start(data_dir: &Path, options: &Options) -> Result<Self, Error> {
        let data = DataFolder::create(data_dir)?;
        let lock = data.lock(&options.name)?;
        let (folder, owner, binaries) = if let Some(folder) = data.cluster()? {
            let owner = Owner::of_cluster(&folder)?;
            let major = folder::major_version(&folder)?;
            let binaries = Binaries::for_major(&options.search, major, &folder)?;
            (folder, owner, binaries.runnable_by(owner)?)
        } else {
            let owner = Owner::for_new_cluster()?;
            let binaries = Binaries::find(&options.search)?.runnable_by(owner)?;
            (initdb::create(&data, owner, &binaries)?, owner, binaries)
        };
        let mut cluster = Self {
            socket_folder: socket::folder(&folder, owner)?,
            data,
            folder,
            owner,
            binaries,
            settings: options.settings.clone(),
            child: None,
            stop_on_drop: false,
            _lock: lock,
        };
        cluster.run()?;
        Ok(cluster)
    }

    /// The URL of the database, which needs no password for root and the cluster's user.
    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// The same of another database of the cluster.
    pub fn url_of(&self, database: &str) -> String {
        socket::url(&self.socket_folder, database)
    }

    /// Whether `data_dir` has a cluster.
    pub fn is_made(data_dir: &Path) -> Result<bool, Error> {
        data_dir.join("postgres").try_exists().map_err(Error::io("open", data_dir))
    }

    /// The URL of the cluster that some process runs for `data_dir`.
    pub fn running_url(data_dir: &Path) -> Result<String, Error> {
        let not_running = || Error::NotRunning(data_dir.to_owned());
        if !data_dir.exists() {
            return Err(not_running());
        }
        let folder = DataFolder::existing(data_dir)?.cluster()?.ok_or_else(not_running)?;
        let running = Postmaster::of(&folder)?.filter(|running| running.status == Status::Ready);
        let running = running.ok_or_else(not_running)?;
        Ok(socket::url(&running.socket_folder, DATABASE))
    }

    /// The folder with the cluster's files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The programs it runs on.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Starts the cluster again if it is down, and says whether it was. A server calls this from
    /// time to time: an out-of-memory killer takes the largest process, which is Postgres.
    pub fn revive(&mut self) -> Result<bool, Error> {
        if self.is_alive()? {
            return Ok(false);
        }
        warn!("Postgres is gone; starting it again");
        self.run()?;
        Ok(true)
    }

    /// Stops the cluster: clients are disconnected, everything is on disk when this returns.
    pub fn stop(mut self) -> Result<(), Error> {
        self.stop_on_drop = false;
        self.shut_down()
    }

    /// Lets the cluster run on for a later [`Cluster::start`] to adopt.
    pub fn detach(mut self) {
        self.stop_on_drop = false;
    }

    /// Adopts the running postmaster or launches one.
    fn run(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START_WITHIN;
        loop {
            match Postmaster::of(&self.folder)? {
                Some(running) if running.status == Status::Ready => {
                    info!(pid = running.pid.as_raw(), "Postgres accepts connections");
                    self.socket_folder = running.socket_folder;
                    return Ok(());
                }
                Some(_) => {}
                None if self.is_alive()? => {}
                None => self.launch()?,
            }
            if Instant::now() > deadline {
                return Err(self.too_slow("starting Postgres", START_WITHIN));
            }
            thread::sleep(POLL_EVERY);
        }
    }

    /// Whether the process we launched, or the one we adopted, is there.
    fn is_alive(&mut self) -> Result<bool, Error> {
        let Some(child) = &mut self.child else {
            return Ok(Postmaster::of(&self.folder)?.is_some());
        };
        let Some(status) = child.try_wait().map_err(Error::io("wait for", &self.folder))? else {
            return Ok(true);
        };
        self.child = None;
        let log = fs::read_to_string(self.data.startup_log()).unwrap_or_default();
        // After a crash the old server's children may need a moment to notice and leave.
        if status.signal().is_some() || log.contains("pre-existing shared memory block") {
            return Ok(false);
        }
        if status.success() {
            return Ok(false);
        }
        let last_words = log.lines().find(|line| line.contains("FATAL")).unwrap_or_default();
        let output = format!("{last_words} (log: {})", self.folder.join("log").display());
        Err(Error::Postgres { step: "starting Postgres", output })
    }

    fn launch(&mut self) -> Result<(), Error> {
        postmaster::remove_stale_files(&self.folder, &self.socket_folder)?;
        let log = self.data.startup_log();
        let log = File::create(&log).map_err(Error::io("create", &log))?;
        let program = self.binaries.program("postgres");
        let mut command = self.owner.command(&program);
        command.arg("-D").arg(&self.folder).arg("-k").arg(&self.socket_folder);
        command.args(["-c", "listen_addresses=", "-c", "port=5432"]);
        command.args(["-c", "unix_socket_permissions=0700"]);
        for (name, value) in &self.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().map_err(Error::io("run", &program))?);
        self.stop_on_drop = true;
        Ok(())
    }

    fn shut_down(&mut self) -> Result<(), Error> {
        // Fast: clients are disconnected. Immediate: no last checkpoint, the next start recovers.
        for signal in [Signal::SIGINT, Signal::SIGQUIT] {
            let deadline = Instant::now() + STOP_WITHIN;
            if let Some(running) = Postmaster::of(&self.folder)? {
                running.signal(signal);
            }
            while Instant::now() < deadline {
                if !self.is_alive()? {
                    info!("Postgres has stopped");
                    return socket::remove_folder(&self.socket_folder, &self.folder);
                }
                thread::sleep(POLL_EVERY);
            }
            warn!("Postgres needs longer than {} s to stop", STOP_WITHIN.as_secs());
        }
        Err(self.too_slow("stopping Postgres", 2 * STOP_WITHIN))
    }

    fn too_slow(&self, step: &'static str, waited: Duration) -> Error {
        Error::Deadline { step, seconds: waited.as_secs(), log: self.folder.join("log") }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.stop_on_drop
            && let Err(error) = self.shut_down()
        {
            warn!(%error, "Postgres could not be stopped");
        }
    }
}
