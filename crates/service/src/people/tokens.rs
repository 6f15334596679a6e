//! Tokens by which programs act for users.

use chrono::{DateTime, TimeDelta, Utc};
use domain::people::refusal::AccountRefusal;
use domain::people::{Action, Role, TokenId, TokenView, UserId};
use domain::{MeterId, SiteSlug};
use rand::distr::{Alphanumeric, SampleString as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use storage::people::tokens;

use super::audit::Change;
use crate::resolve::{self, MeterRef};
use crate::{Core, Error, Named, Principal, sites};

/// Begins every token, so that scanners of repositories find one that was published.
pub const PREFIX: &str = "wl_";
/// Characters after that: 238 random bits.
const LENGTH: usize = 40;
/// Characters of a name.
const NAME: usize = 100;
/// How long a token lasts at most.
const LONGEST: TimeDelta = TimeDelta::days(400);

/// A token to make.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewToken {
    /// By which lists call it, such as the name of the program: 1 to 100 characters.
    pub name: String,
    /// All actions of a role.
    pub role: Option<Role>,
    /// The actions that it allows, in place of a role.
    pub actions: Option<Vec<String>>,
    /// Slug of its site; all sites of its owner unless stated.
    pub site: Option<SiteSlug>,
    /// Its meters, by number of the site, id or UUID; all meters unless stated.
    #[serde(default)]
    pub meters: Vec<MeterRef>,
    /// When it ends: within 400 days.
    pub expires_at: DateTime<Utc>,
}

/// A token that was made: its text is told this once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MadeToken {
    /// The text that programs send: `Authorization: Bearer wl_…`.
    pub token: String,
    /// Its id.
    pub id: TokenId,
}

impl Named for TokenId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("token_not_found", AccountRefusal::UnknownToken { token: id.to_string() })
    }
}

/// Makes a token for whoever asks.
///
/// # Errors
/// Nobody has signed in, a field is refused, or the token would allow more than its owner may do.
pub async fn create(core: &Core, who: &Principal, new: NewToken) -> Result<MadeToken, Error> {
    let user = owner(who)?;
    let name = new.name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", AccountRefusal::TokenName { most: NAME }));
    }
    let now = Utc::now();
    if new.expires_at <= now || new.expires_at > now + LONGEST {
        let refused = AccountRefusal::TokenEnds { days: LONGEST.num_days() };
        return Err(Error::invalid("expiresAt", refused));
    }
    let actions = actions(&new)?;
    let site = match &new.site {
        Some(slug) => Some(sites::known(core, who, Some(slug)).await?),
        None => None,
    };
    let mut meters: Vec<MeterId> = Vec::new();
    for meter in &new.meters {
        let site = match &site {
            Some(site) => site.clone(),
            None => sites::known(core, who, None).await?,
        };
        let missing = || resolve::unknown(&site, "meters", meter);
        let meter = resolve::named(core, &site, "meters", meter).await?;
        for action in &actions {
            who.sees(*action, &meter, missing).map_err(|error| not_yours(*action, error))?;
        }
        meters.push(meter.id);
    }
    for action in actions.iter().filter(|_| meters.is_empty()) {
        let may = match &site {
            Some(site) if who.owns_on(*action, site.id) => Ok(()),
            Some(site) => who.require_on(*action, site.id, || Error::no_site(&site.slug)),
            None => who.require_somewhere_or_own(*action),
        };
        may.map_err(|error| not_yours(*action, error))?;
    }
    let token = format!("{PREFIX}{}", Alphanumeric.sample_string(&mut rand::rng(), LENGTH));
    let names: Vec<String> = actions.iter().map(|action| action.name().to_owned()).collect();
    let stored = tokens::NewToken {
        token: Sha256::digest(&token).into(),
        user,
        name,
        actions: &names,
        site: site.as_ref().map(|site| site.id),
        meters: &meters,
        expires_at: new.expires_at,
    };
    let mut change = Change::begin(core, who).await?.at(stored.site);
    let id = tokens::insert(&mut *change.db, &stored).await?;
    let detail =
        json!({"actions": names, "site": new.site, "meters": meters, "expiresAt": new.expires_at});
    change.commit("token.create", &format!("token:{id}"), &detail).await?;
    Ok(MadeToken { token, id })
}

/// The tokens of whoever asks; of everybody for those who manage users.
///
/// # Errors
/// Nobody has signed in.
pub async fn list(core: &Core, who: &Principal) -> Result<Vec<TokenView>, Error> {
    Ok(tokens::list(core.pool(), of_whom(who)?).await?)
}

/// Ends a token at once.
///
/// # Errors
/// There is none, or it is somebody else's.
pub async fn end(core: &Core, who: &Principal, id: TokenId) -> Result<TokenView, Error> {
    let all = list(core, who).await?;
    let ended = all.into_iter().find(|token| token.id == id).ok_or_else(|| TokenId::unknown(id))?;
    let mut change = Change::begin(core, who).await?;
    tokens::end(&mut *change.db, id, of_whom(who)?).await?.ok_or_else(|| TokenId::unknown(id))?;
    change.commit_removed("token.end", &format!("token:{id}"), &ended).await?;
    core.sessions().forget();
    Ok(ended)
}

/// The owner of the tokens that somebody may see and end; everybody without one.
fn of_whom(who: &Principal) -> Result<Option<UserId>, Error> {
    if who.require(Action::ManagePeople).is_ok() { Ok(None) } else { owner(who).map(Some) }
}

/// Somebody who has signed in: a token makes and lists no tokens.
fn owner(who: &Principal) -> Result<UserId, Error> {
    match who {
        Principal::User(user) if !user.is_demo => Ok(user.account.user),
        Principal::User(_) | Principal::Token(_) | Principal::Logger(_) | Principal::Loopback => {
            Err(Error::Forbidden { action: Action::ManagePeople })
        }
        Principal::Anonymous => Err(Error::Unauthorized { action: Action::ManagePeople }),
    }
}

fn actions(new: &NewToken) -> Result<Vec<Action>, Error> {
    let is_for_tokens = |action: &Action| *action != Action::ManagePeople;
    match (new.role, &new.actions) {
        (Some(role), None) => {
            let allowed = Action::ALL.into_iter().filter(|action| role.allows(*action));
            let allowed: Vec<Action> = allowed.filter(is_for_tokens).collect();
            Ok(if allowed.is_empty() { Action::OF_OWNERS.to_vec() } else { allowed })
        }
        (None, Some(names)) if !names.is_empty() => names
            .iter()
            .map(|name| {
                let unknown = || AccountRefusal::NotAction { text: name.clone() };
                let action = Action::of(name).ok_or_else(unknown);
                let action = action.map_err(|refused| Error::invalid("actions", refused))?;
                if is_for_tokens(&action) {
                    Ok(action)
                } else {
                    Err(Error::invalid("actions", AccountRefusal::NotOfTokens))
                }
            })
            .collect(),
        _ => Err(Error::invalid("actions", AccountRefusal::TokenActions)),
    }
}

/// Says at its field that the token would allow more than its owner may do.
fn not_yours(action: Action, error: Error) -> Error {
    match error {
        Error::Forbidden { .. } => Error::invalid("actions", AccountRefusal::NotYours { action }),
        error => error,
    }
}
