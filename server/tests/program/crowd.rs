//! Many that say nothing, or their request without end, beside those who have something to say.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use reqwest::Method;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::{Program, client, ended};

const SILENT: usize = 1_100;
const SLOW: usize = 40;
const SERIAL: &str = "001EC6000D80";

/// A meter that is read over HTTP, and how often it was.
async fn meter() -> (String, Arc<AtomicUsize>) {
    let reads = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&reads);
    let read = move || {
        let n = counted.fetch_add(1, Ordering::Relaxed);
        async move { format!(r#"{{"power": 12.5, "energy": {n}}}"#) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, Router::new().route("/", get(read))).into_future());
    (url, reads)
}

/// A status that a logger uploads; whether it was taken.
async fn upload(program: &Program) -> bool {
    let part = |name: &str, value: &str| {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields = [("MODE", "STATUS"), ("SERIALNUMBER", SERIAL), ("PASSWORD", "upload-secret")];
    let body: String = fields.iter().map(|(name, value)| part(name, value)).collect();
    let request = client().post(format!("{}/acquisuite/upload", program.address));
    let request = request.header("content-type", "multipart/form-data; boundary=B");
    let answer = request.body(body + "--B--\r\n").send().await.unwrap();
    answer.text().await.unwrap().contains("SUCCESS")
}

/// An upload of a stranger behind a proxy that never comes to its end.
async fn slow(address: SocketAddr, n: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /acquisuite/upload HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-For: 203.0.113.{}\r\n\
         Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 100000\r\n\r\n--B\r\n",
        n / 8
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_crowd_that_says_nothing_stops_neither_drivers_nor_clients_nor_known_loggers() {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, most, most).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let mut program = Program::start(&data_dir);
    let client = client();
    let (url, reads) = meter().await;
    let device = json!({
        "name": "Polled", "meterType": "grid", "protocol": "http",
        "pollInterval": 1_000,
        "communication": {"url": url, "values": [
            {"field": "activePowerKw", "path": "$.power", "unit": "kW"}]},
    });
    let (status, told) =
        program.send(&client, Method::POST, "/api/energy-meters", Some(&device)).await.unwrap();
    assert_eq!(status, 201, "{told}");
    let logger = json!({"serialNumber": SERIAL, "password": "upload-secret"});
    let path = "/api/acquisuite/loggers";
    let (status, told) = program.send(&client, Method::POST, path, Some(&logger)).await.unwrap();
    assert_eq!(status, 201, "{told}");
    assert!(upload(&program).await, "a logger that is alone is heard");
    // It stays known over a restart.
    program.signal(Signal::SIGTERM);
    assert_eq!(ended(&mut program.child, Duration::from_secs(10)), Some(0));
    let program = Program::start(&data_dir);

    let address: SocketAddr = program.address.trim_start_matches("http://").parse().unwrap();
    let mut crowd = Vec::new();
    for n in 0..SLOW {
        crowd.push(slow(address, n).await);
    }
    for _ in 0..SILENT {
        crowd.push(TcpStream::connect(address).await.unwrap());
    }
    let (before, begun) = (reads.load(Ordering::Relaxed), Instant::now());
    let (status, told) = program.send(&client, Method::GET, "/readyz", None).await.unwrap();
    assert_eq!(status, 200, "{told}");
    assert!(upload(&program).await, "a known logger is heard");
    while reads.load(Ordering::Relaxed) < before + 3 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the meter is not read any more");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(crowd);
    program.signal(Signal::SIGTERM);
}
