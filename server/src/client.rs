//! Where a request comes from: its peer, or whom proxies that are trusted name.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use ipnet::IpNet;

/// The origin of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The address, which is what limits by client count. One whose address is not known counts with all such.
    pub(crate) address: IpAddr,
    /// Whether it came over TLS, to this server or to a proxy that is trusted.
    pub(crate) is_secure: bool,
}

/// A connection that is TLS, as an extension of its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OverTls;

/// The proxies that are believed whom they name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Those on this machine.
    pub const USUAL: [&str; 2] = ["127.0.0.0/8", "::1/128"];

    /// Those of these networks.
    pub const fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The origin of a request.
    pub(crate) fn origin(&self, request: &Request) -> Origin {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip()).to_canonical();
        let scheme = request.headers().get("x-forwarded-proto");
        let is_secure = request.extensions().get::<OverTls>().is_some()
            || (self.trusts(peer) && scheme.is_some_and(|scheme| scheme == "https"));
        Origin { address: self.named(peer, request.headers()), is_secure }
    }

    /// The last one named whom no trusted proxy is: what stands before it anybody could have written.
    fn named(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        let names = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut nearest = peer;
        for name in names {
            if !self.trusts(nearest) {
                break;
            }
            let Ok(named) = name.trim().parse::<IpAddr>() else { break };
            nearest = named.to_canonical();
        }
        nearest
    }
}

impl Default for Proxies {
    fn default() -> Self {
        Self(Self::USUAL.iter().filter_map(|network| network.parse().ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn from(proxies: &Proxies, peer: [u8; 4], named: &[&'static str]) -> String {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 1))));
        for line in named {
            request.headers_mut().append("x-forwarded-for", line.parse().unwrap());
        }
        proxies.origin(&request).address.to_string()
    }

    #[test]
    fn a_proxy_on_this_machine_says_who_it_is_and_nobody_else_does() {
        let from = |peer, named| from(&Proxies::default(), peer, named);
        assert_eq!(from([127, 0, 0, 1], &["10.9.9.9, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(from([127, 0, 0, 1], &["10.9.9.9", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(from([127, 0, 0, 1], &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(from([127, 0, 0, 1], &["unknown"]), "127.0.0.1");
        assert_eq!(from([127, 0, 0, 1], &[]), "127.0.0.1");
        assert_eq!(from([203, 0, 113, 8], &["203.0.113.7"]), "203.0.113.8");
    }

    #[test]
    fn trusted_proxies_stand_behind_one_another_and_what_is_before_them_is_not_believed() {
        let proxies = ["10.0.0.0/8", "192.0.2.5/32"].map(|text| text.parse().unwrap());
        let proxies = Proxies::new(proxies.to_vec());
        let seen = from(&proxies, [192, 0, 2, 5], &["198.51.100.1, 203.0.113.7, 10.1.2.3"]);
        assert_eq!(seen, "203.0.113.7");
        // Others are not trusted any more, those on this machine either.
        assert_eq!(from(&proxies, [127, 0, 0, 1], &["203.0.113.7"]), "127.0.0.1");
        assert_eq!(from(&proxies, [10, 0, 0, 1], &["203.0.113.7, unknown"]), "10.0.0.1");
    }

    #[test]
    fn each_of_the_usual_ones_is_a_network() {
        assert_eq!(Proxies::default().0.len(), Proxies::USUAL.len());
    }
}
