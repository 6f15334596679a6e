//! Webhooks: a POST of JSON, guarded, without redirects, without proxies.

use std::time::Duration;

use acquisition::Outbound;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use crate::{Failure, Message};

/// For the whole exchange.
const LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// The header with the number of a delivery.
const DELIVERY: &str = "x-wattlens-delivery";

pub(crate) fn client(outbound: Outbound) -> Result<Client, String> {
    // Refused when one is installed already, which is as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::builder()
        .dns_resolver(outbound)
        // A proxy would connect in our place, past the guard.
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_LIMIT)
        .timeout(LIMIT)
        .user_agent(concat!("wattlens/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| format!("no HTTP client: {error}"))
}

/// Whether a text is an address that can take messages.
pub fn is_webhook(url: &str) -> bool {
    url.parse::<Url>().is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none()
    })
}

pub(crate) async fn post(
    client: &Client,
    outbound: Outbound,
    url: &str,
    delivery: i64,
    message: &Message,
) -> Result<(), Failure> {
    let url: Url = url.parse().map_err(|error| Failure(format!("no address: {error}")))?;
    outbound.check_url(&url).map_err(|refused| Failure(refused.to_string()))?;
    let body = serde_json::to_vec(message).map_err(|error| Failure(error.to_string()))?;
    let request = client
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header(DELIVERY, delivery)
        .body(body);
    let answer = request.send().await.map_err(|error| Failure(words(&error)))?;
    let status = answer.status();
    if status.is_success() { Ok(()) } else { Err(Failure(format!("it answered {status}"))) }
}

/// The innermost cause, which says most, without the address: it may hold a secret.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", LIMIT.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
