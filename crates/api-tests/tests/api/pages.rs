//! The pages as the program serves them, before anything runs in a browser: what they say, and that nothing
//! in them is taken for markup.

mod empty;
mod hostile;
mod html;
mod plant;

use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use server::assets::Inside;
use server::start::StartError;
use sqlx::{ConnectOptions as _, PgPool};

use crate::{Answer, Request};

/// The program in a thread of its own, which ends with the test's process.
struct Program {
    address: SocketAddr,
    served: JoinHandle<Result<(), StartError>>,
}

impl Program {
    /// Starts it on a database, and waits until it is ready.
    async fn start(pool: &PgPool, arguments: &[&str]) -> Self {
        let address = free_address();
        let folder = folder(address);
        let database = pool.connect_options().to_url_lossy().to_string();
        let (listen, site) = (address.to_string(), folder.join("site"));
        let own = [
            "wattlens",
            "serve",
            "--listen",
            &listen,
            "--database-url",
            &database,
            "--data-dir",
            text(&folder),
            "--site-root",
            text(&site),
        ];
        let arguments = own.iter().chain(arguments).map(OsString::from);
        let command = server::config::parse(arguments).map_err(|exit| exit.message).unwrap();
        let served = std::thread::spawn(|| server::start::perform(command, Inside::default()));
        let program = Self { address, served };
        program.ready().await;
        program
    }

    async fn ready(&self) {
        for _ in 0..4_800 {
            assert!(!self.served.is_finished(), "the program ended instead of serving");
            let listens = tokio::net::TcpStream::connect(self.address).await.is_ok();
            if listens && self.get("/readyz").await.status == 200 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the program is not ready after two minutes");
    }

    async fn get(&self, path: &str) -> Answer {
        Request::new("GET", path).send(self.address).await
    }

    async fn in_german(&self, path: &str) -> Answer {
        Request::new("GET", path).header("Accept-Language", "de").send(self.address).await
    }

    /// Sends what is to be done; answers the data of what was made.
    async fn done(&self, method: &str, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let answer = Request::new(method, path).json(body).send(self.address).await;
        assert!([200, 201].contains(&answer.status), "{method} {path}: {}", answer.text);
        answer.json()["data"].clone()
    }

    /// Waits until a page is there: what the program knows follows what was stored a moment later.
    async fn shown(&self, path: &str, words: &str) {
        for _ in 0..400 {
            if html::words(&self.get(path).await.text).contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{path} did not say “{words}” within 10 s");
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A data folder, with web assets that have nothing in them.
fn folder(address: SocketAddr) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pages-{}", address.port()));
    let site = folder.join("site");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(site.join("site.json"), r#"{"pkg":"pkg/none"}"#).unwrap();
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
