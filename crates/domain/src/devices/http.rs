//! Settings of a meter that answers HTTP requests with JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::json_path;
use super::modbus::is_directed;
use super::pick::{Meaning, Places, RawPath};
use super::refusal::HttpRefusal;
use super::settings::{device_settings, raw_settings};
use super::{JsonPath, Pick, SettingError, strict};
use crate::Field;

/// How the document is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    #[default]
    Get,
    /// POST with an empty body.
    Post,
}

/// What is asked for. Meters with the same request are read from one answer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HttpRequest {
    /// Where the document is, http or https.
    pub url: String,
    /// How it is asked for.
    pub method: HttpMethod,
    /// Headers to send.
    pub headers: BTreeMap<String, String>,
    /// Sent as a Bearer token.
    pub auth_token: Option<String>,
}

/// Leaves the token, the query and what headers say out: settings end up in log lines.
impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpRequest")
            .field("url", &public_address(&self.url))
            .field("method", &self.method)
            .field("headers", &self.headers.keys())
            .finish_non_exhaustive()
    }
}

/// An address as it may be shown and logged: scheme, host, port and path. Of a query, which may hold a
/// key, it says only that there is one; a login is left out, and so is all that stands before an `@`: a
/// password may hold a slash, and a scheme may be misspelt.
pub fn public_address(address: &str) -> String {
    let (place, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let slashes = ['/', '\\'];
    let (scheme, _) = place.split_at(place.find(slashes).unwrap_or_default());
    let name = scheme.strip_suffix(':').unwrap_or(scheme);
    let is_scheme = scheme.is_empty()
        || name != scheme && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let after = place[scheme.len()..].trim_start_matches(slashes);
    let (scheme, place) =
        if is_scheme { place.split_at(place.len() - after.len()) } else { ("", place) };
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let query = if rest.starts_with('?') { "?…" } else { "" };
    format!("{scheme}{place}{query}")
}

/// Settings of a meter that answers HTTP requests with JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpSettings {
    /// What is asked for.
    pub request: HttpRequest,
    /// Where the values stand in the document; without, they have the usual names.
    pub values: Vec<Pick>,
    /// Where the document says when its values held; without, at `timestamp` where it uses the usual
    /// names.
    pub time: Option<JsonPath>,
    /// Turns power and power factor of the usual names, as for a reversed current transformer. In the
    /// scales of `values` it is included.
    pub invert: bool,
}

impl HttpSettings {
    /// What a value under its usual name is multiplied by.
    pub fn scale(&self, field: Field) -> f64 {
        if self.invert && is_directed(field) { -1.0 } else { 1.0 }
    }
}

device_settings!(raw_settings! http);

/// One of `values`, as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawValue {
    field: String,
    path: Option<RawPath>,
    plus: Option<String>,
    minus: Option<String>,
    scale: Option<f64>,
    unit: Option<String>,
    #[serde(default)]
    invert: bool,
}

pub(super) fn parse(settings: &Value) -> Result<HttpSettings, SettingError> {
    let raw: Raw = strict(settings)?;
    for (name, value) in &raw.headers {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(token) || value.contains(['\r', '\n', '\0']) {
            let refused = HttpRefusal::Header { name: name.clone() };
            return Err(SettingError::new(&format!("headers.{name}"), refused));
        }
    }
    let values = raw.values.into_iter().enumerate();
    Ok(HttpSettings {
        values: values.map(|(i, value)| value.parse(i, raw.invert)).collect::<Result<_, _>>()?,
        request: HttpRequest {
            url: address(raw.url, raw.path.as_deref())?,
            method: raw.method,
            headers: raw.headers,
            auth_token: raw.auth_token.filter(|token| !token.is_empty()),
        },
        time: json_path::at("timePath", raw.time_path.as_deref())?,
        invert: raw.invert,
    })
}

/// The address of the document: a `url` without a path is joined with `path`, one that has a path or a
/// query stays as it is.
fn address(url: String, path: Option<&str>) -> Result<String, SettingError> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let Some(rest) = rest.filter(|r| !r.is_empty() && !r.starts_with(['/', ':', '?', '#'])) else {
        return Err(SettingError::new("url", HttpRefusal::Address { url: public_address(&url) }));
    };
    let Some(path) = path else { return Ok(url) };
    if !path.starts_with('/') {
        return Err(SettingError::new("path", HttpRefusal::Path { path: public_address(path) }));
    }
    match rest.split_once(['/', '?', '#']) {
        Some((_, own)) if !own.is_empty() => Ok(url),
        _ => Ok(format!("{}{path}", url.trim_end_matches(['/', '?', '#']))),
    }
}

