//! The outbound guard: addresses that are never connected to, whatever the protocol.
//!
//! Names are resolved here and the addresses found are the ones connected to, so that a name cannot
//! change its meaning between the check and the connection.

mod client;
mod said;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use domain::devices::reason::unreached::{Barred, Unreached};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::TcpStream;

pub use self::client::{Client, reason};
pub use self::said::said;

/// Addresses at which clouds hand out credentials, outside the link-local ranges.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// The rule that connections to devices, brokers and receivers of messages keep.
///
/// Private ranges are allowed, since meters are there. As a `reqwest` resolver it guards names;
/// addresses written in a URL are not resolved and need [`Outbound::check_url`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outbound {
    allow_loopback: bool,
}

impl Outbound {
    /// A guard that lets connections to this machine through, or refuses them: the server that others
    /// can reach must not be their way to what listens here for itself.
    pub const fn new(allow_loopback: bool) -> Self {
        Self { allow_loopback }
    }

    /// Refuses link-local, metadata, unspecified and group addresses, also when written as IPv6, and
    /// this machine unless it is allowed.
    ///
    /// # Errors
    /// [`Barred`] with the reason.
    pub fn check(self, address: IpAddr) -> Result<(), Barred> {
        let bare = unwrap(address);
        if bare.is_loopback() && !self.allow_loopback {
            return Err(Barred::Loopback { address: address.to_string() });
        }
        if is_forbidden(bare) {
            Err(Barred::Forbidden { address: address.to_string() })
        } else {
            Ok(())
        }
    }

    /// Checks a URL whose host is an address. One whose host is a name is checked when it is resolved.
    ///
    /// # Errors
    /// [`Barred`] with the reason.
    pub fn check_url(self, url: &Url) -> Result<(), Barred> {
        bare(url.host_str().unwrap_or_default()).parse().map_or(Ok(()), |host| self.check(host))
    }

    /// Resolves a name and keeps the addresses that may be connected to.
    ///
    /// # Errors
    /// When nothing is found, or when all that is found is refused.
    pub async fn resolve(self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let bare = bare(host);
        let found: Vec<_> =
            tokio::net::lookup_host((bare, port)).await.map_err(said::unknown)?.collect();
        let refused = found.iter().find_map(|address| self.check(address.ip()).err());
        let allowed: Vec<_> = found.into_iter().filter(|a| self.check(a.ip()).is_ok()).collect();
        match refused {
            Some(refused) if allowed.is_empty() => Err(io::Error::other(refused)),
            None if allowed.is_empty() => {
                Err(io::Error::other(Unreached::NoAddress { host: bare.to_owned() }))
            }
            _ => Ok(allowed),
        }
    }

    /// Connects to the first address of a host that is allowed and answers.
    ///
    /// # Errors
    /// As [`Outbound::resolve`], or what the last address answered.
    pub async fn connect(self, host: &str, port: u16) -> io::Result<TcpStream> {
        let allowed = self.resolve(host, port).await?;
        TcpStream::connect(&allowed[..]).await
    }
}

impl Resolve for Outbound {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = guard.resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// A host without the brackets that IPv6 addresses are written in.
fn bare(host: &str) -> &str {
    host.trim().trim_start_matches('[').trim_end_matches(']')
}

fn is_forbidden(address: IpAddr) -> bool {
    match address {
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
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(address: &str) -> bool {
        Outbound::new(true).check(address.parse().unwrap()).is_ok()
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

    #[test]
    fn a_server_that_others_reach_is_no_way_to_this_machine() {
        let guard = Outbound::new(false);
        for address in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"] {
            let refused = guard.check(address.parse().unwrap());
            assert!(matches!(refused, Err(Barred::Loopback { .. })), "{address}");
        }
        assert_eq!(guard.check("192.168.1.150".parse().unwrap()), Ok(()));
    }

    #[tokio::test]
    async fn an_address_is_checked_after_resolving() {
        let (guard, strict) = (Outbound::new(true), Outbound::new(false));
        let error = guard.resolve("169.254.169.254", 80).await.unwrap_err().to_string();
        assert!(error.contains("169.254.169.254"), "{error}");
        assert_eq!(guard.resolve("[::1]", 80).await.unwrap(), ["[::1]:80".parse().unwrap()]);
        let error = strict.connect("localhost", 80).await.unwrap_err().to_string();
        assert!(error.contains("is this machine"), "{error}");
        let url = Url::parse("http://[::ffff:127.0.0.1]/").unwrap();
        assert!(guard.check_url(&url).is_ok() && strict.check_url(&url).is_err());
        assert!(strict.check_url(&Url::parse("http://meter/").unwrap()).is_ok());
    }
}
