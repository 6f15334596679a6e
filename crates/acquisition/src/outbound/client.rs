//! The HTTP client: guarded, without redirects, without proxies.

use std::time::Duration;

use domain::devices::reason::unreached::{Barred, Unreached};
use domain::message::Message;
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Url};

use super::{Outbound, said};

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
    /// When the system's certificates cannot be used.
    pub fn new(outbound: Outbound) -> Result<Self, Message> {
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
            .map_err(|error| Unreached::NoHttp {
                why: Box::new(Message::foreign(error.to_string())),
            })?;
        Ok(Self { inner, outbound })
    }

    /// Begins a request.
    ///
    /// # Errors
    /// When the guard refuses the address in its URL.
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, Barred> {
        self.outbound.check_url(&url)?;
        Ok(self.inner.request(method, url))
    }
}

/// Why an exchange failed: the innermost cause, which says most, without the address, which
/// may hold a secret.
pub fn reason(error: reqwest::Error) -> Message {
    if error.is_timeout() && error.is_connect() {
        return Unreached::NoConnection { seconds: CONNECT_LIMIT.as_secs_f64() }.into();
    }
    if error.is_timeout() {
        return Unreached::NoAnswer { seconds: LIMIT.as_secs_f64() }.into();
    }
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match cause.downcast_ref() {
        Some(error) => said(error),
        None => Message::foreign(cause.to_string()),
    }
}
