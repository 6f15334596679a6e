//! The program as it is started, killed and stopped.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot set up its world has failed"
)]

mod backup;
mod budgets;
mod crowd;
mod demo;
mod faults;
mod field_cases;
mod pages;
mod people;
mod roles;
mod settings;
mod standby;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::{ConnectOptions as _, PgPool};

/// A running `wattlens`, killed when dropped.
struct Program {
    child: Child,
    address: String,
}

/// The program with a data folder and without the environment's settings.
fn wattlens(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wattlens"));
    for name in ["DATABASE_URL", "WATTLENS_LISTEN", "WATTLENS_DATA_DIR", "WATTLENS_DEMO"] {
        command.env_remove(name);
    }
    command.arg("serve").arg("--data-dir").arg(data_dir).arg("--site-root").arg(site(data_dir));
    command
}

/// Web assets with nothing in them: these tests look at the API.
fn site(data_dir: &Path) -> std::path::PathBuf {
    let site = data_dir.with_extension("site");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(site.join("site.json"), r#"{"pkg":"pkg/none"}"#).unwrap();
    site
}

impl Program {
    /// Starts it on a free port and waits until it says that it is ready.
    fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &[])
    }

    /// Starts it on the database of a test: one of its own takes seconds to be made.
    fn start_on(pool: &PgPool, data_dir: &Path, arguments: &[&str]) -> Self {
        let database = pool.connect_options().to_url_lossy().to_string();
        let all: [&[&str]; 2] = [&["--database-url", &database], arguments];
        Self::start_with(data_dir, &all.concat())
    }

    fn start_with(data_dir: &Path, arguments: &[&str]) -> Self {
        let free: &[&str] =
            if arguments.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        let mut command = wattlens(data_dir);
        if arguments.contains(&"--demo") {
            // Its data are made up and may be made again; a slow disk would let it wait for most of its history.
            command.env("PGOPTIONS", "-c synchronous_commit=off");
        }
        let mut child = command.args(free).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("ready on ").map(|(_, address)| address.to_owned()))
            .expect("it says where it is ready");
        // Nobody reading would stop it as soon as the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    fn signal(&self, signal: nix::sys::signal::Signal) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(pid, signal).unwrap();
    }

    async fn send(
        &self,
        client: &reqwest::Client,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<(u16, Value)> {
        let mut request = client.request(method, format!("{}{path}", self.address));
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(serde_json::to_vec(body).unwrap());
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}

/// Where the private database of a running program is reached.
fn database_url(data_dir: &Path) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wattlens"));
    command.arg("database-url").arg("--data-dir").arg(data_dir).env_remove("DATABASE_URL");
    let url = String::from_utf8(command.output().ok()?.stdout).ok()?;
    Some(url.trim().to_owned())
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn client() -> reqwest::Client {
    // Twice in one process is harmless: the first provider stays.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().timeout(Duration::from_secs(15)).build().unwrap()
}

/// Waits until a child has ended, and answers its code.
fn ended(child: &mut Child, within: Duration) -> Option<i32> {
    let deadline = Instant::now() + within;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    None
}
