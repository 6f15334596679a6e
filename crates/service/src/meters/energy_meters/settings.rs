//! Settings of a device: what is shown of them, and how a change is merged in.

pub(crate) mod hidden;
pub(crate) mod secrets;

use domain::SiteId;
use domain::devices::refusal::{HttpRefusal, SecretRefusal};
use domain::devices::{Communication, Protocol};
use domain::message::English;
use serde_json::Value;
use storage::devices::DeviceRow;

use crate::body::merge_patch;
use crate::{Error, Principal, Vault};

/// Settings as someone may see them: without secrets, and without the queries of addresses unless they
/// may change devices.
pub(crate) fn shown_to(who: &Principal, site: SiteId, settings: Value) -> Value {
    let mut settings = shown(settings);
    if !hidden::sees(who, site) {
        hidden::hide(&mut settings);
    }
    settings
}

/// Settings without their secrets.
pub(crate) fn shown(mut settings: Value) -> Value {
    secrets::strip(&mut settings);
    settings
}

/// Settings for the log of changes: secrets as they are sealed, and no queries of addresses.
pub(crate) fn noted(mut settings: Value) -> Value {
    hidden::hide(&mut settings);
    settings
}

/// Checks settings of a protocol as someone sends them: with their secrets as texts.
pub(crate) fn check(protocol: Protocol, settings: &Value) -> Result<(), Error> {
    hidden::refuse(settings)?;
    let parsed = Communication::parse(protocol, settings)?;
    if let Communication::Http(http) = parsed
        && authority(&http.request.url).contains('@')
    {
        return Err(Error::invalid("communication.url", HttpRefusal::Login));
    }
    Ok(())
}

/// Stored settings after a merge patch, ready to be stored, and what that did beyond what was asked. A
/// new scheme, host or port must not learn the old one's secrets: unless they are sent again, they are
/// dropped.
pub(super) fn merged(
    vault: &Vault,
    protocol: Protocol,
    stored: &Value,
    mut patch: Value,
) -> Result<(Value, Vec<English>), Error> {
    secrets::refuse_sealed(&patch)?;
    hidden::restore(stored, &mut patch);
    let mut whole = stored.clone();
    merge_patch(&mut whole, patch.clone());
    let mut warnings = Vec::new();
    if address(stored) != address(&whole) {
        secrets::strip(&mut whole);
        merge_patch(&mut whole, patch);
        let kept = secrets::paths(&whole);
        if secrets::paths(stored).iter().any(|path| !kept.contains(path)) {
            warnings.push(SecretRefusal::Removed.into());
        }
    }
    let whole = secrets::open(vault, whole)?;
    check(protocol, &whole)?;
    Ok((secrets::seal(vault, whole), warnings))
}

/// Settings that came without secrets, ready to be stored with those that are stored. Another address
/// does not get them.
pub(crate) fn with_secrets_of(
    vault: &Vault,
    stored: &DeviceRow,
    protocol: Protocol,
    mut sent: Value,
) -> Value {
    if leads_to(stored, protocol, &sent) {
        secrets::add_missing(&stored.communication, &mut sent);
    }
    secrets::seal(vault, sent)
}

/// Settings to try, with their secrets as texts.
pub(crate) struct Lent {
    pub(crate) settings: Value,
    /// Whether stored secrets were left out, since the settings lead elsewhere.
    pub(crate) withheld: bool,
}

/// Settings to try, which came without secrets, with those that are stored of the same address.
pub(crate) fn lent(
    vault: &Vault,
    protocol: Protocol,
    stored: &DeviceRow,
    mut sent: Value,
) -> Result<Lent, Error> {
    secrets::refuse_sealed(&sent)?;
    hidden::restore(&stored.communication, &mut sent);
    let same = leads_to(stored, protocol, &sent);
    if same {
        secrets::add_missing(&stored.communication, &mut sent);
    }
    let withheld = !same && !secrets::paths(&stored.communication).is_empty();
    // As in a change, null takes a setting back.
    let mut settings = Value::Null;
    merge_patch(&mut settings, sent);
    Ok(Lent { settings: secrets::open(vault, settings)?, withheld })
}

/// Whether settings lead where the stored ones do: then they may have the stored secrets.
fn leads_to(stored: &DeviceRow, protocol: Protocol, settings: &Value) -> bool {
    protocol == stored.protocol && address(&stored.communication) == address(settings)
}

/// What decides who receives the secrets, and who can listen.
fn address(settings: &Value) -> [Value; 5] {
    let text = |name: &str| settings.get(name).cloned().unwrap_or_default();
    let url = settings.get("url").and_then(Value::as_str).map(|url| {
        let scheme = url.split("://").next().unwrap_or_default();
        format!("{scheme}://{}", authority(url)).to_ascii_lowercase()
    });
    let tls = settings.get("tls").and_then(Value::as_bool).unwrap_or(false);
    [url.into(), text("host"), text("port"), text("broker"), tls.into()]
}

