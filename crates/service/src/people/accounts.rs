//! Accounts: who there is, and what they may do.

use domain::SiteSlug;
use domain::people::password::check;
use domain::people::refusal::AccountRefusal;
use domain::people::{AccountName, Action, Difference, Grant, Person, Role, Session, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use storage::people::{accounts, sessions};

use super::audit::Change;
use super::hash::hash_of;
use super::invitations;
use super::own_meters::{self, NewOwnMeter};
use super::sign_in::end_access;
use crate::{Core, Error, Named, Principal};

/// Characters of the name that others see.
const DISPLAY_NAME: usize = 100;

/// A role to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// Slug of the site on which it holds; all sites without one.
    pub site: Option<SiteSlug>,
    /// The role.
    pub role: Role,
}

/// An account to create.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUser {
    /// The user name: 2 to 64 letters, digits and `.-_@+`; capitals count as small letters.
    pub name: String,
    /// The name that others see; the user name unless stated.
    pub display_name: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The password: 12 to 200 characters. Without one the answer has a link by which the user sets it.
    pub password: Option<String>,
    /// The roles.
    #[serde(default)]
    pub roles: Vec<NewRole>,
    /// Meters of their own.
    #[serde(default)]
    pub meters: Vec<NewOwnMeter>,
}

/// Changes of an account; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserChanges {
    /// The name that others see.
    pub display_name: Option<String>,
    /// The address for mail; empty for none.
    pub email: Option<String>,
    /// A new password, which ends all sessions.
    pub password: Option<String>,
    /// All roles from now on.
    pub roles: Option<Vec<NewRole>>,
    /// All meters of their own from now on.
    pub meters: Option<Vec<NewOwnMeter>>,
    /// Whether nobody signs in with it any more.
    pub is_disabled: Option<bool>,
}

impl Named for UserId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("user_not_found", AccountRefusal::Unknown { user: id.to_string() })
    }
}

/// A new account, and the token of the link by which its owner sets a password, if it has none.
pub type Created = (Person, Option<String>);

/// Creates an account. The first has to be an administrator of all sites: from then on nobody acts without
/// having signed in.
///
/// # Errors
/// The principal may not, or a field is refused.
pub async fn create(pool: &PgPool, who: &Principal, new: NewUser) -> Result<Created, Error> {
    who.require(Action::ManagePeople)?;
    let name = AccountName::parse(&new.name).map_err(|refused| Error::invalid("name", refused))?;
    let display_name = displayed(new.display_name.as_deref().unwrap_or(name.as_str()))?;
    let email = new.email.as_deref().map(mailbox).transpose()?.flatten();
    let password = checked(new.password.as_deref(), name.as_str()).await?;
    let mut change = Change::on(pool, who).await?;
    accounts::lock(&mut change.db).await?;
    let is_first = !accounts::is_any(&mut *change.db).await?;
    if is_first {
        end_demo(&mut change.db).await?;
    }
    let user = accounts::insert(&mut *change.db, &name, display_name, password.as_deref()).await?;
    if email.is_some() {
        accounts::set_email(&mut *change.db, user, email).await?;
    }
    let invitation = match password {
        Some(_) => None,
        None => Some(invitations::put(&mut change.db, user).await?),
    };
    give(&mut change.db, user, &new.roles).await?;
    own_meters::give(&mut change.db, user, &new.meters).await?;
    let is_admin = |new: &NewRole| new.role == Role::Admin && new.site.is_none();
    if is_first && !new.roles.iter().any(is_admin) {
        return Err(Error::invalid("roles", AccountRefusal::FirstNotAdmin));
    }
    let detail = json!({"roles": new.roles, "meters": new.meters});
    change.commit("user.create", &format!("user:{user}"), &detail).await?;
    Ok((one(pool, who, user).await?, invitation))
}

/// Creates an account in the running server.
///
/// # Errors
/// As of [`create`].
pub async fn create_here(core: &Core, who: &Principal, new: NewUser) -> Result<Created, Error> {
    let created = create(core.pool(), who, new).await;
    core.sessions().forget();
    created
}