impl RawValue {
    fn parse(self, index: usize, invert: bool) -> Result<Pick, SettingError> {
        let meaning = Meaning {
            field: &self.field,
            scale: self.scale,
            unit: self.unit.as_deref(),
            invert: self.invert,
        };
        let at = format!("values[{index}]");
        let (field, scale) = meaning.parse(&at, invert)?;
        let parts = Places {
            path: self.path.as_ref(),
            plus: self.plus.as_deref(),
            minus: self.minus.as_deref(),
        }
        .parts(&at, &|_, text| Ok(text.to_owned()))?;
        Ok(Pick { field, parts, scale, unit: self.unit, is_addend: false })
    }
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
        assert_eq!(settings.request.auth_token.as_deref(), Some("your-api-token-here"));
        assert!(!format!("{settings:?}").contains("your-api-token"));
        assert!(settings.values.is_empty());
    }

    #[test]
    fn what_may_be_a_secret_in_an_address_is_not_shown() {
        for (address, shown) in [
            ("http://meter:8080/api/v1?key=secret", "http://meter:8080/api/v1?…"),
            ("https://user:secret@meter/p#secret", "https://meter/p"),
            ("http://a@b:secret@meter?x=@secret", "http://meter?…"),
            ("//user:secret@meter/", "//meter/"),
            ("http://user:sec/ret@meter/", "http://meter/"),
            ("https:/user:secret@meter", "https:/meter"),
            (r"https:\\user:secret@meter", r"https:\\meter"),
            ("secret@meter:/p", "meter:/p"),
            ("user:secret@meter/p", "meter/p"),
            ("user:secret:/x@meter/p", "meter/p"),
            ("/login?token=secret", "/login?…"),
            ("http://[fd12::1]:81", "http://[fd12::1]:81"),
        ] {
            assert_eq!(public_address(address), shown);
        }
        let settings = parse(&json!({"url": "http://u:secret@h/live?key=secret"})).unwrap();
        let shown = format!("{settings:?}");
        assert!(shown.contains("http://h/live?…") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_path_completes_an_address_that_has_none() {
        let url = |url: &str| {
            let settings = json!({"url": url, "path": "/rpc/EM.GetStatus?id=0"});
            parse(&settings).unwrap().request.url
        };
        for bare in ["http://10.0.0.5", "http://10.0.0.5/"] {
            assert_eq!(url(bare), "http://10.0.0.5/rpc/EM.GetStatus?id=0");
        }
        for whole in ["http://10.0.0.5/status", "https://h:8443/?id=1"] {
            assert_eq!(url(whole), whole);
        }
    }

    #[test]
    fn values_are_scaled_to_the_fields_own_unit_and_direction() {
        let settings = parse(&json!({"url": "http://h/", "invert": true, "values": [
            {"field": "activePowerKw", "path": "$.emeters[0].power", "unit": "W"},
            {"field": "energyImportKwh", "path": "$.emeters[0].total", "scale": 0.001},
            {"field": "activePowerL1Kw", "path": "$.p1", "invert": true},
        ], "timePath": "$.unixtime"}))
        .unwrap();
        let scales: Vec<_> = settings.values.iter().map(|value| value.scale).collect();
        assert_eq!(scales, [-0.001, 0.001, 1.0]);
        assert!(settings.time.is_some());
        assert_eq!(settings.scale(Field::ActivePowerKw).to_bits(), (-1.0_f64).to_bits());
        assert_eq!(settings.scale(Field::VoltageL1).to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_place() {
        let value = |name: &str, wrong: Value| {
            let mut value = json!({"field": "activePowerKw", "path": "$.power"});
            value[name] = wrong;
            json!({"url": "http://h/", "values": [value]})
        };
        let alone = json!({"field": "energyImportKwh", "minus": "$.returned"});
        for (settings, field) in [
            (json!({"url": "http://h/", "values": [alone]}), "values[0].minus"),
            (json!({"url": "file:///etc/passwd"}), "url"),
            (json!({"url": "http://h/", "headers": {"A": "x\r\nB: y"}}), "headers.A"),
            (json!({"url": "http://h/", "path": "status"}), "path"),
            (json!({"url": "http://h/", "timePath": "unixtime"}), "timePath"),
            (value("field", json!("power")), "values[0].field"),
            (value("path", json!("power")), "values[0].path"),
            (value("minus", json!("power")), "values[0].minus"),
            (value("scale", json!(0)), "values[0].scale"),
            (value("unit", json!("V")), "values[0].unit"),
            (value("colour", json!(1)), "values[0].colour"),
        ] {
            let refused = parse(&settings).unwrap_err();
            assert_eq!(refused.field, format!("communication.{field}"), "{settings}");
        }
    }
}
