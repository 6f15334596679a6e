//! How an address names a bill.

use crate::SiteSlug;

/// A bill, as the `{id}` of an address names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillAddress {
    /// The UUID under which it is stored, since a draft has no number; else a number.
    pub text: String,
    /// The site that its number counts in; any that has one of this number unless stated.
    pub site: Option<SiteSlug>,
}

impl BillAddress {
    /// The bill that a text names on a site.
    pub fn new(text: impl Into<String>, site: Option<SiteSlug>) -> Self {
        Self { text: text.into(), site }
    }
}

impl From<&str> for BillAddress {
    fn from(text: &str) -> Self {
        Self::new(text, None)
    }
}
