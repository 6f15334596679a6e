//! The program, as it is started, killed and stopped.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as Listener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Client;
use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::clock::Clock;

const POLL: Duration = Duration::from_millis(50);
/// Starting includes the recovery of a database that was killed.
const READY_WITHIN: Duration = Duration::from_mins(1);
const ENDS_WITHIN: Duration = Duration::from_secs(20);

/// Where it is and what it is started with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) program: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) broker: u16,
    pub(crate) clock: Clock,
}

impl Settings {
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What all of them say, one after the other.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("wattlens.log")
    }

    fn command(&self, data_dir: &Path) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("WATTLENS_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        self.clock.give(&mut command);
        command.arg("serve").arg("--data-dir").arg(data_dir);
        command.args(["--mqtt-url", &format!("mqtt://127.0.0.1:{}", self.broker)]);
        command
    }

    /// How the private database is reached.
    pub(crate) async fn database_url(&self) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.arg("database-url").arg("--data-dir").arg(self.data_dir());
        let output = command.env_remove("DATABASE_URL").output().await?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

/// A running program, killed when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts one with the private database, and waits until it is ready.
    pub(crate) async fn start(settings: &Settings) -> Result<Self> {
        let program = Self::spawn(settings, settings.command(&settings.data_dir()))?;
        program.ready(READY_WITHIN).await?;
        Ok(program)
    }

    /// Starts a second one on the same database, which waits for its turn.
    pub(crate) async fn stand_by(settings: &Settings) -> Result<Self> {
        let mut command = settings.command(&settings.folder.join("second"));
        command.args(["--database-url", &settings.database_url().await?]);
        let program = Self::spawn(settings, command)?;
        let answers = async {
            while program.status("/readyz").await != Some(503) {
                sleep(POLL).await;
            }
        };
        timeout(READY_WITHIN, answers).await.context("the second program does not stand by")?;
        Ok(program)
    }

    fn spawn(settings: &Settings, mut command: Command) -> Result<Self> {
        let address = Listener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let log = File::options().create(true).append(true).open(settings.log())?;
        command.arg("--listen").arg(address.to_string());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
        Ok(Self { child: command.spawn().context("the program")?, address })
    }

    /// Waits until it says that it is ready.
    pub(crate) async fn ready(&self, within: Duration) -> Result<()> {
        let ready = async {
            while self.status("/readyz").await != Some(200) {
                sleep(POLL).await;
            }
        };
        timeout(within, ready).await.context("the program is not ready in time")
    }

    async fn status(&self, path: &str) -> Option<u16> {
        let url = format!("http://{}{path}", self.address);
        let asked = Client::new().get(url).timeout(Duration::from_secs(3)).send().await;
        asked.ok().map(|answer| answer.status().as_u16())
    }

    /// What an address answers.
    pub(crate) async fn text(&self, path: &str) -> Result<String> {
        let asked = Client::new().get(format!("http://{}{path}", self.address));
        let answer = asked.timeout(Duration::from_secs(30)).send().await?;
        Ok(answer.error_for_status()?.text().await?)
    }

    /// Posts something that has to be taken, and answers `data`.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let asked = Client::new().post(format!("http://{}{path}", self.address));
        let asked = asked.header("content-type", "application/json").body(body.to_string());
        let answer = asked.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        if !status.is_success() {
            bail!("{path}: {status} {text}");
        }
        Ok(serde_json::from_str::<Value>(&text)?["data"].take())
    }

    /// Its number among all processes, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let id = self.child.id().context("the program has ended by itself")?;
        Ok(kill(Pid::from_raw(id.try_into()?), signal)?)
    }

    pub(crate) async fn kill(mut self) -> Result<()> {
        self.signal(Signal::SIGKILL)?;
        self.child.wait().await?;
        Ok(())
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        self.signal(Signal::SIGTERM)?;
        let ended = timeout(ENDS_WITHIN, self.child.wait()).await.context("it does not stop")??;
        ensure!(ended.success(), "the program ended with {ended}");
        Ok(())
    }
}
