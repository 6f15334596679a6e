//! Loggers that record each of their meters every ten seconds, and upload each once a minute.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use benchmark::Result;
use chrono::DateTime;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::interval;

use crate::mixed::meter;
use crate::mixed::plant::{LOGGERS, PASSWORD, RECORDED, serial};

/// Seconds between two lines of a log file.
const STEP: i64 = 10;
/// Seconds between two uploads of a meter.
const ROUND: i64 = 60;
const BOUNDARY: &str = "MIME_BOUNDRY_MIME_BOUNDRY";

/// Uploads until the process ends, one meter after the other.
pub(super) async fn upload(server: SocketAddr) {
    let meters = LOGGERS * RECORDED;
    let mut next = interval(Duration::from_secs(ROUND.unsigned_abs()) / u32::from(meters));
    let begun = meter::now() / STEP * STEP - ROUND;
    let mut recorded = vec![begun; usize::from(meters)];
    loop {
        for (n, last) in (0..meters).zip(&mut recorded) {
            next.tick().await;
            let newest = meter::now() / STEP * STEP;
            match send(server, n, &lines(*last, newest)).await {
                Ok(answer) if answer.lines().any(|line| line == "SUCCESS") => *last = newest,
                Ok(answer) => eprintln!("logger: {answer}"),
                Err(error) => eprintln!("logger: {error}"),
            }
        }
    }
}

/// The log file from after `last` to `newest`.
fn lines(last: i64, newest: i64) -> String {
    let mut text = String::new();
    let times = (last / STEP + 1..=newest / STEP).map(|step| step * STEP);
    for (seconds, at) in times.filter_map(|s| Some((s, DateTime::from_timestamp(s, 0)?))) {
        let (energy, power) = (meter::counter(seconds), meter::wave(10.0, seconds));
        let (at, voltage) = (at.format("%Y-%m-%d %H:%M:%S"), meter::wave(230.0, seconds));
        writeln!(text, "'{at}',0,0x00,0x00,{energy:.3},{power:.3},{voltage:.1}").ok();
    }
    text
}

/// Sends the log file of a meter, and answers what came back.
async fn send(server: SocketAddr, n: u16, text: &str) -> Result<String> {
    let (serial, address) = (serial(n / RECORDED), n % RECORDED + 1);
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    file.write_all(text.as_bytes())?;
    let address = address.to_string();
    let fields = [
        ("MODE", "LOGFILEUPLOAD"),
        ("SERIALNUMBER", &serial),
        ("PASSWORD", PASSWORD),
        ("MODBUSDEVICE", &address),
    ];
    let mut body = Vec::new();
    for (name, value) in fields {
        write!(
            body,
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )?;
    }
    write!(
        body,
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"LOGFILE\"; \
         filename=\"mb-{address:0>3}.log.gz\"\r\n\r\n"
    )?;
    body.extend(file.finish()?);
    write!(body, "\r\n--{BOUNDARY}--\r\n")?;
    let head = format!(
        "POST /acquisuite/upload HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
