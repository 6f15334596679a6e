//! Device profiles: what is known of a type of meter, so that nobody has to find its registers again.
//!
//! Each type has a data file in `profiles`, which names its sources. `communication.profile` takes
//! its settings, and what a person writes beside it is merged over them: [`settings`]. Stored is what
//! was written, so that a better profile reaches all meters that name it.
//!
//! The browser has no use for the files; nothing it calls may lead here.

mod catalogue;
mod example;
mod left_out;
mod merge;
mod point;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde_json::Value;

pub use catalogue::{all, find};
pub use example::{Example, Observed};
pub use left_out::{LEFT_OUT, LeftOut};
pub use merge::settings;
pub use point::ProfilePoint;

use crate::devices::settings::SETTINGS;
use crate::devices::{Function, Protocol};
use crate::strict;
use example::RawExample;

/// What is known of a type of meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Maker and type in lower case, such as `abb-b23`; the name of its file too.
    pub id: String,
    /// Who makes it.
    pub maker: String,
    /// The models it holds for.
    pub models: Vec<String>,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Where its facts come from: the maker's document, or two public sources that agree.
    pub sources: Vec<ProfileSource>,
    /// What to know when it is connected.
    pub notes: Vec<String>,
    /// How the device signs power, and what the map does about it.
    pub convention: String,
    /// Settings as in `communication`, without those that differ from meter to meter.
    pub communication: Value,
    /// What such a device sent, and what it means.
    pub examples: Vec<Example>,
}

/// A document or public source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSource {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    maker: String,
    models: Vec<String>,
    protocol: Protocol,
    sources: Vec<ProfileSource>,
    #[serde(default)]
    notes: Vec<String>,
    convention: String,
    communication: Value,
    #[serde(default)]
    examples: Vec<RawExample>,
}

impl Raw {
    fn check(&self, id: &str) -> Result<(), String> {
        if self.id != id || !is_id(id) {
            return Err(format!("id is {}, which is not the name of its file", self.id));
        }
        if self.sources.is_empty() || self.sources.iter().any(|from| !is_address(&from.url)) {
            return Err("sources: name at least one, each with its https address".to_owned());
        }
        let mut words =
            self.models.iter().chain(&self.notes).chain([&self.maker, &self.convention]);
        if self.models.is_empty() || words.any(|text| text.trim().is_empty()) {
            return Err("maker, models, convention and notes cannot be empty".to_owned());
        }
        let Some(fragment) = self.communication.as_object() else {
            return Err("communication: expected a JSON object".to_owned());
        };
        match SETTINGS.iter().find(|it| it.is_own && fragment.contains_key(it.name)) {
            None => Ok(()),
            Some(own) => Err(format!("communication.{}: differs from meter to meter", own.name)),
        }
    }
}

impl Profile {
    /// Reads the file of the profile `id`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    fn read(id: &str, text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let raw: Raw = strict::read(&value).map_err(|fault| {
            let field = fault.field.map(|field| format!("{field}: ")).unwrap_or_default();
            format!("{field}{}", fault.message)
        })?;
        raw.check(id)?;
        let examples = raw.examples.into_iter().enumerate().map(|(i, example)| {
            example.checked(raw.protocol).map_err(|error| format!("examples[{i}]: {error}"))
        });
        Ok(Self {
            examples: examples.collect::<Result<_, _>>()?,
            id: raw.id,
            maker: raw.maker,
            models: raw.models,
            protocol: raw.protocol,
            sources: raw.sources,
            notes: raw.notes,
            convention: raw.convention,
            communication: raw.communication,
        })
    }
}

fn is_id(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.split('-').all(word)
}

fn is_address(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(|rest| rest.contains('.'))
}
