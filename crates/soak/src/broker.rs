//! A stock mosquitto that keeps what waits on disk.

use std::fs;
use std::net::{Ipv4Addr, TcpListener as Listener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// A running broker, killed when dropped.
pub(crate) struct Broker {
    process: Child,
    settings: PathBuf,
    pub(crate) port: u16,
}

impl Broker {
    pub(crate) async fn start(folder: &Path) -> Result<Self> {
        let port = Listener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let settings = folder.join("mosquitto.conf");
        // Started by root it would become another user, who may not write there.
        let user = if nix::unistd::geteuid().is_root() { "user root\n" } else { "" };
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\nlog_type error\npersistence true\n\
             persistence_location {}/\nmax_queued_messages 0\n{user}",
            folder.display()
        );
        fs::write(&settings, text)?;
        let process = run(&settings, port).await?;
        Ok(Self { process, settings, port })
    }

    /// Stops it, so that it writes down what waits, and starts it again.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        let id = self.process.id().context("the broker has ended")?;
        kill(Pid::from_raw(id.try_into()?), Signal::SIGTERM)?;
        timeout(PATIENCE, self.process.wait()).await??;
        self.process = run(&self.settings, self.port).await?;
        Ok(())
    }
}

async fn run(settings: &Path, port: u16) -> Result<Child> {
    // Debian keeps it where only root looks.
    let found = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];
    let program = found.into_iter().find(|path| Path::new(path).exists()).unwrap_or("mosquitto");
    let mut command = Command::new(program);
    command.arg("-c").arg(settings).stdout(Stdio::null()).kill_on_drop(true);
    let process = command.spawn().context("mosquitto")?;
    let listens = async {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            sleep(POLL).await;
        }
    };
    if timeout(PATIENCE, listens).await.is_err() {
        bail!("the broker does not listen");
    }
    Ok(process)
}
