//! Accounts: who there is, and what they may do.

use domain::SiteSlug;
use domain::people::refusal::AccountRefusal;
use domain::people::{AccountName, Action, Grant, Person, Role, UserId};
use serde_json::json;
use sqlx::PgPool;
use storage::people::{accounts, sessions};

use super::audit::Change;
use super::hash;
use crate::{Error, Principal};

/// Characters of the name that others see.
const DISPLAY_NAME: usize = 100;

/// An account to create.
#[derive(Debug)]
pub struct NewAccount<'a> {
    /// The user name.
    pub name: &'a str,
    /// The name that others see; the user name without one.
    pub display_name: Option<&'a str>,
    /// Its password.
    pub password: &'a str,
    /// Its role.
    pub role: Role,
    /// The site of the role; all sites without one.
    pub site: Option<&'a SiteSlug>,
}

/// Creates an account. The first has to be an administrator of all sites: from then on nobody acts without
/// having signed in.
///
/// # Errors
/// The principal may not, or a field is refused.
pub async fn create(pool: &PgPool, who: &Principal, new: NewAccount<'_>) -> Result<UserId, Error> {
    who.require(Action::ManagePeople)?;
    let name = AccountName::parse(new.name).map_err(|refused| Error::invalid("name", refused))?;
    let display_name = new.display_name.map_or(name.as_str(), str::trim);
    let length = display_name.chars().count();
    if length == 0 || length > DISPLAY_NAME || display_name.chars().any(char::is_control) {
        let refused = AccountRefusal::DisplayName { most: DISPLAY_NAME };
        return Err(Error::invalid("displayName", refused));
    }
    domain::people::password::check(new.password, name.as_str())
        .map_err(|refused| Error::invalid("password", refused))?;
    let site = match new.site {
        Some(slug) => {
            let site = storage::sites::by_slug(pool, slug.as_str()).await?;
            Some(site.ok_or_else(|| Error::no_site(slug))?.id)
        }
        None => None,
    };
    let grant = Grant { role: new.role, site };
    let password = hash_of(new.password).await?;
    let mut change = Change::on(pool, who).await?;
    accounts::lock(&mut change.db).await?;
    let is_first = !accounts::is_any(&mut *change.db).await?;
    if is_first && grant != (Grant { role: Role::Admin, site: None }) {
        return Err(Error::invalid("role", AccountRefusal::FirstNotAdmin));
    }
    let user = accounts::insert(&mut *change.db, &name, display_name, Some(&password)).await?;
    accounts::grant(&mut *change.db, user, grant).await?;
    let detail = json!({"role": new.role, "site": new.site});
    change.commit("user.create", &format!("user:{user}"), &detail).await?;
    Ok(user)
}

/// Sets the password of an account and ends its sessions.
///
/// # Errors
/// The principal may not, there is no such account, or the password is refused.
pub async fn set_password(
    pool: &PgPool,
    who: &Principal,
    (name, password): (&str, &str),
) -> Result<(), Error> {
    who.require(Action::ManagePeople)?;
    domain::people::password::check(password, name)
        .map_err(|refused| Error::invalid("password", refused))?;
    let unknown =
        || Error::not_found("user_not_found", AccountRefusal::Unknown { user: name.to_owned() });
    let name = AccountName::parse(name).map_err(|_| unknown())?;
    let user = accounts::by_name(pool, &name).await?.ok_or_else(unknown)?;
    let password = hash_of(password).await?;
    let mut change = Change::on(pool, who).await?;
    accounts::set_password(&mut *change.db, user, &password).await?;
    sessions::end_all(&mut *change.db, user).await?;
    change.commit("user.password", &format!("user:{user}"), &()).await
}

/// Everybody, by name.
///
/// # Errors
/// The principal may not.
pub async fn list(pool: &PgPool, who: &Principal) -> Result<Vec<Person>, Error> {
    who.require(Action::ManagePeople)?;
    Ok(accounts::list(pool).await?)
}

/// The hash of a new password.
pub(super) async fn hash_of(password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || hash::hashed(&password)).await;
    hashed.map_err(Error::of_ended)?.ok_or(Error::Unavailable)
}
