//! The HTTP client: guarded, without redirects, without proxies.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use crate::outbound;

/// For the whole exchange.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A client that connects only where the outbound guard allows.
///
/// # Errors
/// When the system's certificates cannot be used, in words.
pub(crate) fn build() -> Result<Client, String> {
    // Refused when one is installed already, which is as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::builder()
        .dns_resolver(Guarded)
        // A proxy would connect in our place, past the guard.
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_LIMIT)
        .timeout(LIMIT)
        .pool_max_idle_per_host(1)
        .user_agent(concat!("wattlens/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| format!("no HTTP client: {error}"))
}

struct Guarded;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = outbound::resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Checks a host that is an address: the client does not resolve it.
///
/// # Errors
/// When no meter may be at that address, in words.
pub(super) fn check(url: &Url) -> Result<(), String> {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => outbound::check(address).map_err(|refused| refused.to_string()),
        Err(_) => Ok(()),
    }
}
