//! How often somebody may try a password in vain: after a few tries each next one has to wait longer.
//!
//! Counted by address, and by the name that was typed, whether there is such an account or not. Whoever has signed in
//! and tries the present password, to change it, is counted by the session alone.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use uuid::Uuid;

/// Tries that cost no time.
const FREE: u32 = 5;
/// The longest wait of an account. Short: anybody can bring it about who knows the name.
const OF_ACCOUNT: Duration = Duration::from_secs(30);
/// The longest wait of an address.
const OF_ADDRESS: Duration = Duration::from_mins(10);
/// After so long without a failure all are forgotten.
const FORGOTTEN: Duration = Duration::from_hours(1);
/// Addresses and names that are remembered; the one that failed longest ago makes room.
const REMEMBERED: usize = 10_000;

/// Failures so far.
#[derive(Default)]
pub(super) struct Limits(Mutex<Failures>);

#[derive(Default)]
struct Failures {
    addresses: HashMap<IpAddr, Failed>,
    names: HashMap<String, Failed>,
    sessions: HashMap<Uuid, Failed>,
}

#[derive(Clone, Copy)]
struct Failed {
    times: u32,
    last: Instant,
}

impl Failed {
    /// How much longer the next try has to wait.
    fn wait(self, longest: Duration, now: Instant) -> Duration {
        let Some(doublings) = self.times.checked_sub(FREE) else { return Duration::ZERO };
        let whole = Duration::from_secs(1_u64 << doublings.min(10)).min(longest);
        whole.saturating_sub(now.duration_since(self.last))
    }
}

impl Limits {
    /// How long a try has to wait; one from a device that its account knows does not wait for others.
    pub(super) fn wait(&self, address: IpAddr, name: &str, is_known: bool) -> Duration {
        let (failures, now) = (self.0.lock(), Instant::now());
        if is_known {
            return Duration::ZERO;
        }
        let of_address = failures.addresses.get(&network(address));
        let of_name = failures.names.get(name);
        let wait = |failed: Option<&Failed>, longest| failed.map(|it| it.wait(longest, now));
        wait(of_address, OF_ADDRESS).max(wait(of_name, OF_ACCOUNT)).unwrap_or_default()
    }

    /// How long a try of the present password has to wait: for those of its session, not for others.
    pub(super) fn wait_in(&self, session: Uuid) -> Duration {
        let failed = self.0.lock().sessions.get(&session).copied();
        failed.map_or(Duration::ZERO, |it| it.wait(OF_ACCOUNT, Instant::now()))
    }

    /// Counts a failure of a session.
    pub(super) fn failed_in(&self, session: Uuid) {
        count(&mut self.0.lock().sessions, session, Instant::now());
    }

    /// Forgets the failures of a session.
    pub(super) fn succeeded_in(&self, session: Uuid) {
        self.0.lock().sessions.remove(&session);
    }

    /// Counts a failure.
    pub(super) fn failed(&self, address: IpAddr, name: &str) {
        let (mut failures, now) = (self.0.lock(), Instant::now());
        count(&mut failures.addresses, network(address), now);
        count(&mut failures.names, name.to_owned(), now);
    }

    /// Forgets the failures of whoever has signed in.
    pub(super) fn succeeded(&self, address: IpAddr, name: &str) {
        let mut failures = self.0.lock();
        failures.addresses.remove(&network(address));
        failures.names.remove(name);
    }
}

/// An address as it is counted: whoever has one of IPv6 usually has the whole network of 64 bits.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

fn count<K: Clone + Eq + Hash>(known: &mut HashMap<K, Failed>, key: K, now: Instant) {
    if known.len() >= REMEMBERED && !known.contains_key(&key) {
        known.retain(|_, failed| now.duration_since(failed.last) < FORGOTTEN);
        let oldest = known.iter().min_by_key(|(_, failed)| failed.last).map(|(key, _)| key.clone());
        if let Some(oldest) = oldest.filter(|_| known.len() >= REMEMBERED) {
            known.remove(&oldest);
        }
    }
    let failed = known.entry(key).or_insert(Failed { times: 0, last: now });
    if now.duration_since(failed.last) >= FORGOTTEN {
        failed.times = 0;
    }
    *failed = Failed { times: failed.times.saturating_add(1), last: now };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    #[test]
    fn waits_grow_and_end() {
        let now = Instant::now();
        let wait = |times, longest| Failed { times, last: now }.wait(longest, now).as_secs();
        assert_eq!(
            [4, 5, 6, 9, 20, u32::MAX].map(|times| wait(times, OF_ACCOUNT)),
            [0, 1, 2, 16, 30, 30]
        );
        assert_eq!(wait(u32::MAX, OF_ADDRESS), 600);
        let failed = Failed { times: 9, last: now };
        assert_eq!(failed.wait(OF_ACCOUNT, now + Duration::from_secs(16)), Duration::ZERO);
    }

    #[test]
    fn a_thousand_addresses_do_not_keep_out_a_known_device_or_another_account() {
        let limits = Limits::default();
        for (high, low) in (0..4).flat_map(|high| (0..250).map(move |low| (high, low))) {
            limits.failed(IpAddr::from([198, 51, high, low]), "asha");
        }
        assert!(limits.wait(address(1), "asha", false) > Duration::from_secs(20));
        assert_eq!(limits.wait(address(1), "asha", true), Duration::ZERO);
        assert_eq!(limits.wait(address(1), "ravi", false), Duration::ZERO);
        limits.succeeded(address(1), "asha");
        assert_eq!(limits.wait(address(1), "asha", false), Duration::ZERO);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (mut known, now) = (HashMap::new(), Instant::now());
        for n in 0..REMEMBERED + 10 {
            count(&mut known, n, now);
        }
        assert_eq!(known.len(), REMEMBERED);
    }
}
