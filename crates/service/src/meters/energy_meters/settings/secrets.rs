//! Secrets among the settings of a device.
//!
//! In the database a secret is `{"sealed": "v1:…"}` in the place of its text; who sends settings sends
//! texts, and is refused anything else.

use domain::devices::refusal::SecretRefusal;
use domain::devices::settings::{Setting, named};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::Error;
use crate::vault::Vault;

/// Parts of the names of headers that carry secrets.
const SECRET_HEADERS: &[&str] = &["authorization", "cookie", "token", "secret", "key", "password"];
/// What stands in the place of a secret's text in the database.
const SEALED: &str = "sealed";

fn is_secret(name: &str) -> bool {
    named(name).is_some_and(Setting::is_secret)
}

/// Whether a header carries a secret, by its name.
pub fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_HEADERS.iter().any(|part| name.contains(part))
}

/// The secrets among settings, each with its path.
fn among(settings: &mut Value) -> Vec<(String, &mut Value)> {
    let Value::Object(fields) = settings else { return Vec::new() };
    let mut found = Vec::new();
    for (name, value) in fields {
        if is_secret(name) {
            found.push((name.clone(), value));
        } else if name == "headers" {
            let headers = value.as_object_mut().into_iter().flatten();
            let secret = headers.filter(|(header, _)| is_secret_header(header));
            found.extend(secret.map(|(header, value)| (format!("headers.{header}"), value)));
        }
    }
    found
}

/// The paths of the secrets among settings.
pub(super) fn paths(settings: &Value) -> Vec<String> {
    among(&mut settings.clone()).into_iter().map(|(path, _)| path).collect()
}

/// Takes the secrets out.
pub(super) fn strip(settings: &mut Value) {
    let Value::Object(fields) = settings else { return };
    fields.retain(|name, _| !is_secret(name));
    if let Some(Value::Object(headers)) = fields.get_mut("headers") {
        headers.retain(|name, _| !is_secret_header(name));
    }
}

/// Names the stored headers that carry secrets in settings that are shown without them: each is null.
pub(crate) fn name_headers(stored: &Value, shown: &mut Value) {
    if let (Some(Value::Object(stored)), Some(Value::Object(shown))) =
        (stored.get("headers"), shown.get_mut("headers"))
    {
        let secret = stored.keys().filter(|name| is_secret_header(name));
        shown.extend(secret.map(|name| (name.clone(), Value::Null)));
    }
}

/// Adds the secrets of other settings that are not there.
pub(super) fn add_missing(from: &Value, to: &mut Value) {
    let add = |from: &Value, to: &mut Value, is_secret: &dyn Fn(&str) -> bool| {
        let (Value::Object(from), Value::Object(to)) = (from, to) else { return };
        for (name, secret) in from.iter().filter(|(name, _)| is_secret(name)) {
            to.entry(name).or_insert_with(|| secret.clone());
        }
    };
    add(from, to, &is_secret);
    if let (Some(from), Some(to)) = (from.get("headers"), to.get_mut("headers")) {
        add(from, to, &is_secret_header);
    }
}

/// Seals the secrets that are texts.
pub(crate) fn seal(vault: &Vault, mut settings: Value) -> Value {
    for (_, secret) in among(&mut settings) {
        if let Value::String(text) = secret {
            *secret = json!({ SEALED: vault.seal(text) });
        }
    }
    settings
}

/// Opens the secrets that are sealed.
///
/// # Errors
/// The first that cannot be opened, by its field, and what to do about it.
pub(crate) fn open(vault: &Vault, mut settings: Value) -> Result<Value, Error> {
    let unreadable = |path: &str, error: SecretRefusal| {
        Error::conflict("secret_unreadable", error).at(format!("communication.{path}"))
    };
    for (path, secret) in among(&mut settings) {
        if let Some(text) = secret.get(SEALED).and_then(Value::as_str) {
            let opened = vault.open(text).map_err(|error| unreadable(&path, error))?;
            *secret = Value::String(opened);
        }
    }
    Ok(settings)
}

/// Refuses settings that someone sent with anything but a text, or null, for a secret.
///
/// # Errors
/// The first such secret.
pub(super) fn refuse_sealed(sent: &Value) -> Result<(), Error> {
    let mut sent = sent.clone();
    let is_odd = |secret: &Value| !secret.is_string() && !secret.is_null();
    match among(&mut sent).into_iter().find(|(_, secret)| is_odd(secret)) {
        None => Ok(()),
        Some((path, _)) => {
            Err(Error::invalid(format!("communication.{path}"), SecretRefusal::NoText))
        }
    }
}

/// Seals the secrets of all devices that were stored before there was a vault. Settings that change
/// meanwhile are sealed by whoever changes them.
///
/// # Errors
/// The database cannot be read or written.
pub(crate) async fn seal_stored(pool: &PgPool, vault: &Vault) -> Result<(), Error> {
    let mut count = 0_u32;
    for device in storage::devices::list(pool).await? {
        let sealed = seal(vault, device.communication.clone());
        if sealed != device.communication {
            storage::devices::replace_settings(pool, &device, &sealed).await?;
            count += 1;
        }
    }
    if count > 0 {
        tracing::info!(devices = count, "secrets that were stored as plain text are sealed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_sealed_once_and_come_back() {
        let vault = Vault::random();
        let plain = json!({"url": "http://h/", "authToken": "v1:t", "password": "p", "headers": {
            "Accept": "*/*", "X-Api-Key": "k"}, "username": "anna"});
        let sealed = seal(&vault, plain.clone());
        let text = sealed.to_string();
        assert!(!text.contains("\"v1:t\"") && !text.contains("\"p\"") && !text.contains("\"k\""));
        assert_eq!(
            (&sealed["username"], &sealed["headers"]["Accept"]),
            (&json!("anna"), &json!("*/*"))
        );
        assert_eq!(seal(&vault, sealed.clone()), sealed);
        assert_eq!(open(&vault, sealed.clone()).unwrap(), plain);
        let refused = open(&Vault::random(), sealed).unwrap_err();
        assert!(
            matches!(refused, Error::Conflict { field: Some(f), .. } if f.contains("authToken"))
        );
    }

    #[test]
    fn nobody_sends_what_looks_sealed() {
        let sent = json!({"headers": {"Authorization": {"sealed": "v1:AAAA"}}});
        assert!(refuse_sealed(&sent).is_err());
        assert!(refuse_sealed(&json!({"authToken": null, "password": "p"})).is_ok());
    }
}
