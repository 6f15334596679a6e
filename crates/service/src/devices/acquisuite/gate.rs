//! Who may try to upload: how many at once, how often in vain, and how much work is done for them at
//! the same time.
//!
//! Failures count by address, and by address and serial number. Never by serial number alone: then
//! anyone who knows it could lock the logger out.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::devices::logger::SerialNumber;
use parking_lot::Mutex;
use storage::PgPool;
use storage::devices::loggers::activity;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Error;
use crate::people::limits::network;

/// Uploads at once, from one address and from all.
const FROM_ONE: usize = 8;
const FROM_ALL: usize = 32;
/// Of these, kept for addresses from which a logger uploaded before.
const KEPT: usize = 8;
/// Failures in a window, of one logger at an address and of an address.
const OF_LOGGER: u32 = 10;
const OF_ADDRESS: u32 = 50;
/// How long failures count.
const WINDOW: Duration = Duration::from_mins(15);
/// Addresses that are remembered; the oldest is forgotten for a new one.
const REMEMBERED: usize = 10_000;
/// Passwords that are checked, and files unpacked, at once: each takes a core and some 20 MiB.
const AT_WORK: usize = 2;
/// How long an upload waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// The state of the gate, shared by all uploads.
pub(crate) struct Gate {
    inside: Arc<Mutex<HashMap<IpAddr, usize>>>,
    /// Where loggers have uploaded from, since the start and lately before.
    known: Mutex<HashSet<IpAddr>>,
    failures: Mutex<Failures>,
    turns: Arc<Semaphore>,
}

/// An upload under way.
pub struct Pass {
    address: IpAddr,
    inside: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Pass {
    /// Where it comes from.
    pub(super) fn address(&self) -> IpAddr {
        self.address
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = self.inside.lock();
        if let Some(count) = inside.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&self.address);
            }
        }
    }
}

impl Gate {
    /// One that keeps places for those who were heard before it was there.
    pub(crate) async fn open(pool: &PgPool) -> Result<Self, Error> {
        Ok(Self::new(activity::heard_lately(pool, REMEMBERED).await?))
    }

    fn new(known: impl IntoIterator<Item = IpAddr>) -> Self {
        Self {
            inside: Arc::default(),
            known: Mutex::new(known.into_iter().map(network).collect()),
            failures: Mutex::default(),
            turns: Arc::new(Semaphore::new(AT_WORK)),
        }
    }

    /// Lets an upload in, unless too many are inside already.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Pass> {
        let address = network(address);
        let mut inside = self.inside.lock();
        let (here, all) = (inside.get(&address).copied().unwrap_or(0), inside.values().sum());
        let most = if self.known.lock().contains(&address) { FROM_ALL } else { FROM_ALL - KEPT };
        if here >= FROM_ONE || most <= all {
            return None;
        }
        inside.insert(address, here + 1);
        Some(Pass { address, inside: Arc::clone(&self.inside) })
    }

    /// Whether an address, and a logger at it, may try.
    pub(super) fn is_open(&self, address: IpAddr, serial: Option<&SerialNumber>) -> bool {
        self.failures.lock().is_open(address, serial, Instant::now())
    }

    /// Counts a failure. Whether it was the last one that may be.
    pub(super) fn failed(&self, address: IpAddr, serial: Option<&SerialNumber>) -> bool {
        self.failures.lock().add(address, serial, Instant::now())
    }

    /// Forgets the failures of a logger at an address, and keeps places for that from now on.
    pub(super) fn succeeded(&self, address: IpAddr, serial: &SerialNumber) {
        let mut known = self.known.lock();
        if known.len() < REMEMBERED {
            known.insert(network(address));
        }
        drop(known);
        self.failures.lock().by_logger.remove(&(address, serial.clone()));
    }

    /// Does what takes a core, once it is its turn; nothing where that takes too long.
    pub(super) async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let turn = timeout(TURN, Arc::clone(&self.turns).acquire_owned()).await.ok()?.ok()?;
        // Whoever asked may be gone before the work is done: its turn lasts as long as the work.
        let held = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(held).await.ok()
    }
}

#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    count: u32,
}

