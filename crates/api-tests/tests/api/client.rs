//! The plainest HTTP/1.1 client, so that a test can send exactly what it wants.

use std::collections::HashMap;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::contract::{self, Exchanged};

/// A request.
pub(crate) struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Its answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) text: String,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        Self { method, path, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// What it asks, for whoever reads that a test failed.
    pub(crate) fn told(&self) -> String {
        let short = |text: &str| text.chars().take(400).collect::<String>();
        let (path, body) = (short(&self.path), short(&String::from_utf8_lossy(&self.body)));
        format!("{} {path} {:?} {body}", self.method, self.headers)
    }

    pub(crate) async fn send(mut self, address: SocketAddr) -> Answer {
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            self.headers.push(("Host".to_owned(), address.to_string()));
        }
        self.headers.push(("Content-Length".to_owned(), self.body.len().to_string()));
        self.headers.push(("Connection".to_owned(), "close".to_owned()));
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
        let head = format!("{} {} HTTP/1.1\r\n{}\r\n", self.method, self.path, headers.concat());
        let told = self.told();
        let content_type = self.header_of("content-type").map(str::to_owned);
        let body = self.body;
        let sent = body.clone();
        let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
        let sending = tokio::spawn(async move {
            write.write_all(head.as_bytes()).await?;
            write.write_all(&sent).await?;
            Ok::<_, std::io::Error>(write)
        });
        let mut bytes = Vec::new();
        read.read_to_end(&mut bytes).await.unwrap();
        sending.await.unwrap().unwrap();
        let answer = Answer::parse(&String::from_utf8(bytes).unwrap());
        let exchanged = Exchanged {
            method: &self.method,
            target: &self.path,
            content_type: content_type.as_deref(),
            body: &body,
        };
        contract::hold(&told, &exchanged, &answer);
        answer
    }

    /// The status of an answer that has no end, such as a stream.
    pub(crate) async fn opens(self, address: SocketAddr) -> u16 {
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
        let (method, path, headers) = (self.method, self.path, headers.concat());
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n");
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut line = [0; 12];
        stream.read_exact(&mut line).await.unwrap();
        String::from_utf8_lossy(&line[9..]).parse().unwrap()
    }

    fn header_of(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap();
        let headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
        let cookies = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let cookies = cookies.map(|(_, cookie)| (*cookie).to_owned()).collect();
        let headers: HashMap<_, _> =
            headers.into_iter().map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
        let is_chunked = headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked");
        let text = if is_chunked { whole(body) } else { body.to_owned() };
        Self { status: status.parse().unwrap(), headers, cookies, text }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Checks the status, and goes on with the answer.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// What was made or changed, after a check that it was.
    #[track_caller]
    pub(crate) fn done(self) -> Value {
        assert!([200, 201].contains(&self.status), "{} {}", self.status, self.text);
        self.data()
    }

    pub(crate) fn data(&self) -> Value {
        self.json()["data"].clone()
    }

    /// Checks that a field is refused for its value.
    #[track_caller]
    pub(crate) fn invalid(&self, field: &str) {
        self.refused(422, "invalid_value", Some(field));
    }

    /// Checks that this is a refusal with these, and nothing of the inside in it.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, field: Option<&str>) {
        assert_eq!(self.status, status, "{}", self.text);
        let body = self.json();
        assert_eq!(body["success"], false);
        assert_eq!(body["error"]["code"], code, "{body}");
        assert_eq!(body["error"]["field"].as_str(), field, "{body}");
        assert!(body["error"]["message"].as_str().is_some_and(|text| !text.is_empty()));
    }
}

/// The chunks of a body put together (RFC 9112, 7.1). One that breaks off has no last chunk.
fn whole(mut chunks: &str) -> String {
    let mut text = String::new();
    loop {
        let (size, rest) = chunks.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return text;
        }
        let (chunk, rest) = rest.split_at(size);
        text.push_str(chunk);
        chunks = rest.strip_prefix("\r\n").unwrap();
    }
}
