//! How an address names a bill.

use std::fmt;

use uuid::Uuid;

use crate::SiteSlug;

/// A bill, as the `{id}` of an address names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillAddress {
    text: String,
    /// The site that its number counts in; any that has one of this number unless stated.
    site: Option<SiteSlug>,
}

/// What an address means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBill<'a> {
    /// What is stored under this UUID: a draft has no number.
    Id(Uuid),
    /// The bill of this number.
    Number(&'a str),
}

impl BillAddress {
    /// The bill that a text names on a site.
    pub fn new(text: impl Into<String>, site: Option<SiteSlug>) -> Self {
        Self { text: text.into(), site }
    }

    /// The site that its number counts in.
    pub fn site(&self) -> Option<&SiteSlug> {
        self.site.as_ref()
    }

    /// What it means.
    pub fn named(&self) -> NamedBill<'_> {
        Uuid::parse_str(&self.text).map_or(NamedBill::Number(&self.text), NamedBill::Id)
    }
}

impl From<&str> for BillAddress {
    fn from(text: &str) -> Self {
        Self::new(text, None)
    }
}

impl fmt::Display for BillAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}
