//! The cookies of a signed-in browser: the session, and a mark that the device is known.

use axum::http::{HeaderMap, HeaderValue, header};
use service::people::sign_in::Begun;

/// The session. Behind TLS its name has the prefix with which browsers send it over TLS alone.
const SESSION: &str = "wattlens";
/// That somebody has signed in with this device before.
const DEVICE: &str = "wattlens-device";
/// A prefix that browsers hold to: no other host, no other path, never without TLS.
const PREFIX: &str = "__Host-";

/// As long as a session lasts at most, and as long as browsers keep anything.
const SESSION_SECONDS: u32 = 30 * 86_400;
const DEVICE_SECONDS: u32 = 400 * 86_400;

/// The outcome of a form, for the next page.
const FLASH: &str = "wattlens-flash";
pub(crate) const FLASH_SECONDS: u32 = 60;

/// The session that a request names.
pub(crate) fn session(headers: &HeaderMap, is_secure: bool) -> Option<&str> {
    named(headers, SESSION, is_secure)
}

/// The mark of a known device.
pub(crate) fn device(headers: &HeaderMap, is_secure: bool) -> Option<&str> {
    named(headers, DEVICE, is_secure)
}

fn named<'a>(headers: &'a HeaderMap, name: &str, is_secure: bool) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|it| it.trim().split_once('='));
    let prefix = if is_secure { PREFIX } else { "" };
    let is_it = |found: &str| found.strip_prefix(prefix) == Some(name);
    pairs.find(|(found, _)| is_it(found)).map(|(_, value)| value)
}

/// Has the browser keep a session and that the device is known.
pub(crate) fn keep(headers: &mut HeaderMap, begun: &Begun, is_secure: bool) {
    set(headers, SESSION, &begun.token, SESSION_SECONDS, is_secure);
    set(headers, DEVICE, &begun.known, DEVICE_SECONDS, is_secure);
}

/// Has the browser forget the session.
pub(crate) fn forget(headers: &mut HeaderMap, is_secure: bool) {
    set(headers, SESSION, "", 0, is_secure);
}

/// The sealed outcome of a form.
pub(crate) fn flash(headers: &HeaderMap, is_secure: bool) -> Option<&str> {
    named(headers, FLASH, is_secure)
}

/// Has the browser keep the sealed outcome of a form.
pub(crate) fn keep_flash(headers: &mut HeaderMap, sealed: &str, is_secure: bool) {
    set(headers, FLASH, sealed, FLASH_SECONDS, is_secure);
}

/// Has the browser forget the outcome of a form.
pub(crate) fn forget_flash(headers: &mut HeaderMap, is_secure: bool) {
    set(headers, FLASH, "", 0, is_secure);
}

/// Has the browser forget what the switch of languages says: the account's language holds from now on.
pub(crate) fn forget_language(headers: &mut HeaderMap) {
    let cookie = format!("{}=; Path=/; SameSite=Lax; Max-Age=0", app::language::COOKIE);
    headers.extend(HeaderValue::from_str(&cookie).map(|cookie| (header::SET_COOKIE, cookie)));
}

fn set(headers: &mut HeaderMap, name: &str, value: &str, seconds: u32, is_secure: bool) {
    let (prefix, secure) = if is_secure { (PREFIX, "; Secure") } else { ("", "") };
    let cookie = format!(
        "{prefix}{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_over_tls_is_not_taken_from_a_plain_cookie() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", "a=1; wattlens=plain".parse().unwrap());
        assert_eq!(session(&headers, false), Some("plain"));
        assert_eq!(session(&headers, true), None);
        headers.append("cookie", "__Host-wattlens=sealed".parse().unwrap());
        assert_eq!(session(&headers, true), Some("sealed"));
        assert_eq!(session(&headers, false), Some("plain"));
        assert_eq!(device(&headers, false), None);
    }
}
