//! What the meters are read from: a process of its own, so that its work is not counted as ours.

mod gateway;
mod http;
mod logger;
mod mqtt;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use benchmark::Result;
use serde::{Deserialize, Serialize};

use crate::mixed::PEERS;
use crate::mixed::plant::GATEWAYS;

/// The ports on which the peers listen.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Doors {
    pub(crate) modbus: Vec<u16>,
    pub(crate) mqtt: u16,
    pub(crate) http: u16,
}

/// The running process.
pub(crate) struct Peers {
    child: Child,
    pub(crate) doors: Doors,
}

impl Peers {
    pub(crate) fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(PEERS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut doors = String::new();
        let said = child.stdout.take().ok_or("no output")?;
        BufReader::new(said).read_line(&mut doors)?;
        Ok(Self { child, doors: serde_json::from_str(&doors)? })
    }

    /// Lets the loggers begin to upload.
    pub(crate) fn upload_to(&mut self, server: SocketAddr) -> Result<()> {
        let asked = self.child.stdin.as_mut().ok_or("no input")?;
        Ok(writeln!(asked, "{server}")?)
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The process: opens its doors, says where they are, waits to be told where to upload, and serves
/// until its input ends.
pub(crate) async fn serve() -> Result<()> {
    let mut modbus = Vec::with_capacity(GATEWAYS);
    for _ in 0..GATEWAYS {
        modbus.push(gateway::start().await?);
    }
    let doors = Doors { modbus, mqtt: mqtt::start().await?, http: http::start().await? };
    println!("{}", serde_json::to_string(&doors)?);
    if let Some(server) = tokio::task::spawn_blocking(line).await?? {
        tokio::spawn(logger::upload(server.parse()?));
    }
    tokio::task::spawn_blocking(line).await??;
    Ok(())
}

/// A line of the input, until that ends.
fn line() -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}
