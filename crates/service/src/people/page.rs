//! The page of people.

use domain::people::{Person, UserId};

use super::accounts;
use crate::configuration::page::settings::About;
use crate::pages::Query;
use crate::{Core, Error, Principal};

/// Everybody who can sign in, or one of them.
#[derive(Debug, Clone)]
pub struct PeoplePage {
    pub about: About,
    /// By name, without those who were erased.
    pub people: Vec<Person>,
    pub chosen: Option<Chosen>,
    /// Slug and name of each site.
    pub sites: Vec<(String, String)>,
}

/// The user whose settings are shown.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub person: Person,
    /// The number of sessions.
    pub sessions: usize,
}

/// Loads the page of people; `user` names the one whose settings are shown.
///
/// # Errors
/// The principal may not, or there is no such user.
pub async fn people(core: &Core, who: &Principal, query: &Query) -> Result<PeoplePage, Error> {
    let mut people = accounts::list_here(core, who).await?;
    people.retain(|person| !person.is_erased());
    let chosen = match query.get("user") {
        None => None,
        Some(id) => {
            let person = accounts::get(core, who, crate::named::<UserId>(id)?).await?;
            let sessions = accounts::list_sessions(core, who, person.id).await?.len();
            Some(Chosen { person, sessions })
        }
    };
    let known = core.registry().known();
    let mut sites: Vec<_> =
        known.sites.values().map(|site| (site.slug.clone(), site.name.clone())).collect();
    sites.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(PeoplePage { about: About::load(core, who, query).await?, people, chosen, sites })
}