/// Host and port of an address, with user and password where it has them.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{DeviceId, MeterId, SiteId};
    use serde_json::json;

    use super::*;

    fn plain() -> Value {
        json!({"url": "http://10.0.0.5/api", "authToken": "t", "headers": {
            "Accept": "application/json", "Authorization": "Basic x", "X-Api-Key": "k"}})
    }

    /// Stored settings after a patch, opened, and the warnings.
    fn after(patch: Value) -> (Value, Vec<English>) {
        let vault = Vault::random();
        let stored = secrets::seal(&vault, plain());
        let (whole, warnings) = merged(&vault, Protocol::Http, &stored, patch).unwrap();
        assert_eq!(whole, secrets::seal(&vault, whole.clone()), "a secret is not sealed");
        (secrets::open(&vault, whole).unwrap(), warnings)
    }

    #[test]
    fn secrets_are_never_shown() {
        let bare = json!({"url": "http://10.0.0.5/api", "headers": {"Accept": "application/json"}});
        assert_eq!(shown(plain()), bare);
        assert_eq!(shown(secrets::seal(&Vault::random(), plain())), bare);
    }

    #[test]
    fn a_merge_keeps_what_is_not_named() {
        let (whole, warnings) = after(json!({"url": "http://10.0.0.5/other"}));
        assert_eq!(whole["authToken"], "t");
        assert_eq!(whole["headers"]["Authorization"], "Basic x");
        assert!(warnings.is_empty());
    }

    #[test]
    fn another_host_does_not_get_the_old_hosts_secrets() {
        for url in ["http://10.0.0.6/api", "https://10.0.0.5/api", "http://10.0.0.5:81/api"] {
            let (whole, warnings) = after(json!({ "url": url }));
            assert_eq!(whole, json!({"url": url, "headers": {"Accept": "application/json"}}));
            assert_eq!(warnings.len(), 1);
        }
        let sent = json!({"url": "http://10.0.0.6/api", "authToken": "new",
            "headers": {"Authorization": "Basic y", "X-Api-Key": "j"}});
        let (whole, warnings) = after(sent);
        assert_eq!((&whole["authToken"], warnings.len()), (&json!("new"), 0));
    }

    #[test]
    fn settings_without_secrets_keep_the_stored_ones_of_the_same_address() {
        let vault = Vault::random();
        let stored = DeviceRow {
            id: DeviceId(1),
            site: SiteId(1),
            zone: chrono_tz::UTC,
            meter: MeterId(1),
            meter_name: "Main".to_owned(),
            protocol: Protocol::Http,
            poll: Duration::from_secs(10),
            communication: secrets::seal(&vault, plain()),
            enabled: true,
        };
        let kept =
            |protocol, sent: &Value| with_secrets_of(&vault, &stored, protocol, sent.clone());
        let sent = shown(stored.communication.clone());
        assert_eq!(kept(Protocol::Http, &sent), stored.communication);
        assert_eq!(kept(Protocol::Mqtt, &sent), sent);
        let elsewhere = json!({"url": "http://10.0.0.6/api", "headers": {}});
        assert_eq!(kept(Protocol::Http, &elsewhere), elsewhere);

        let mut sent = sent;
        sent["headers"]["X-Api-Key"] = Value::Null;
        let lent = lent(&vault, Protocol::Http, &stored, sent).unwrap().settings;
        assert_eq!(lent["headers"]["Authorization"], "Basic x");
        assert_eq!(lent["headers"].get("X-Api-Key"), None, "it was taken out of the form");
    }

    #[test]
    fn an_address_that_is_sent_back_without_its_query_keeps_it() {
        let vault = Vault::random();
        let stored = json!({"url": "http://h/status?key=k"});
        let after = |patch| merged(&vault, Protocol::Http, &stored, patch).map(|(whole, _)| whole);
        let back = json!({"url": "http://h/status?…", "method": "POST"});
        assert_eq!(after(back).unwrap()["url"], "http://h/status?key=k");
        let elsewhere = after(json!({"url": "http://h/other?…"})).unwrap_err();
        assert!(
            matches!(elsewhere, Error::Invalid { field: Some(f), .. } if f == "communication.url")
        );
        assert_eq!(after(json!({"url": "http://h/status"})).unwrap()["url"], "http://h/status");
    }

    #[test]
    fn a_change_needs_the_secrets_it_keeps() {
        let stored = secrets::seal(&Vault::random(), json!({"url": "http://h/", "authToken": "t"}));
        let change = |patch| merged(&Vault::random(), Protocol::Http, &stored, patch);
        let refused = change(json!({"method": "POST"})).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "secret_unreadable", .. }));
        assert!(change(json!({"method": "POST", "authToken": "again"})).is_ok());
        assert!(change(json!({"authToken": null})).is_ok());
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