/// Changes an account; with other rights it signs in anew.
///
/// # Errors
/// The principal may not, there is no such account, a field is refused, or no administrator would be left.
pub async fn update(
    core: &Core,
    who: &Principal,
    id: UserId,
    changes: UserChanges,
) -> Result<Person, Error> {
    let before = get(core, who, id).await?;
    let password = checked(changes.password.as_deref(), &before.name).await?;
    let mut change = Change::begin(core, who).await?;
    accounts::lock(&mut change.db).await?;
    if let Some(name) = &changes.display_name {
        accounts::set_display_name(&mut *change.db, id, displayed(name)?).await?;
    }
    if let Some(email) = &changes.email {
        let email = mailbox(email)?;
        accounts::set_email(&mut *change.db, id, email).await?;
        if email != before.email.as_deref() {
            storage::people::invitations::end(&mut *change.db, id).await?;
        }
    }
    if let Some(password) = &password {
        accounts::set_password(&mut *change.db, id, password).await?;
        end_access(&mut change.db, id).await?;
    }
    if let Some(is_disabled) = changes.is_disabled {
        accounts::disable(&mut *change.db, id, is_disabled).await?;
        if is_disabled {
            storage::people::invitations::end(&mut *change.db, id).await?;
        }
    }
    if let Some(roles) = &changes.roles {
        accounts::take_roles(&mut *change.db, id).await?;
        give(&mut change.db, id, roles).await?;
    }
    if let Some(meters) = &changes.meters {
        storage::people::own_meters::take_all(&mut *change.db, id).await?;
        own_meters::give(&mut change.db, id, meters).await?;
    }
    let has_other_rights = changes.roles.is_some() || changes.meters.is_some();
    if changes.is_disabled == Some(true) || has_other_rights {
        sessions::end_all(&mut *change.db, id).await?;
    }
    keep_admin(&mut change.db).await?;
    let differs = difference(&before, &changes);
    change.commit_difference("user.update", &format!("user:{id}"), differs).await?;
    core.sessions().forget();
    get(core, who, id).await
}

/// Of names, addresses and passwords the log tells that they were changed.
fn difference(before: &Person, changes: &UserChanges) -> Difference {
    let was = json!({
        "roles": before.roles,
        "meters": before.meters,
        "isDisabled": before.is_disabled,
    });
    let (roles, meters) = (json!(changes.roles), json!(changes.meters));
    let or = |new: Value, field: &str| if new.is_null() { was[field].clone() } else { new };
    let now = json!({
        "displayName": changes.display_name,
        "email": changes.email,
        "password": changes.password,
        "roles": or(roles, "roles"),
        "meters": or(meters, "meters"),
        "isDisabled": changes.is_disabled.unwrap_or(before.is_disabled),
    });
    Difference::between(&was, &now)
}

/// Makes a link for a user, in place of an earlier one, and returns its token.
///
/// # Errors
/// The principal may not, there is no such user, or it is disabled.
pub async fn invite(core: &Core, who: &Principal, id: UserId) -> Result<String, Error> {
    if get(core, who, id).await?.is_disabled {
        return Err(Error::conflict("user_disabled", AccountRefusal::Disabled));
    }
    let mut change = Change::begin(core, who).await?;
    let token = invitations::put(&mut change.db, id).await?;
    change.commit("user.invite", &format!("user:{id}"), &()).await?;
    Ok(token)
}

/// The sessions of a user, those used last first.
///
/// # Errors
/// The principal may not, or there is no such account.
pub async fn list_sessions(
    core: &Core,
    who: &Principal,
    id: UserId,
) -> Result<Vec<Session>, Error> {
    get(core, who, id).await?;
    Ok(sessions::list(core.pool(), id).await?)
}

/// Ends all sessions of a user.
///
/// # Errors
/// The principal may not, or there is no such account.
pub async fn end_sessions(core: &Core, who: &Principal, id: UserId) -> Result<Person, Error> {
    let person = get(core, who, id).await?;
    let mut change = Change::begin(core, who).await?;
    sessions::end_all(&mut *change.db, id).await?;
    change.commit("session.end_all", &format!("user:{id}"), &()).await?;
    core.sessions().forget();
    Ok(person)
}

/// Erases an account: what it did stays in the log, under a number.
///
/// # Errors
/// The principal may not, there is no such account, or no administrator would be left.
pub async fn erase(core: &Core, who: &Principal, id: UserId) -> Result<Person, Error> {
    let erased = get(core, who, id).await?;
    let mut change = Change::begin(core, who).await?;
    accounts::lock(&mut change.db).await?;
    empty(&mut change.db, id).await?;
    keep_admin(&mut change.db).await?;
    let gone = json!({"roles": erased.roles, "meters": erased.meters});
    change.commit_removed("user.erase", &format!("user:{id}"), &gone).await?;
    core.sessions().forget();
    Ok(erased)
}

