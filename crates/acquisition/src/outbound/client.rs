//! The HTTP client: guarded, without redirects, without proxies.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Url};

use super::{Outbound, Refused};

/// For the whole exchange.
const LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A client that connects only where the outbound guard allows; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
    outbound: Outbound,
}

impl Client {
    /// A client behind a guard.
    ///
    /// # Errors
    /// When the system's certificates cannot be used, in words.
    pub fn new(outbound: Outbound) -> Result<Self, String> {
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

    /// Begins a request.
    ///
    /// # Errors
    /// When the guard refuses the address in its URL.
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, Refused> {
        self.outbound.check_url(&url)?;
        Ok(self.inner.request(method, url))
    }
}

/// Why an exchange failed, in words: the innermost cause, which says most, without the address, which
/// may hold a secret.
pub fn reason(error: reqwest::Error) -> String {
    if error.is_timeout() && error.is_connect() {
        return format!("no connection within {} s", CONNECT_LIMIT.as_secs());
    }
    if error.is_timeout() {
        return format!("no answer within {} s", LIMIT.as_secs());
    }
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
