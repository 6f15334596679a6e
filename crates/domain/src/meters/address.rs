//! How an address names a meter.

use std::fmt;

use crate::{MeterId, SiteSlug};

/// A meter, as the `{id}` of an address names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterAddress {
    text: String,
    /// The site that its number counts in, the default site unless stated; an id is one of any site, unless stated.
    site: Option<SiteSlug>,
}

/// What an address means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// The meter with this id.
    Id(MeterId),
    /// The meter with this number in the site.
    Number(&'a str),
    /// An id that is too large for any.
    Nothing,
}

impl MeterAddress {
    /// The meter that a text names on a site.
    pub fn new(text: impl Into<String>, site: Option<SiteSlug>) -> Self {
        Self { text: text.into(), site }
    }

    /// The site that its number counts in.
    pub fn site(&self) -> Option<&SiteSlug> {
        self.site.as_ref()
    }

    /// What it means: digits are an id, `number:12` and anything else a number.
    pub fn named(&self) -> Named<'_> {
        let text = self.text.as_str();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Named::Number(text.strip_prefix("number:").unwrap_or(text));
        }
        text.parse().map_or(Named::Nothing, Named::Id)
    }
}

impl From<&str> for MeterAddress {
    fn from(text: &str) -> Self {
        Self::new(text, None)
    }
}

impl From<MeterId> for MeterAddress {
    fn from(id: MeterId) -> Self {
        Self::new(id.to_string(), None)
    }
}

impl fmt::Display for MeterAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_an_id_and_anything_else_a_number() {
        let named = |text: &str| format!("{:?}", MeterAddress::new(text, None).named());
        assert_eq!(named("12"), "Id(MeterId(12))");
        assert_eq!(named("number:12"), "Number(\"12\")");
        assert_eq!(named("M-12"), "Number(\"M-12\")");
        assert_eq!(named(""), "Number(\"\")");
        assert_eq!(named("99999999999999999999"), "Nothing");
    }
}
