//! The outbound guard: addresses no device may be reached at.
//!
//! Names are resolved here and the addresses found are the ones connected to, so that a name cannot
//! change its meaning between the check and the connection.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use thiserror::Error;

/// An address that is never connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} is not an address of a meter: link-local, metadata and group addresses are refused")]
pub(crate) struct Refused(pub(crate) IpAddr);

/// Addresses at which clouds hand out credentials, outside the link-local ranges.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Refuses link-local, metadata, unspecified and group addresses, also when written as IPv6.
pub(crate) fn check(address: IpAddr) -> Result<(), Refused> {
    let refused = match unwrap(address) {
        IpAddr::V4(v4) => {
            v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || METADATA_V4.contains(&v4)
        }
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6 == METADATA_V6
        }
    };
    if refused { Err(Refused(address)) } else { Ok(()) }
}

/// The IPv4 address inside a mapped one (`::ffff:0:0/96`) or a NAT64 one (`64:ff9b::/96`, RFC 6052).
fn unwrap(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                IpAddr::V4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
            }
            _ => v6.to_canonical(),
        },
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Resolves a name and keeps the addresses that may be connected to.
///
/// # Errors
/// When nothing is found, or when all that is found is refused.
pub(crate) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let bare = host.trim().trim_start_matches('[').trim_end_matches(']');
    let found: Vec<_> = tokio::net::lookup_host((bare, port)).await?.collect();
    let refused = found.iter().find_map(|address| check(address.ip()).err());
    let allowed: Vec<_> = found.into_iter().filter(|a| check(a.ip()).is_ok()).collect();
    match refused {
        Some(refused) if allowed.is_empty() => Err(io::Error::other(refused)),
        None if allowed.is_empty() => Err(io::Error::other(format!("{bare} has no address"))),
        _ => Ok(allowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(address: &str) -> bool {
        check(address.parse().unwrap()).is_ok()
    }

    #[test]
    fn metadata_and_link_local_addresses_are_refused_in_every_guise() {
        for address in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "fe80::1",
            "fd00:ec2::254",
            "100.100.100.200",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!allowed(address), "{address}");
        }
    }

    #[test]
    fn meters_on_private_networks_and_on_this_machine_are_reached() {
        for address in
            ["192.168.1.150", "10.0.0.1", "127.0.0.1", "::1", "fd12::1", "::ffff:10.0.0.1"]
        {
            assert!(allowed(address), "{address}");
        }
    }

    #[tokio::test]
    async fn an_address_is_checked_after_resolving() {
        let error = resolve("169.254.169.254", 80).await.unwrap_err().to_string();
        assert!(error.contains("169.254.169.254"), "{error}");
        assert_eq!(resolve("[::1]", 80).await.unwrap(), ["[::1]:80".parse().unwrap()]);
    }
}
