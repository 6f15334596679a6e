//! The HTTP client: guarded, without redirects, without proxies.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Url};

use crate::Outbound;
use crate::outbound::Refused;

/// For the whole exchange.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A client that connects only where the outbound guard allows; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    inner: reqwest::Client,
    outbound: Outbound,
}

impl Client {
    /// A client behind a guard.
    ///
    /// # Errors
    /// When the system's certificates cannot be used, in words.
    pub(crate) fn new(outbound: Outbound) -> Result<Self, String> {
        // Refused when one is installed already, which is as good.
        rustls::crypto::ring::default_provider().install_default().ok();
        let inner = reqwest::Client::builder()
            .dns_resolver(outbound)
            // A proxy would connect in our place, past the guard.
            .no_proxy()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_LIMIT)
            .timeout(LIMIT)
            .pool_max_idle_per_host(1)
            .user_agent(concat!("wattlens/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("no HTTP client: {error}"))?;
        Ok(Self { inner, outbound })
    }

    /// Begins a request, unless the guard refuses the address in its URL.
    pub(super) fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, Refused> {
        self.outbound.check_url(&url)?;
        Ok(self.inner.request(method, url))
    }
}
