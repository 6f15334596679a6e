//! Device profiles, to choose from when a meter is connected.

use domain::devices::Protocol;
use domain::devices::profile::{self, Profile, ProfilePoint};
use domain::devices::refusal::ProfileRefusal;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{Action, Error, Principal};

/// What is known of a type of meter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    /// What `communication.profile` names.
    pub id: &'static str,
    /// Who makes it.
    pub maker: &'static str,
    /// The models it holds for, in a line.
    pub model: String,
    /// The same one by one.
    pub models: &'static [String],
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Where its facts come from, in a line.
    pub source: String,
    /// The same one by one, with addresses.
    pub sources: Vec<SourceView>,
    /// Its values and where they stand; empty where the device itself is asked, or the person who
    /// connects it says so.
    pub registers: Vec<ProfilePoint>,
    /// How the device signs power, and what the map does about it.
    pub convention: &'static str,
    /// What to know when it is connected.
    pub notes: &'static [String],
    /// The settings it stands for, as in `communication`.
    pub communication: &'static Value,
}

/// A document or public source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceView {
    /// What it is.
    pub title: &'static str,
    /// Where it is.
    pub url: &'static str,
}

impl ProfileView {
    fn new(profile: &'static Profile) -> Self {
        let titles: Vec<_> = profile.sources.iter().map(|source| source.title.as_str()).collect();
        let source = |from: &'static profile::ProfileSource| SourceView {
            title: &from.title,
            url: &from.url,
        };
        Self {
            id: &profile.id,
            maker: &profile.maker,
            model: profile.models.join(", "),
            models: &profile.models,
            protocol: profile.protocol,
            source: titles.join("; "),
            sources: profile.sources.iter().map(source).collect(),
            registers: profile.points(),
            convention: &profile.convention,
            notes: &profile.notes,
            communication: &profile.communication,
        }
    }
}

/// All profiles, in the order of their ids.
pub fn list(who: &Principal) -> Result<Vec<ProfileView>, Error> {
    who.require_somewhere(Action::See)?;
    Ok(profile::all().iter().map(ProfileView::new).collect())
}

/// One profile.
pub fn get(who: &Principal, id: &str) -> Result<ProfileView, Error> {
    who.require_somewhere(Action::See)?;
    profile::find(id).map(ProfileView::new).ok_or_else(|| {
        Error::not_found("profile_not_found", ProfileRefusal::NotThere { profile: id.to_owned() })
    })
}
