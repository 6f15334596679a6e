//! Webhooks: a POST of JSON.

use std::fmt::Display;

use acquisition::outbound::{self, Client};
use domain::alarms::Undelivered;
use domain::message::Message;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, Url};
use serde::Serialize;

use crate::Failure;

/// The header with the number of a delivery.
const DELIVERY: &str = "x-wattlens-delivery";

/// Whether a text is an address that can take messages.
pub fn is_webhook(url: &str) -> bool {
    url.parse::<Url>().is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none()
    })
}

pub(crate) async fn post(
    client: &Client,
    url: &str,
    delivery: i64,
    message: &impl Serialize,
) -> Result<(), Failure> {
    let foreign = |error: &dyn Display| Message::foreign(error.to_string());
    let url: Url =
        url.parse().map_err(|error| Undelivered::NoAddress { why: Box::new(foreign(&error)) })?;
    let body = serde_json::to_vec(message).map_err(|error| Failure(foreign(&error)))?;
    let request = client
        .request(Method::POST, url)
        .map_err(|refused| Failure(refused.into()))?
        .header(CONTENT_TYPE, "application/json")
        .header(DELIVERY, delivery)
        .body(body);
    let answer = request.send().await.map_err(|error| Failure(outbound::reason(error)))?;
    let status = answer.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(Undelivered::Answered { status: status.to_string() }.into())
    }
}
