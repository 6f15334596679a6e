//! Receivers of messages: a webhook that is not well at first, and the plainest mail server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

async fn within_time<T>(what: &str, heard: &mut mpsc::UnboundedReceiver<T>) -> T {
    let heard = tokio::time::timeout(Duration::from_secs(15), heard.recv()).await;
    heard.unwrap_or_else(|_| panic!("{what} heard nothing within 15 s")).unwrap()
}

/// A webhook.
pub(crate) struct Hook {
    pub(crate) url: String,
    heard: mpsc::UnboundedReceiver<(String, Value)>,
}

impl Hook {
    /// Answers this many times that it is not well, then that all is.
    pub(crate) async fn listen(unwell: u32) -> Self {
        let (sender, heard) = mpsc::unbounded_channel();
        let answered = Arc::new(AtomicU32::new(0));
        let hear = move |headers: HeaderMap, body: String| {
            let delivery = headers["x-wattlens-delivery"].to_str().unwrap().to_owned();
            assert_eq!(headers["content-type"], "application/json");
            sender.send((delivery, serde_json::from_str(&body).unwrap())).unwrap();
            let is_well = answered.fetch_add(1, Ordering::Relaxed) >= unwell;
            let status = if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            async move { status }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/alarms", listener.local_addr().unwrap());
        let router = Router::new().route("/alarms", post(hear));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { url, heard }
    }

    /// The next request: its delivery and its body.
    pub(crate) async fn next(&mut self) -> (String, Value) {
        within_time("the webhook", &mut self.heard).await
    }
}

/// A mail server that takes every message.
pub(crate) struct Mailbox {
    pub(crate) url: String,
    heard: mpsc::UnboundedReceiver<String>,
}

impl Mailbox {
    pub(crate) async fn listen() -> Self {
        let (sender, heard) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever asked has what it wanted, or the test is over.
                sender.send(session(stream).await.unwrap_or_default()).ok();
            }
        });
        Self { url, heard }
    }

    /// Everything that was said in the next session.
    pub(crate) async fn next(&mut self) -> String {
        within_time("the mail server", &mut self.heard).await
    }
}

/// RFC 5321, as far as a client needs it.
async fn session(stream: TcpStream) -> std::io::Result<String> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut said = String::new();
    let mut in_message = false;
    write.write_all(b"220 mail.example ready\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        said.push_str(&line);
        said.push('\n');
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if in_message => {
                in_message = false;
                "250 taken\r\n"
            }
            _ if in_message => continue,
            "DATA" => {
                in_message = true;
                "354 go on\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 fine\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(said)
}
