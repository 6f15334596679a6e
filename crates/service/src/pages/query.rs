//! The parameters of a page's address.

use std::collections::HashMap;

use domain::SiteSlug;
use domain::meters::MeterAddress;
use domain::month::Month;
use domain::period::refusal::PeriodError;
use domain::period::{Moment, Period};

use crate::Error;

/// The parameters that name a period.
pub(crate) const OF_PERIOD: [&str; 5] = ["period", "at", "from", "to", "compare"];

/// What stands in an address after `?`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(HashMap<String, String>);

impl Query {
    /// Reads the parameters; of one that is given twice the last counts.
    pub fn parse(text: &str) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// A parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The numbers behind a letter in the names of the parameters that are given, ascending: `m12=on`
    /// marks 12.
    pub fn marked(&self, letter: char) -> Vec<i64> {
        let given = self.0.iter().filter(|(_, value)| !value.is_empty());
        let marked = given.filter_map(|(name, _)| name.strip_prefix(letter)?.parse().ok());
        let mut marked: Vec<i64> = marked.collect();
        marked.sort_unstable();
        marked
    }

    /// The same, with another value of a parameter; an empty one is as if it were absent.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same, with a parameter that stands for the absent one.
    #[must_use]
    pub fn or(mut self, name: &str, value: &str) -> Self {
        self.0.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        self
    }

    /// A number that someone else may have mistyped: then it is as if it were absent.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// Whether a table is asked for as a file, which has more rows than a page.
    pub fn is_for_file(&self) -> bool {
        self.get("file").is_some()
    }

    /// The site that is named.
    pub fn site(&self) -> Option<SiteSlug> {
        self.get("site").map(SiteSlug::from)
    }

    /// The meter that a parameter names, on the site that is named.
    pub fn meter(&self, name: &str) -> Option<MeterAddress> {
        Some(MeterAddress::new(self.get(name)?, self.site()))
    }

    /// The month that is named.
    ///
    /// # Errors
    /// It is no month.
    pub fn month(&self) -> Result<Option<Month>, Error> {
        let month = self.get("month").map(str::parse).transpose();
        month.map_err(|refusal| Error::invalid("month", refusal))
    }

    /// The instant that a parameter names.
    ///
    /// # Errors
    /// It is none.
    pub fn moment(&self, name: &str) -> Result<Option<Moment>, Error> {
        let moment = self.get(name).map(str::parse).transpose();
        moment.map_err(|refusal| Error::invalid(name, refusal))
    }

    /// What is left without some parameters, by name.
    pub fn rest(&self, names: &[&str]) -> Vec<(&str, &str)> {
        let all = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut rest: Vec<_> =
            all.filter(|(name, value)| !names.contains(name) && !value.is_empty()).collect();
        rest.sort_unstable();
        rest
    }

    /// The same, as it stands in an address.
    pub fn without(&self, names: &[&str]) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.rest(names)).finish()
    }

    /// The period.
    ///
    /// # Errors
    /// What cannot be meant, with what to write instead.
    pub fn period(&self) -> Result<Period, Error> {
        Period::parse(|name| self.get(name).map(str::to_owned)).map_err(refused)
    }
}

pub(super) fn refused(error: PeriodError) -> Error {
    Error::invalid("period", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_its_escapes() {
        let query = Query::parse("?period=week&q=main%20grid&node=7&node=x");
        assert_eq!(query.get("q"), Some("main grid"));
        assert_eq!(query.number("node"), None);
        assert_eq!(query.period().unwrap().query(), "period=week");
    }

    #[test]
    fn a_period_that_cannot_be_meant_is_refused_with_a_sentence() {
        let refused = Query::parse("?period=custom&from=1900-01-01&to=2000-01-01").period();
        assert!(refused.unwrap_err().to_string().ends_with('.'));
    }
}
