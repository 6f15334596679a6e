//! What a person finds by typing: meters, loggers and sites. Pages are known where they are drawn.

use crate::MeterId;
use crate::find::{Rank, TooLong, Wanted};

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPage {
    pub typed: String,
    /// The same, to look further with; none where nothing was typed.
    pub wanted: Result<Option<Wanted>, TooLong>,
    /// The best meters, the best first.
    pub meters: Vec<FoundMeter>,
    /// How many meters answer.
    pub all_meters: usize,
    /// Data loggers, by serial number.
    pub loggers: Vec<FoundLogger>,
    /// Other sites than this one.
    pub sites: Vec<FoundSite>,
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
}

/// A meter that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMeter {
    /// How well.
    pub rank: Rank,
    pub id: MeterId,
    pub name: String,
    pub number: String,
    /// Where it is, in words.
    pub place: Option<String>,
    /// Its site, where that is not the one that is looked at.
    pub elsewhere: Option<NamedSite>,
}

/// A data logger that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLogger {
    /// How well.
    pub rank: Rank,
    /// Its serial number.
    pub serial: String,
    /// Its site, where that is not the one that is looked at.
    pub elsewhere: Option<NamedSite>,
}

/// A site that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSite {
    /// How well.
    pub rank: Rank,
    pub site: NamedSite,
}

/// A site, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSite {
    pub name: String,
    /// What names it in an address; none of the site that is meant where none is named.
    pub slug: Option<String>,
}