/// One account.
///
/// # Errors
/// The principal may not, or there is no such account.
pub async fn get(core: &Core, who: &Principal, id: UserId) -> Result<Person, Error> {
    one(core.pool(), who, id).await
}

async fn one(pool: &PgPool, who: &Principal, id: UserId) -> Result<Person, Error> {
    who.require(Action::ManagePeople)?;
    accounts::list(pool, Some(id)).await?.pop().ok_or_else(|| UserId::unknown(id))
}

pub(super) async fn give(
    db: &mut PgConnection,
    user: UserId,
    roles: &[NewRole],
) -> Result<(), Error> {
    for new in roles {
        let site = match &new.site {
            Some(slug) => {
                let site = storage::sites::by_slug(&mut *db, slug.as_str()).await?;
                Some(site.ok_or_else(|| Error::no_site(slug))?.id)
            }
            None => None,
        };
        accounts::grant(&mut *db, user, Grant { role: new.role, site }).await?;
    }
    Ok(())
}

/// Takes all from an account but its number.
async fn empty(db: &mut PgConnection, id: UserId) -> Result<(), Error> {
    end_access(db, id).await?;
    accounts::take_roles(&mut *db, id).await?;
    storage::people::own_meters::take_all(&mut *db, id).await?;
    Ok(accounts::empty(&mut *db, id).await?)
}

/// Ends the accounts of a demonstration, with all sessions: from now on people have their own.
async fn end_demo(db: &mut PgConnection) -> Result<(), Error> {
    for user in accounts::demos(&mut *db).await? {
        empty(db, user).await?;
    }
    Ok(())
}

/// Refuses a change after which nobody could manage users any more.
async fn keep_admin(db: &mut PgConnection) -> Result<(), Error> {
    if accounts::admins(&mut *db).await? == 0 {
        return Err(Error::conflict("last_admin", AccountRefusal::LastAdmin));
    }
    Ok(())
}

/// The hash of a new password, if there is one.
async fn checked(password: Option<&str>, name: &str) -> Result<Option<String>, Error> {
    let Some(password) = password else { return Ok(None) };
    check(password, name).map_err(|refused| Error::invalid("password", refused))?;
    hash_of(password).await.map(Some)
}

/// The address for mail; none where nothing was typed.
fn mailbox(email: &str) -> Result<Option<&str>, Error> {
    let email = email.trim();
    if !email.is_empty() && !notify::is_mailbox(email) {
        return Err(Error::invalid("email", AccountRefusal::Email));
    }
    Ok(Some(email).filter(|email| !email.is_empty()))
}

pub(super) fn displayed(name: &str) -> Result<&str, Error> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > DISPLAY_NAME || name.chars().any(char::is_control) {
        let refused = AccountRefusal::DisplayName { most: DISPLAY_NAME };
        return Err(Error::invalid("displayName", refused));
    }
    Ok(name)
}

/// Sets the password of an account and ends its sessions.
///
/// # Errors
/// The principal may not, there is no such account, it is disabled, or the password is refused.
pub async fn set_password(
    pool: &PgPool,
    who: &Principal,
    (name, password): (&str, &str),
) -> Result<(), Error> {
    who.require(Action::ManagePeople)?;
    check(password, name).map_err(|refused| Error::invalid("password", refused))?;
    let unknown =
        || Error::not_found("user_not_found", AccountRefusal::Unknown { user: name.to_owned() });
    let name = AccountName::parse(name).map_err(|_| unknown())?;
    let user = accounts::by_name(pool, &name).await?.ok_or_else(unknown)?;
    if accounts::list(pool, Some(user)).await?.pop().ok_or_else(unknown)?.is_disabled {
        return Err(Error::conflict("user_disabled", AccountRefusal::Disabled));
    }
    let password = hash_of(password).await?;
    let mut change = Change::on(pool, who).await?;
    accounts::set_password(&mut *change.db, user, &password).await?;
    end_access(&mut change.db, user).await?;
    change.commit("user.password", &format!("user:{user}"), &()).await
}

/// Everybody, by name.
///
/// # Errors
/// The principal may not.
pub async fn list(pool: &PgPool, who: &Principal) -> Result<Vec<Person>, Error> {
    who.require(Action::ManagePeople)?;
    Ok(accounts::list(pool, None).await?)
}

/// Everybody, by name, from the running server.
///
/// # Errors
/// As of [`list`].
pub async fn list_here(core: &Core, who: &Principal) -> Result<Vec<Person>, Error> {
    list(core.pool(), who).await
}
