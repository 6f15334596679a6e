//! Settings of a device: what is shown of them, and how a change is merged in.

use domain::device::{Communication, Protocol, SECRET_SETTINGS};
use serde_json::Value;

use crate::Error;
use crate::body::merge_patch;

/// Parts of the names of headers that carry secrets.
const SECRET_HEADERS: &[&str] = &["authorization", "cookie", "token", "secret", "key", "password"];

fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_HEADERS.iter().any(|part| name.contains(part))
}

/// Settings without their secrets.
pub(crate) fn shown(mut settings: Value) -> Value {
    strip(&mut settings);
    settings
}

/// Takes the secrets out. Whether there were any.
fn strip(settings: &mut Value) -> bool {
    let Value::Object(fields) = settings else { return false };
    let before = fields.len();
    fields.retain(|name, _| !SECRET_SETTINGS.contains(&name.as_str()));
    let mut found = fields.len() < before;
    if let Some(Value::Object(headers)) = fields.get_mut("headers") {
        let before = headers.len();
        headers.retain(|name, _| !is_secret_header(name));
        found |= headers.len() < before;
    }
    found
}

/// Checks settings of a protocol.
pub(crate) fn check(protocol: Protocol, settings: &Value) -> Result<(), Error> {
    let parsed = Communication::parse(protocol, settings)?;
    if let Communication::Http(http) = parsed
        && authority(&http.url).contains('@')
    {
        return Err(Error::invalid(
            "communication.url",
            "an address may not carry a password: send it as authToken or as an Authorization header",
        ));
    }
    Ok(())
}

/// Settings after a merge patch, and what that did beyond what was asked. A new scheme, host or port
/// must not learn the old one's secrets: unless they are sent again, they are dropped.
pub(super) fn merged(stored: &Value, patch: Value) -> (Value, Vec<String>) {
    let mut whole = stored.clone();
    merge_patch(&mut whole, patch.clone());
    if address(stored) == address(&whole) {
        return (whole, Vec::new());
    }
    let dropped = strip(&mut whole);
    merge_patch(&mut whole, patch);
    let warning = "the address changed: secrets that were not sent again were removed";
    (whole, if dropped { vec![warning.to_owned()] } else { Vec::new() })
}

/// Settings that came without secrets, with those that are stored. Another address does not get them.
pub(crate) fn with_secrets_of(stored: &Value, sent: &Value) -> Value {
    let mut whole = sent.clone();
    if address(stored) == address(sent) {
        keep_secrets(stored, &mut whole, |name| SECRET_SETTINGS.contains(&name));
        if let (Some(from), Some(to)) = (stored.get("headers"), whole.get_mut("headers")) {
            keep_secrets(from, to, is_secret_header);
        }
    }
    whole
}

fn keep_secrets(from: &Value, to: &mut Value, is_secret: impl Fn(&str) -> bool) {
    let (Value::Object(from), Value::Object(to)) = (from, to) else { return };
    for (name, secret) in from.iter().filter(|(name, _)| is_secret(name)) {
        to.entry(name).or_insert_with(|| secret.clone());
    }
}

/// What decides who receives the secrets.
fn address(settings: &Value) -> [Value; 4] {
    let text = |name: &str| settings.get(name).cloned().unwrap_or_default();
    let url = settings.get("url").and_then(Value::as_str).map(|url| {
        let scheme = url.split("://").next().unwrap_or_default();
        format!("{scheme}://{}", authority(url)).to_ascii_lowercase()
    });
    [url.into(), text("host"), text("port"), text("broker")]
}

/// Host and port of an address, with user and password where it has them.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stored() -> Value {
        json!({"url": "http://10.0.0.5/api", "authToken": "t", "headers": {
            "Accept": "application/json", "Authorization": "Basic x", "X-Api-Key": "k"}})
    }

    #[test]
    fn secrets_are_never_shown() {
        let shown = shown(stored());
        assert_eq!(
            shown,
            json!({"url": "http://10.0.0.5/api", "headers": {"Accept": "application/json"}})
        );
    }

    #[test]
    fn a_merge_keeps_what_is_not_named() {
        let (whole, warnings) = merged(&stored(), json!({"url": "http://10.0.0.5/other"}));
        assert_eq!(whole["authToken"], "t");
        assert_eq!(whole["headers"]["Authorization"], "Basic x");
        assert!(warnings.is_empty());
    }

    #[test]
    fn another_host_does_not_get_the_old_hosts_secrets() {
        let (whole, warnings) = merged(&stored(), json!({"url": "http://10.0.0.6/api"}));
        assert_eq!(
            whole,
            json!({"url": "http://10.0.0.6/api", "headers": {"Accept": "application/json"}})
        );
        assert_eq!(warnings.len(), 1);
        let sent = json!({"url": "http://10.0.0.6/api", "authToken": "new"});
        assert_eq!(merged(&stored(), sent).0["authToken"], "new");
    }

    #[test]
    fn settings_without_secrets_keep_the_stored_ones_of_the_same_address() {
        assert_eq!(with_secrets_of(&stored(), &shown(stored())), stored());
        let elsewhere = json!({"url": "http://10.0.0.6/api", "headers": {}});
        assert_eq!(with_secrets_of(&stored(), &elsewhere), elsewhere);
    }

    #[test]
    fn an_address_with_a_password_is_refused() {
        let refused = check(Protocol::Http, &json!({"url": "http://user:pass@10.0.0.5/"}));
        assert!(
            matches!(refused, Err(Error::Invalid { field: Some(f), .. }) if f == "communication.url")
        );
        assert!(check(Protocol::Http, &json!({"url": "http://10.0.0.5/a@b"})).is_ok());
    }
}