#[derive(Default)]
struct Failures {
    by_address: HashMap<IpAddr, Count>,
    by_logger: HashMap<(IpAddr, SerialNumber), Count>,
}

impl Failures {
    fn is_open(&self, address: IpAddr, serial: Option<&SerialNumber>, now: Instant) -> bool {
        let below = |count: Option<&Count>, most: u32| {
            count.is_none_or(|c| c.count < most || now.duration_since(c.since) >= WINDOW)
        };
        let of_logger = serial.and_then(|serial| self.by_logger.get(&(address, serial.clone())));
        below(self.by_address.get(&address), OF_ADDRESS) && below(of_logger, OF_LOGGER)
    }

    fn add(&mut self, address: IpAddr, serial: Option<&SerialNumber>, now: Instant) -> bool {
        let of_address = count(&mut self.by_address, address, now);
        let of_logger = serial
            .map(|serial| count(&mut self.by_logger, (address, serial.clone()), now))
            .unwrap_or_default();
        of_address == OF_ADDRESS || of_logger == OF_LOGGER
    }
}

fn count<K: Clone + Eq + Hash>(counts: &mut HashMap<K, Count>, key: K, now: Instant) -> u32 {
    if counts.len() >= REMEMBERED && !counts.contains_key(&key) {
        let oldest = counts.iter().min_by_key(|(_, count)| count.since).map(|(key, _)| key.clone());
        oldest.map(|oldest| counts.remove(&oldest));
    }
    let known = counts.entry(key).or_insert(Count { since: now, count: 0 });
    if now.duration_since(known.since) >= WINDOW {
        *known = Count { since: now, count: 0 };
    }
    known.count += 1;
    known.count
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    fn serial(text: &str) -> SerialNumber {
        SerialNumber::parse(text).unwrap()
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 8));

    #[test]
    fn whoever_fails_too_often_locks_out_nobody_else() {
        let (mut failures, now) = (Failures::default(), Instant::now());
        let (one, other) = (serial("AA1"), serial("AA2"));
        let closing: Vec<bool> =
            (0..OF_LOGGER).map(|_| failures.add(HERE, Some(&one), now)).collect();
        assert_eq!(closing.iter().filter(|closes| **closes).count(), 1);
        assert!(!failures.is_open(HERE, Some(&one), now));
        assert!(failures.is_open(HERE, Some(&other), now));
        assert!(failures.is_open(THERE, Some(&one), now));
        assert!(failures.is_open(HERE, Some(&one), now + WINDOW));
    }

    #[test]
    fn many_serial_numbers_from_one_address_close_it() {
        let (mut failures, now) = (Failures::default(), Instant::now());
        for n in 0..OF_ADDRESS {
            failures.add(HERE, Some(&serial(&format!("AA{n}"))), now);
        }
        assert!(!failures.is_open(HERE, Some(&serial("AB")), now));
        assert!(failures.is_open(THERE, Some(&serial("AA1")), now));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (mut counts, now) = (HashMap::new(), Instant::now());
        for n in 0..REMEMBERED + 10 {
            count(&mut counts, n, now);
        }
        assert_eq!(counts.len(), REMEMBERED);
    }

    #[test]
    fn uploads_at_once_are_bounded_and_a_network_counts_as_one_address() {
        let gate = Gate::new([]);
        let address = |n: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, n));
        let mut inside: Vec<_> = (0..8).map(|n| gate.enter(address(n)).unwrap()).collect();
        assert!(gate.enter(address(9)).is_none());
        assert!(gate.enter(HERE).is_some());
        inside.pop();
        assert!(gate.enter(address(9)).is_some());
    }

    #[test]
    fn a_logger_that_was_here_before_gets_in_where_strangers_crowd() {
        let gate = Gate::new([]);
        gate.succeeded(HERE, &serial("AA1"));
        let stranger = |n: usize| IpAddr::from([198, 51, 100, u8::try_from(n / FROM_ONE).unwrap()]);
        let inside: Vec<_> = (0..FROM_ALL).map_while(|n| gate.enter(stranger(n))).collect();
        assert_eq!(inside.len(), FROM_ALL - KEPT);
        assert!(gate.enter(THERE).is_none());
        assert!(gate.enter(HERE).is_some());
    }
}
