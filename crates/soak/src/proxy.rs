//! Stands between the program and what it talks to, and spoils connections in a storm.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

const LONGEST_DELAY_MS: u64 = 1_500;
/// Of a hundred pieces, so many are followed by the end of the connection, and so many are garbled.
const CUT: u32 = 10;
const GARBLED: u32 = 10;

/// The same for all connections; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Weather {
    storm: Arc<AtomicBool>,
    seed: Arc<AtomicU64>,
}

impl Weather {
    pub(crate) fn new(seed: u64) -> Self {
        Self { storm: Arc::default(), seed: Arc::new(AtomicU64::new(seed)) }
    }

    pub(crate) fn storms(&self, storms: bool) {
        self.storm.store(storms, Ordering::Relaxed);
    }

    fn is_stormy(&self) -> bool {
        self.storm.load(Ordering::Relaxed)
    }

    fn random(&self) -> StdRng {
        StdRng::seed_from_u64(self.seed.fetch_add(1, Ordering::Relaxed))
    }
}

/// Where a proxy leads; it can be led elsewhere.
pub(crate) type Target = Arc<Mutex<SocketAddr>>;

/// Opens a proxy and answers its port. What answers is garbled only where its protocol notices: MQTT counts
/// on TCP for that.
pub(crate) async fn open(target: Target, weather: Weather, garbles: bool) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let (target, weather) = (*target.lock(), weather.clone());
            tokio::spawn(async move {
                let Ok(far) = TcpStream::connect(target).await else { return };
                near.set_nodelay(true).ok();
                far.set_nodelay(true).ok();
                let ((from_near, to_near), (from_far, to_far)) =
                    (near.into_split(), far.into_split());
                // The end of one direction ends the other.
                tokio::select! {
                    () = pass(from_near, to_far, &weather, false) => {}
                    () = pass(from_far, to_near, &weather, garbles) => {}
                }
            });
        }
    });
    Ok(port)
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, weather: &Weather, garbles: bool) {
    let mut random = weather.random();
    let mut piece = vec![0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        let mut is_last = false;
        if weather.is_stormy() {
            let delay = random.random_range(0..LONGEST_DELAY_MS);
            tokio::time::sleep(Duration::from_millis(delay)).await;
            is_last = random.random_range(0..100) < CUT;
            if garbles && random.random_range(0..100) < GARBLED {
                // What a protocol begins an answer with, it looks at.
                piece[0] ^= 0x55;
            }
        }
        if to.write_all(&piece[..length]).await.is_err() || is_last {
            return;
        }
    }
}
