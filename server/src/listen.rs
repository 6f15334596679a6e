//! Accepts connections and serves them. One that says nothing, or its request too slowly, is closed, and of
//! those that have not said anything yet only so many are kept: a newcomer that speaks is always heard.

mod account;
pub mod tls;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use self::account::is_of_this_account;
use self::tls::Certificate;
use crate::client::OverTls;

/// A listener that cannot accept, for want of descriptors, tries again after this.
const PAUSE: Duration = Duration::from_millis(100);

/// Whoever takes nothing for as long as this is gone; the system's own patience is a quarter of an hour.
#[cfg(target_os = "linux")]
const GONE_AFTER: Duration = Duration::from_mins(1);

/// How long connections are waited for, and how many.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time for the head of a request, counted from the end of the one before it.
    pub head: Duration,
    /// Connections that have not sent a request yet; of more the oldest is closed.
    pub silent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), silent: 512 }
    }
}

/// Lets the process open as many files and connections as the system allows it to.
pub fn raise_descriptors() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE)
        .and_then(|(_, most)| setrlimit(Resource::RLIMIT_NOFILE, most, most));
    if let Err(error) = raised {
        tracing::warn!("the number of open connections stays limited: {error}");
    }
}

/// Has the system end a connection whose other side takes nothing for a while, such as a stream to a machine
/// that was switched off.
fn give_up_on_the_gone(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    {
        let socket = socket2::SockRef::from(stream);
        if let Err(error) = socket.set_tcp_user_timeout(Some(GONE_AFTER)) {
            tracing::debug!("a connection keeps the system's own patience: {error}");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = stream;
}

/// The connection of a request, as an extension of it.
#[derive(Debug, Clone)]
pub struct Connection {
    local: SocketAddr,
    peer: SocketAddr,
    is_of_this_account: Arc<OnceLock<bool>>,
}

impl Connection {
    fn new(local: SocketAddr, peer: SocketAddr) -> Self {
        Self { local, peer, is_of_this_account: Arc::default() }
    }

    /// Whether a program of the account that this one runs under is at its other end: found out once.
    pub(crate) fn is_of_this_account(&self) -> bool {
        *self.is_of_this_account.get_or_init(|| is_of_this_account(self.local, self.peer))
    }
}

/// Connections that have not sent a request yet, the oldest first.
#[derive(Default)]
struct Silent {
    next: u64,
    waiting: BTreeMap<u64, CancellationToken>,
}

impl Silent {
    /// Adds one, and closes the oldest where there are too many.
    fn enter(&mut self, most: usize) -> (u64, CancellationToken) {
        let (number, ended) = (self.next, CancellationToken::new());
        self.next += 1;
        self.waiting.insert(number, ended.clone());
        if self.waiting.len() > most
            && let Some((_, oldest)) = self.waiting.pop_first()
        {
            oldest.cancel();
        }
        (number, ended)
    }
}

/// Serves until the stop signal, and what is under way then to its end.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    certificate: Option<Arc<Certificate>>,
    stop: &CancellationToken,
) {
    let mut open = JoinSet::new();
    let silent = Arc::<Mutex<Silent>>::default();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = open.join_next(), if !open.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Answers are written whole: nothing is gained by waiting for more.
                stream.set_nodelay(true).ok();
                give_up_on_the_gone(&stream);
                let served = Served {
                    connection: Connection::new(stream.local_addr().unwrap_or(peer), peer),
                    is_secure: certificate.is_some(),
                    app: app.clone(),
                    silent: Arc::clone(&silent),
                    limits,
                    stop: stop.clone(),
                };
                match &certificate {
                    None => open.spawn(served.plain(stream)),
                    Some(certificate) => {
                        open.spawn(served.over_tls(stream, Arc::clone(certificate)))
                    }
                };
            }
            Err(error) => {
                tracing::warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    while open.join_next().await.is_some() {}
}

/// A connection to serve.
struct Served {
    connection: Connection,
    is_secure: bool,
    app: Router,
    silent: Arc<Mutex<Silent>>,
    limits: Limits,
    stop: CancellationToken,
}

impl Served {
    async fn plain(self, stream: TcpStream) {
        let (number, ended) = self.silent.lock().enter(self.limits.silent);
        self.serve(stream, number, ended).await;
    }

    async fn over_tls(self, stream: TcpStream, certificate: Arc<Certificate>) {
        let (number, ended) = self.silent.lock().enter(self.limits.silent);
        let silent = Arc::clone(&self.silent);
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(self.limits.head, certificate.accept(stream)) => shaken,
            () = ended.cancelled() => return,
            () = self.stop.cancelled() => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.serve(stream, number, ended).await,
            Ok(Err(error)) => tracing::debug!(peer = %self.connection.peer, "no TLS: {error}"),
            Err(_) => {}
        }
        silent.lock().waiting.remove(&number);
    }

    async fn serve(
        self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        number: u64,
        ended: CancellationToken,
    ) {
        let Self { connection, is_secure, app, silent, limits, stop } = self;
        let peer = connection.peer;
        let heard = Arc::clone(&silent);
        let answer = service_fn(move |request: Request<Incoming>| {
            heard.lock().waiting.remove(&number);
            let mut request = request.map(Body::new);
            let extensions = request.extensions_mut();
            extensions.insert(ConnectInfo(peer));
            extensions.insert(connection.clone());
            if is_secure {
                extensions.insert(OverTls);
            }
            app.clone().call(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head);
        let mut served = pin!(http.serve_connection(TokioIo::new(stream), answer).with_upgrades());
        let mut is_ending = false;
        loop {
            tokio::select! {
                done = served.as_mut() => {
                    if let Err(error) = done {
                        tracing::debug!(%peer, "a connection ended: {error}");
                    }
                    break;
                }
                () = ended.cancelled() => break,
                () = stop.cancelled(), if !is_ending => {
                    is_ending = true;
                    served.as_mut().graceful_shutdown();
                }
            }
        }
        silent.lock().waiting.remove(&number);
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn served(limits: Limits) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let app = Router::new().route("/", get(async || "here"));
        let until = stop.clone();
        tokio::spawn(async move { serve(listener, app, limits, None, &until).await });
        (address, stop)
    }

    async fn connected(address: SocketAddr) -> TcpStream {
        TcpStream::connect(address).await.unwrap()
    }

    /// What is said until the other side closes.
    async fn all(stream: &mut TcpStream) -> String {
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        said
    }

    #[tokio::test]
    async fn of_too_many_that_say_nothing_the_oldest_go_and_one_that_speaks_is_heard() {
        let (address, stop) = served(Limits { head: Duration::from_mins(10), silent: 8 }).await;
        let mut spoke = connected(address).await;
        spoke.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut first = [0; 15];
        spoke.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        let mut silent = Vec::new();
        for _ in 0..40 {
            silent.push(connected(address).await);
        }
        for stream in &mut silent[..32] {
            assert_eq!(all(stream).await, "");
        }
        let mut newcomer = connected(address).await;
        newcomer
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        assert!(all(&mut newcomer).await.ends_with("here"));
        // Whoever has spoken is not among the silent.
        spoke.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        assert!(all(&mut spoke).await.ends_with("here"));
        stop.cancel();
    }

    #[tokio::test]
    async fn a_request_that_is_not_finished_in_time_is_closed() {
        let (address, stop) = served(Limits { head: Duration::from_millis(200), silent: 8 }).await;
        let mut slow = connected(address).await;
        slow.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
        all(&mut slow).await;
        let mut mute = connected(address).await;
        assert_eq!(all(&mut mute).await, "");
        stop.cancel();
    }

    #[tokio::test]
    async fn a_stop_ends_what_waits_and_lets_no_one_in() {
        let (address, stop) = served(Limits::default()).await;
        let mut idle = connected(address).await;
        idle.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut head = [0; 15];
        idle.read_exact(&mut head).await.unwrap();
        stop.cancel();
        assert!(all(&mut idle).await.ends_with("here"));
    }
}
