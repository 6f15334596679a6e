//! What follows after `?` in an address may be a key: only who may change devices sees it.
//!
//! Others see `?…` in its place. An address that is sent back so stands for the stored one; where none
//! is stored that it could stand for, it is refused.

use domain::SiteId;
use domain::devices::refusal::HttpRefusal;
use domain::devices::settings::{SETTINGS, Setting, named};
use serde_json::Value;

use crate::{Action, Error, Principal};

/// What stands in the place of a query.
const HIDDEN: &str = "?…";

/// Whether someone may see the queries of addresses.
pub(crate) fn sees(who: &Principal, site: SiteId) -> bool {
    who.may(Action::Configure, site)
}

/// The settings that are addresses.
fn addresses() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().filter(|setting| setting.is_address()).map(|setting| setting.name)
}

/// An address without its query.
pub(crate) fn without_query(address: &str) -> String {
    match address.split_once('?') {
        Some((before, _)) => format!("{before}{HIDDEN}"),
        None => address.to_owned(),
    }
}

/// Hides the queries of settings.
pub(super) fn hide(settings: &mut Value) {
    for name in addresses() {
        if let Some(Value::String(address)) = settings.get_mut(name) {
            *address = without_query(address);
        }
    }
}

/// Whether the text of a setting is what someone is shown of a stored one.
pub(crate) fn stands_for(name: &str, sent: &str, stored: &str) -> bool {
    named(name).is_some_and(Setting::is_address)
        && sent.ends_with(HIDDEN)
        && sent == without_query(stored)
}

/// Puts stored addresses in the place of those that stand for them.
pub(super) fn restore(stored: &Value, sent: &mut Value) {
    for name in addresses() {
        let stored = stored.get(name).and_then(Value::as_str);
        if let (Some(Value::String(sent)), Some(stored)) = (sent.get_mut(name), stored)
            && stands_for(name, sent, stored)
        {
            stored.clone_into(sent);
        }
    }
}

/// Refuses addresses that stand for none.
///
/// # Errors
/// The first such address.
pub(super) fn refuse(settings: &Value) -> Result<(), Error> {
    let text = |name: &str| settings.get(name).and_then(Value::as_str).unwrap_or_default();
    let hidden = addresses().find(|name| text(name).ends_with(HIDDEN));
    let Some(name) = hidden else { return Ok(()) };
    Err(Error::invalid(format!("communication.{name}"), HttpRefusal::Hidden { name }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_is_hidden_and_comes_back_with_its_own_address_alone() {
        let stored =
            json!({"url": "http://h/status?key=s3cret", "path": "/x?y=1", "method": "GET"});
        let mut shown = stored.clone();
        hide(&mut shown);
        assert_eq!(shown, json!({"url": "http://h/status?…", "path": "/x?…", "method": "GET"}));
        assert!(refuse(&shown).is_err());
        let mut back = shown.clone();
        restore(&stored, &mut back);
        assert_eq!(back, stored);
        assert!(refuse(&back).is_ok());

        let mut elsewhere = json!({"url": "http://other/status?…"});
        restore(&stored, &mut elsewhere);
        assert_eq!(elsewhere["url"], "http://other/status?…");
        assert!(refuse(&elsewhere).is_err());
        let mut plain = json!({"url": "http://h/status"});
        restore(&stored, &mut plain);
        assert_eq!(plain["url"], "http://h/status");
    }

    #[test]
    fn who_may_change_devices_sees_queries_and_nobody_else() {
        assert!(sees(&Principal::Loopback, SiteId(1)));
        assert!(!sees(&Principal::Anonymous, SiteId(1)));
    }
}
