//! Settings of a meter that answers HTTP requests with JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{SettingError, strict};

/// How the document is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    /// GET.
    #[default]
    Get,
    /// POST with an empty body.
    Post,
}

/// Settings of a meter that answers HTTP requests with JSON.
#[derive(Clone, PartialEq)]
pub struct HttpSettings {
    /// Where the document is, http or https.
    pub url: String,
    /// How it is asked for.
    pub method: HttpMethod,
    /// Headers to send.
    pub headers: BTreeMap<String, String>,
    /// Sent as a Bearer token.
    pub auth_token: Option<String>,
}

/// Leaves the token out: settings end up in log lines.
impl std::fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpSettings")
            .field("url", &self.url)
            .field("method", &self.method)
            .field("headers", &self.headers.keys())
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Raw {
    url: String,
    #[serde(default)]
    method: HttpMethod,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    auth_token: Option<String>,
}

pub(super) fn parse(settings: &Value) -> Result<HttpSettings, SettingError> {
    let raw: Raw = strict(settings)?;
    let rest = raw.url.strip_prefix("http://").or_else(|| raw.url.strip_prefix("https://"));
    if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with(['/', ':', '?', '#'])) {
        return Err(SettingError::new(
            "url",
            format!("`{}` is not an address: begin with http:// or https:// and a host", raw.url),
        ));
    }
    for (name, value) in &raw.headers {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(token) || value.contains(['\r', '\n', '\0']) {
            return Err(SettingError::new(
                &format!("headers.{name}"),
                format!("`{name}` is not a header that can be sent"),
            ));
        }
    }
    Ok(HttpSettings {
        url: raw.url,
        method: raw.method,
        headers: raw.headers,
        auth_token: raw.auth_token.filter(|token| !token.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_guides_body_is_read_as_written() {
        let settings = parse(&json!({"url": "http://192.168.1.200/api/energy", "method": "GET",
            "headers": {"Accept": "application/json"}, "authToken": "your-api-token-here"}))
        .unwrap();
        assert_eq!(settings.auth_token.as_deref(), Some("your-api-token-here"));
        assert!(!format!("{settings:?}").contains("your-api-token"));
    }

    #[test]
    fn other_schemes_and_broken_headers_are_refused() {
        assert_eq!(
            parse(&json!({"url": "file:///etc/passwd"})).unwrap_err().field,
            "communication.url"
        );
        let header = json!({"url": "http://h/", "headers": {"A": "x\r\nB: y"}});
        assert_eq!(parse(&header).unwrap_err().field, "communication.headers.A");
    }
}
